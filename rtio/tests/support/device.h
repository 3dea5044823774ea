/* SPDX-License-Identifier: Apache-2.0 */
/** @file A device for tests: it ends requests at once, or when it is told to. */
#ifndef RTIO_TESTS_DEVICE_H_
#define RTIO_TESTS_DEVICE_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/rtio.h>
#include <zephyr/ztest.h>

#define DEVICE_MAX 64

struct device_sim {
	struct rtio_iodev iodev;
	bool later;       /* requests stay until device_end(); else they end in submit() */
	bool in_isr;      /* they end in an interrupt, which submit() waits for */
	bool deaf;        /* does not do what cancel() asks for */
	int result;       /* of requests that end in submit() */
	uint32_t fail_at; /* number of the request that fails with -EIO, from 1; 0: none */
	uint32_t bytes;   /* a read from the pool asks for this many */
	uint32_t started; /* requests that came; written under lock, like the rest */
	uint32_t asked;   /* calls of cancel() */
	uint32_t deepest; /* submit() within submit() */
	uint32_t depth;
	struct k_spinlock lock;
	struct rtio_iodev_sqe *held[DEVICE_MAX]; /* in the order in which they came */
	uint32_t count;
	void *seen[DEVICE_MAX]; /* userdata of requests in the order in which they came */
};

void device_init(struct device_sim *dev);

/* End the oldest held request. @return whether there was one. */
bool device_end(struct device_sim *dev, int result);

/* Acquire a request for @p dev, a NOP with @p userdata. */
struct rtio_sqe *device_nop(struct rtio *r, struct device_sim *dev, uintptr_t userdata,
			    uint16_t flags);

/* Consume and release a completion, and check what it says. */
void expect_cqe(struct rtio *r, uintptr_t userdata, int result);

/* There is no completion. */
void expect_no_cqe(struct rtio *r);

/* All requests, completions and blocks of @p r are home. */
void expect_home(struct rtio *r);

#endif /* RTIO_TESTS_DEVICE_H_ */
