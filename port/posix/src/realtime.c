/* SPDX-License-Identifier: Apache-2.0 */
/** @file Real-time Linux: memory that stays, processors for threads, and what to say without the right. */
#define _GNU_SOURCE /* CPU_SET, pthread_attr_setaffinity_np */

#include <zephyr/autoconf.h>

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <port/port.h>

#include "realtime.h"

#ifdef CONFIG_PORT_REALTIME_TRY
#define GOES_ON true
#else
#define GOES_ON false
#endif

/* A limit of the process in words: "limit is n". */
static unsigned long limit_now(int resource)
{
	struct rlimit limit = {0, 0};

	(void)getrlimit(resource, &limit);
	return limit.rlim_cur > LONG_MAX ? LONG_MAX : (unsigned long)limit.rlim_cur;
}

bool realtime_go_on(enum realtime_right right)
{
	static uint32_t said[REALTIME_MEMORY + 1];
	char text[256];

	/* Relaxed: only that one of several says it. */
	if (__atomic_exchange_n(&said[right], 1, __ATOMIC_RELAXED) != 0) {
		return GOES_ON;
	}
	switch (right) {
	case REALTIME_PRIORITY:
		(void)snprintf(text, sizeof(text),
			       "port: CONFIG_PORT_SCHED_FIFO: SCHED_FIFO is refused: this process "
			       "needs CAP_SYS_NICE, or RLIMIT_RTPRIO of 99 (it is %lu)%s\n",
			       limit_now(RLIMIT_RTPRIO), GOES_ON ? "; going on without" : "");
		break;
	case REALTIME_CPUS:
		(void)snprintf(text, sizeof(text),
			       "port: CONFIG_PORT_THREAD_CPUS, CONFIG_PORT_INTERRUPT_CPUS: this "
			       "process may use none of these processors%s\n",
			       GOES_ON ? "; going on without" : "");
		break;
	case REALTIME_MEMORY:
		(void)snprintf(
			text, sizeof(text),
			"port: CONFIG_PORT_LOCK_MEMORY: mlockall() is refused: this process "
			"needs CAP_IPC_LOCK, or a larger RLIMIT_MEMLOCK (it is %lu bytes)%s\n",
			limit_now(RLIMIT_MEMLOCK), GOES_ON ? "; going on without" : "");
		break;
	}
	port_print(text, strlen(text));
	return GOES_ON;
}

/* What the process could use when it started: taskset(1) and cpusets say so. */
static cpu_set_t cpus_allowed;

/* Before every other constructor of the library that needs it. */
__attribute__((constructor(101))) static void realtime_init(void)
{
	(void)sched_getaffinity(0, sizeof(cpus_allowed), &cpus_allowed);
#ifdef CONFIG_PORT_LOCK_MEMORY
	/* Stacks and all that is mapped later, too. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0 && !realtime_go_on(REALTIME_MEMORY)) {
		port_fatal();
	}
#endif
}

/* @return those of @p mask that the process may use. */
static cpu_set_t cpus_usable(unsigned long mask)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int cpu = 0; cpu < sizeof(mask) * CHAR_BIT; cpu++) {
		if ((mask >> cpu & 1) != 0 && CPU_ISSET(cpu, &cpus_allowed)) {
			CPU_SET(cpu, &set);
		}
	}
	return set;
}

bool realtime_attr_cpus(pthread_attr_t *pattr, unsigned long mask)
{
	cpu_set_t set = cpus_usable(mask);

	return mask == 0 ||
	       (CPU_COUNT(&set) != 0 && pthread_attr_setaffinity_np(pattr, sizeof(set), &set) == 0);
}

bool realtime_cpus_usable(unsigned long mask)
{
	cpu_set_t set = cpus_usable(mask);

	return CPU_COUNT(&set) != 0;
}

bool realtime_cpus(int tid, unsigned long mask)
{
	cpu_set_t set = mask == ULONG_MAX ? cpus_allowed : cpus_usable(mask);

	return CPU_COUNT(&set) != 0 && sched_setaffinity(tid, sizeof(set), &set) == 0;
}
