/* SPDX-License-Identifier: Apache-2.0 */
#include "inject.h"

#include <zephyr/kernel.h>
#include <zephyr/sys/mpsc_pbuf.h>

#include <kernel/wait_q.h>

static struct inject_plan plan;
static bool active;
static uint32_t calls;
static uint32_t failures[INJECT_KINDS];

void inject_begin(struct inject_plan new_plan)
{
	plan = new_plan;
	calls = 0;
	active = true;
}

uint32_t inject_end(void)
{
	active = false;
	return calls;
}

uint32_t inject_failures(enum inject_kind kind)
{
	return failures[kind];
}

static bool fails(enum inject_kind kind)
{
	bool fail;

	if (!active) {
		return false;
	}
	calls++;
	fail = plan.nth != 0 && (calls == plan.nth || (plan.stay && calls > plan.nth));
	failures[kind] += fail ? 1 : 0;
	return fail;
}

/* Declared by the linker's option --wrap: __real_f is f itself, calls of f come to __wrap_f. */
union mpsc_pbuf_generic *__real_mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer, size_t wlen,
						k_timeout_t timeout);
union mpsc_pbuf_generic *__wrap_mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer, size_t wlen,
						k_timeout_t timeout);
bool __real_waiter_park(struct waiter *w, int64_t deadline);
bool __wrap_waiter_park(struct waiter *w, int64_t deadline);

union mpsc_pbuf_generic *__wrap_mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer, size_t wlen,
						k_timeout_t timeout)
{
	return fails(INJECT_ALLOC) ? NULL : __real_mpsc_pbuf_alloc(buffer, wlen, timeout);
}

bool __wrap_waiter_park(struct waiter *w, int64_t deadline)
{
	bool fail;

	/* With no deadline it is the token of a waker that is waited for, which comes. */
	if (!active || deadline == PORT_FOREVER) {
		return __real_waiter_park(w, deadline);
	}
	fail = fails(INJECT_WAIT);
	if (!fail || plan.late) {
		inject_meanwhile();
	}
	return !fail && __real_waiter_park(w, deadline);
}
