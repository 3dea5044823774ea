/* SPDX-License-Identifier: Apache-2.0 */
/** @file Threads for tests, on the virtual clock or not. */
#ifndef IOB_TESTS_TEAM_H_
#define IOB_TESTS_TEAM_H_

#include <zephyr/kernel.h>

#define TEAM_MAX 12

/** Start a thread of priority @p prio; the first one, for a new team, after team_join(). @return it. */
k_tid_t team_start(k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio);

/** Wait until all of them have ended. */
void team_join(void);

/** Virtual clock: let a tick pass, which it does when everybody sleeps. */
void team_settle(void);

/** Ticks since team_clock_begin(). */
int64_t team_passed(void);

/** Before and after of a suite on the virtual clock. */
void team_clock_begin(void *fixture);
void team_clock_end(void *fixture);

/** Wait, awake, until *@p word is at least @p value. */
void team_spin(uint32_t *word, uint32_t value);

/** Pseudo-random numbers; *@p state is the seed, not 0, then the state. */
uint32_t team_random(uint32_t *state);

#endif /* IOB_TESTS_TEAM_H_ */
