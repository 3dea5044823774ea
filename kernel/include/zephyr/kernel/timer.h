/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Timers: functions that run in interrupt context, once or periodically.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_KERNEL_TIMER_H_
#define ZEPHYR_KERNEL_TIMER_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys_clock.h>
#include <kernel/timeout_q.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_timer;

/**
 * What a timer calls each time it expires. Context: ISR, on Linux the port's interrupt thread. It may
 * start and stop timers, its own too, and make any call that does not wait. Keep it short.
 */
typedef void (*k_timer_expiry_t)(struct k_timer *timer);

/** What a timer calls when it is stopped while it runs. Context: that of k_timer_stop(). */
typedef void (*k_timer_stop_t)(struct k_timer *timer);

/** A timer. Applications use the calls below. */
struct k_timer {
	struct timeout_node timeout; /**< the next expiry */
	struct k_spinlock lock;      /**< guards what follows */
	struct wait_q waiters;       /**< who is in k_timer_status_sync() */
	k_timer_expiry_t expiry_fn;  /**< may be NULL; constant, like the next */
	k_timer_stop_t stop_fn;      /**< may be NULL */
	int64_t period;              /**< ticks between expiries; 0: one only */
	uint32_t status;             /**< expiries since it was last looked at */
	bool active;     /**< whether it runs: started, and has not ended or been stopped */
	void *user_data; /**< the application's */
};

#define Z_TIMER_INITIALIZER(obj, expiry, stop)                                                     \
	{                                                                                          \
		{NULL, NULL, NULL, NULL, 0, 0}, {}, {NULL, NULL}, (expiry), (stop), 0, 0, false, NULL   \
	}

/** Define a timer. Either function may be NULL. RAM: the timer. */
#define K_TIMER_DEFINE(name, expiry_fn, stop_fn)                                                   \
	struct k_timer name = Z_TIMER_INITIALIZER(name, expiry_fn, stop_fn)

/** Make @p timer one that does not run. Context: before anybody uses it. Blocks: no. */
void k_timer_init(struct k_timer *timer, k_timer_expiry_t expiry_fn, k_timer_stop_t stop_fn);

/**
 * Start @p timer: it expires after @p duration, then every @p period. One that runs is started anew;
 * its status becomes 0, its stop function is not called. With K_FOREVER for @p duration nothing is done.
 *
 * @p duration may be absolute (K_TIMEOUT_ABS_TICKS()); one that has passed is now. @p period is not;
 * K_NO_WAIT and K_FOREVER both mean that there is one expiry only.
 *
 * It expires at the first tick at which @p duration has passed, never before, and then at multiples of
 * @p period from there: how late a function was called changes nothing for the next one. An expiry
 * that could not be served in time is served late, not left out, so a period is longer than its expiry takes.
 *
 * Ownership: @p timer must live until it has been stopped and its expiry function has returned.
 * Context: any.   Blocks: no.   Cost: timeout_q_add().
 */
void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period);

/**
 * Stop @p timer. If it runs, its stop function is called, and who is in k_timer_status_sync() returns.
 * If not, nothing is done: a timer with one expiry has ended when that is served.
 *
 * Where threads are parallel, an expiry function that runs elsewhere goes on meanwhile. Before the
 * memory of a timer that has an expiry function is used for something else, wait for that too:
 * timeout_q_abort_sync(&timer->timeout).
 *
 * Context: any, its own expiry function included.   Blocks: no.   Cost: timeout_q_abort(), O(waiters).
 */
void k_timer_stop(struct k_timer *timer);

/** @return how often @p timer has expired since its status was last read or it was started. Context: any. */
uint32_t k_timer_status_get(struct k_timer *timer);

/**
 * Wait until @p timer has expired at least once since its status was last read, or is stopped. It is
 * meant for one thread; of several an expiry wakes the most urgent.
 *
 * A timer without an expiry function may live on the stack of the thread that waits in this call: it is
 * not used any more when its last expiry has ended the wait.
 *
 * Context: thread; in an ISR an assertion fails, and it does not wait.   Blocks: until then.
 * @return how often it has expired; 0 if it does not run, or was stopped before it did.
 */
uint32_t k_timer_status_sync(struct k_timer *timer);

/** @return the tick of the next expiry; now, if @p timer does not run. Context: any. */
k_ticks_t k_timer_expires_ticks(const struct k_timer *timer);

/** @return ticks until the next expiry; 0 if @p timer does not run. Context: any. */
k_ticks_t k_timer_remaining_ticks(const struct k_timer *timer);

/** The same in milliseconds, rounded down; UINT32_MAX if there are more. */
uint32_t k_timer_remaining_get(struct k_timer *timer);

/** Keep a pointer for the timer's functions. Context: any; the caller sees to it that nobody reads meanwhile. */
static inline void k_timer_user_data_set(struct k_timer *timer, void *user_data)
{
	timer->user_data = user_data;
}

/** @return what was kept; NULL at first. */
static inline void *k_timer_user_data_get(const struct k_timer *timer)
{
	return timer->user_data;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_TIMER_H_ */
