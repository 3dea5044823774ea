/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Priority that a thread inherits from those who wait for what it holds. For the kernel, not for
 * applications.
 *
 * Each thing that can be held (a mutex) has one boost. While somebody waits for it, the boost is
 * with the holder, and the holder's priority is the most urgent of its own and of all its boosts.
 *
 * Context: any, with the thing locked.   Blocks: never.   Cost: O(boosts of the holder).
 */
#ifndef KERNEL_PRIORITY_H_
#define KERNEL_PRIORITY_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_thread;

/** A priority inherited through one thing. Zeroed: with nobody. */
struct priority_boost {
	struct priority_boost *next; /**< of the same holder; guarded by the holder's lock */
	int32_t priority;            /**< the most urgent of who waits; guarded likewise */
	bool active;                 /**< whether it is with the holder; guarded likewise */
};

/** Let @p holder have @p boost, or change it, at @p priority. The thing held is locked. */
void priority_boost_set(struct k_thread *holder, struct priority_boost *boost, int priority);

/** Take @p boost from @p holder if it is there. The thing held is locked. Cost: O(boosts). */
void priority_boost_clear(struct k_thread *holder, struct priority_boost *boost);

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_PRIORITY_H_ */
