/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * I/O buffers as NuttX has them on an SMP machine: one lock for the pool and the queues, taken once
 * for each buffer. Written plainly, for the comparison; without what a user of it would need besides.
 */
#ifndef BENCH_PEER_MUTEX_IOB_H_
#define BENCH_PEER_MUTEX_IOB_H_

#include <stdbool.h>
#include <stdint.h>

struct mutex_iob {
	struct mutex_iob *next;
	uint8_t len;
	uint8_t offset;
	unsigned int pktlen;
	uint8_t data[196];
};

struct mutex_entry {
	struct mutex_entry *next;
	struct mutex_iob *head;
};

struct mutex_queue {
	struct mutex_entry *head;
	struct mutex_entry *tail;
};

void mutex_iob_start(void);
struct mutex_iob *mutex_iob_tryalloc(bool throttled);
struct mutex_iob *mutex_iob_free(struct mutex_iob *iob);
void mutex_iob_free_chain(struct mutex_iob *iob);
int mutex_iob_copyin(struct mutex_iob *iob, const uint8_t *src, unsigned int len, int offset);
int mutex_iob_copyout(uint8_t *dest, const struct mutex_iob *iob, unsigned int len, int offset);
int mutex_iob_clone(const struct mutex_iob *from, struct mutex_iob *to);
int mutex_iob_add(struct mutex_iob *iob, struct mutex_queue *q);
struct mutex_iob *mutex_iob_remove(struct mutex_queue *q);

#endif /* BENCH_PEER_MUTEX_IOB_H_ */
