/* SPDX-License-Identifier: Apache-2.0 */
/** @file What fork() does to the files of the Linux port; fork.c calls it all. */
#ifndef PORT_POSIX_FORK_H_
#define PORT_POSIX_FORK_H_

#include <stdbool.h>

/*
 * Before: keep interrupt routines and all of the port's own locks out of the way, irq first. After, in
 * the opposite order: let go; in the child forget threads that are not there.
 */
void irq_fork_begins(void);
void irq_fork_ends(bool child);
#ifndef CONFIG_PORT_VIRTUAL_CLOCK
static inline void park_fork_begins(void)
{
}

static inline void park_fork_ends(bool child)
{
	(void)child;
}
#else
void park_fork_begins(void);
void park_fork_ends(bool child);
#endif

/** In the child, first of all: ask for membarrier(2) again. */
void lock_fork_child(void);

/**
 * The caller waits for another thread. In the child of a fork() that has no other thread, that is one which
 * the parent had: stop, and say so.
 */
void fork_check_wait(void);

#endif /* PORT_POSIX_FORK_H_ */
