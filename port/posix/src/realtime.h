/* SPDX-License-Identifier: Apache-2.0 */
/** @file Rights that real-time options need, and processors. */
#ifndef PORT_POSIX_REALTIME_H_
#define PORT_POSIX_REALTIME_H_

#include <pthread.h>
#include <stdbool.h>

/** What the system may refuse. */
enum realtime_right {
	REALTIME_PRIORITY,
	REALTIME_CPUS,
	REALTIME_MEMORY,
};

/**
 * The system has refused @p right: say once, on the console, what is missing.
 * @return whether to go on without it (CONFIG_PORT_REALTIME_TRY).
 */
bool realtime_go_on(enum realtime_right right);

/**
 * Have a thread that is started with @p pattr run on the processors of @p mask, of which bit n is
 * processor n; 0: as its creator.   @return whether there is one among them that the process may use.
 */
bool realtime_attr_cpus(pthread_attr_t *pattr, unsigned long mask);

/** The same for the thread @p tid of the system, which runs; 0: the caller. */
bool realtime_cpus(int tid, unsigned long mask);

/** @return whether the process may use one of the processors of @p mask. */
bool realtime_cpus_usable(unsigned long mask);

#endif /* PORT_POSIX_REALTIME_H_ */
