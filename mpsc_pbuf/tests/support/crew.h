/* SPDX-License-Identifier: Apache-2.0 */
/** @file A few threads, started and joined; and the virtual clock. */
#ifndef MPSC_PBUF_TESTS_CREW_H_
#define MPSC_PBUF_TESTS_CREW_H_

#include <zephyr/kernel.h>

/* Start a thread with arguments @p a and @p b. */
void crew_start(k_thread_entry_t entry, void *a, void *b, int priority);

/* Wait until all have ended. */
void crew_join(void);

/* On the virtual clock: let one tick pass, which it does when everybody sleeps. */
void crew_settle(void);

/* Before and after a suite on the virtual clock. */
void crew_virtual_begin(void *fixture);
void crew_virtual_end(void *fixture);

#endif /* MPSC_PBUF_TESTS_CREW_H_ */
