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
	bool visits;   /**< it interrupts operations of other worlds, too */
	uint8_t takes; /**< TAKES_: what it takes from */
	uint8_t alone; /**< TAKES_: what nobody else may take from meanwhile */
	uint8_t uses;  /**< USES_: what it has to do with; 0: with all of its world */
};

#define TAKES_RING     BIT(0)
#define TAKES_QUEUE    BIT(1)
#define TAKES_REQUESTS BIT(2)

#define USES_POOL   BIT(0)
#define USES_QUEUE  BIT(1)
#define USES_ITSELF BIT(2) /* nothing that others use */

/* A table of them: each has a name, a function, and what matters to it of the scene. */

#pragma GCC diagnostic ignored "-Woverride-init"

#define ANY                                                                                        \
	.pool = -1, .messages = -1, .events = -1, .turns = -1, .connected = -1,                    \
	.ring = RING_ANY, .chain = CHAIN_ANY, .request = REQUEST_ANY

#define OPERATION(_name, _run, ...) {.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}}
#define COPIES(_name, _run, ...)                                                                   \
	{.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}, .copies = true}
#define STEPS(_name, _run, ...)                                                                    \
	{.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}, .steps = true}
#define VISITOR(_name, _run, ...)                                                                  \
	{.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}, .visits = true}

/* Those that scenes are made with. */
void operation_alloc(struct account *a);
void operation_put(struct account *a, enum messages q);
void operation_get(struct account *a, enum messages q);
void operation_process(struct account *a);

/* Of the random test only. */
void operation_free(struct account *a);  /* the first buffer it has allocated */
void operation_carry(struct account *a); /* allocate, and give the buffer away to all */

#endif /* OPERATIONS_H_ */
