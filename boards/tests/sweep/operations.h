/* SPDX-License-Identifier: Apache-2.0 */
/** @file The operations that an ISR may do: what interrupts, and what is interrupted. */
#ifndef OPERATIONS_H_
#define OPERATIONS_H_

#include "world.h"

#define LONG_WORDS 3 /* of a message in the queue LONG */

/** One of them. It does nothing if its account lacks what it needs. */
struct operation {
	const char *name;
	void (*run)(struct account *a);
	struct scene scene;
	bool steps; /**< it is several calls in a row, between which others may come */
	bool copies; /**< it copies, with interrupts masked, a message as long as its user wants it */
};

extern const struct operation operations[];
extern const uint32_t operation_count;

/* Those that scenes are made with. */
void operation_alloc(struct account *a);
void operation_put(struct account *a, enum messages q);
void operation_get(struct account *a, enum messages q);
void operation_process(struct account *a);

/* Of the random test only. */
void operation_free(struct account *a);  /* the first buffer it has allocated */
void operation_carry(struct account *a); /* allocate, and give the buffer away to all */

#endif /* OPERATIONS_H_ */
