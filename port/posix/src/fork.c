/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * fork(). The child has the thread that in_fork, and the library as it was at that moment: with what
 * other threads had locked locked for ever. The port's own state is put in order; a child that runs
 * into a lock of the application's objects that nobody is left to release, stops with a message.
 */
#include <zephyr/autoconf.h>

#include <pthread.h>
#include <sys/stat.h>

#include <port/port.h>

#include "fork.h"

static bool in_fork; /* this process is the child of one that had the library */

static void fork_begins(void)
{
	irq_fork_begins();
	park_fork_begins();
}

static void fork_ends_in_parent(void)
{
	park_fork_ends(false);
	irq_fork_ends(false);
}

static void fork_ends_in_child(void)
{
	in_fork = true;
	lock_fork_child();
	park_fork_ends(true);
	irq_fork_ends(true);
}

__attribute__((constructor(101))) static void fork_watch(void)
{
	(void)pthread_atfork(fork_begins, fork_ends_in_parent, fork_ends_in_child);
}

/* Whether the caller is the only thread of the process. */
static bool is_alone(void)
{
	struct stat tasks;

	/* One folder for each thread, beside "." and "..". */
	return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3;
}

void fork_check_wait(void)
{
	static const char text[] =
		"port: a child of fork() waits for a thread that only its parent has; "
		"call exec() or _exit() in the child, or fork before there are threads\n";

	if (in_fork && is_alone()) {
		port_print(text, sizeof(text) - 1);
		port_fatal();
	}
}
