/* SPDX-License-Identifier: Apache-2.0 */
/** @file Calls that fail when they are told to: allocations, and waits whose time is up. */
#ifndef MPSC_PBUF_TESTS_INJECT_H_
#define MPSC_PBUF_TESTS_INJECT_H_

#include <stdbool.h>
#include <stdint.h>

enum inject_kind {
	INJECT_ALLOC, /* there is no room */
	INJECT_WAIT,  /* the time is up */
	INJECT_KINDS,
};

/* How a run goes on; nth counts from 1, and 0 is none. */
struct inject_plan {
	uint32_t nth;
	bool stay; /* that call fails, and all behind it */
	bool late; /* what a wait is for comes in the last moment, when its time is up already */
};

/* From here on calls are counted, and fail as @p plan has it. */
void inject_begin(struct inject_plan plan);

/* @return how many calls there were that may fail. None fails any more. */
uint32_t inject_end(void);

/* How often calls of @p kind were made to fail, ever. */
uint32_t inject_failures(enum inject_kind kind);

/* What another context does meanwhile, so that a wait has an end. The test's. */
void inject_meanwhile(void);

#endif /* MPSC_PBUF_TESTS_INJECT_H_ */
