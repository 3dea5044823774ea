/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the clock of the Linux port shows to its other files. */
#ifndef PORT_POSIX_CLOCK_H_
#define PORT_POSIX_CLOCK_H_

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** @return the moment of CLOCK_MONOTONIC at which real time reaches @p deadline ticks. */
struct timespec clock_timespec(int64_t deadline);

#ifdef CONFIG_PORT_VIRTUAL_CLOCK
/** @return whether time stands still but for clock_virtual_set(). */
bool clock_is_virtual(void);

/** Stop real time, or let it go on. The caller sees to the sleepers. */
void clock_virtual_enable(bool on);

/** Move the virtual clock to @p ticks, never back. */
void clock_virtual_set(int64_t ticks);

/* The rest is in park_virtual.c, unless said otherwise. */

/** Let @p ticks pass on the virtual clock and wake whom that concerns. */
void park_virtual_advance(int64_t ticks);

/** Count a thread that is about to start. @return in which period of virtual time; 0: in none. */
uint32_t park_thread_starts(void);

/** Take that count back: the thread could not be started. */
void park_thread_cancelled(uint32_t in);

/** The calling thread begins, counted in period @p in, or ends. */
void park_thread_begins(uint32_t in);
void park_thread_ends(void);

/** Have the interrupt thread, if there is one, come to the end of a wait (irq.c). */
void irq_thread_settle(void);
#else
static inline bool clock_is_virtual(void)
{
	return false;
}

static inline uint32_t park_thread_starts(void)
{
	return 0;
}

static inline void park_thread_cancelled(uint32_t period)
{
	(void)period;
}

static inline void park_thread_begins(uint32_t period)
{
	(void)period;
}

static inline void park_thread_ends(void)
{
}
#endif

#endif /* PORT_POSIX_CLOCK_H_ */
