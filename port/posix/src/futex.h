/* SPDX-License-Identifier: Apache-2.0 */
/** @file The two futex calls of the Linux port: sleep while a word has a value, wake one sleeper. */
#ifndef PORT_POSIX_FUTEX_H_
#define PORT_POSIX_FUTEX_H_

#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/**
 * Sleep while *@p word is @p value, until @p deadline of CLOCK_MONOTONIC (NULL: for ever).
 * Returns early without cause at times: look at the word again.
 */
static inline void futex_wait_until(void *word, uint32_t value, const struct timespec *deadline)
{
	/* WAIT_BITSET takes an absolute time, WAIT would take a relative one. */
	(void)syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, deadline, NULL,
		      FUTEX_BITSET_MATCH_ANY);
}

static inline void futex_wake_one(void *word)
{
	(void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#endif /* PORT_POSIX_FUTEX_H_ */
