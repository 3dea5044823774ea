/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Threads for tests: started one by one, joined all together.
 *
 * On the virtual clock crew_settle() returns when every thread of the crew has blocked, because the
 * clock moves only then.
 */

#ifndef KERNEL_TESTS_CREW_H_
#define KERNEL_TESTS_CREW_H_

#include <zephyr/kernel.h>

#define CREW_MAX 24

#ifdef CONFIG_MULTITHREADING

/* Start a thread. @return it. */
k_tid_t crew_start(k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio);

/* Wait until all of them have ended; the next crew_start() begins a new crew. */
void crew_join(void);

/* Virtual clock: let one tick pass, which it does when everybody sleeps. */
void crew_settle(void);

/* The calling thread has taken all the tokens that its waits were owed, and no other. */
void crew_check_tokens(void);

/* For ZTEST_SUITE(): before and after of a suite on the virtual clock. */
void crew_virtual_begin(void *fixture);
void crew_virtual_end(void *fixture);

#endif /* CONFIG_MULTITHREADING */

/* Pseudo-random numbers; *state is the seed, then the state. Never 0. */
uint32_t crew_random(uint32_t *state);

/* A seed that differs from run to run of a repeated test. */
uint32_t crew_seed(void);

#endif /* KERNEL_TESTS_CREW_H_ */
