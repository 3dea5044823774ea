/* SPDX-License-Identifier: Apache-2.0 */
/** @file A few threads, started and joined; the virtual clock; random numbers. */
#ifndef RTIO_TESTS_CREW_H_
#define RTIO_TESTS_CREW_H_

#include <zephyr/kernel.h>

#ifdef CONFIG_MULTITHREADING

/* Start a thread with three arguments. */
void crew_start(k_thread_entry_t entry, void *a, void *b, void *c, int priority);

/* Wait until all have ended. */
void crew_join(void);

/*
 * Whether a race, of as many as @p rounds, goes on with round @p n, from 0. Where threads take turns on one
 * processor with what else runs there, a round can take as long as those have it: a few seconds are enough.
 */
bool crew_goes_on(uint32_t n, uint32_t rounds);

/* On the virtual clock: let one tick pass, which it does when everybody sleeps. */
void crew_settle(void);

/*
 * Before and after a suite on the virtual clock. All that runs comes to rest before the clock goes back
 * to real time: a thread that ran on would not be counted when virtual time begins again, and that
 * one's time would not wait for it.
 */
void crew_virtual_begin(void *fixture);
void crew_virtual_end(void *fixture);

#endif /* CONFIG_MULTITHREADING */

/* Pseudo-random numbers; *@p state is the seed, then the state. Never 0. */
uint32_t crew_random(uint32_t *state);

/* A seed that differs from run to run of a repeated test. */
uint32_t crew_seed(void);

#endif /* RTIO_TESTS_CREW_H_ */
