/* SPDX-License-Identifier: Apache-2.0 */
/** @file Threads: POSIX threads, detached; who waits for their end does so in the kernel. */
#define _GNU_SOURCE /* pthread_getattr_np */

#include <zephyr/autoconf.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <port/port.h>

#include "clock.h"
#include "realtime.h"

/* Code written for a microcontroller's stack sizes calls printf and friends here. */
#define STACK_SIZE_MIN ((size_t)64 * 1024)

#ifdef CONFIG_PORT_SCHED_FIFO

/* Kernel priorities run from most urgent -16 to 15, those of SCHED_FIFO from 1 to most urgent 99. */
static struct sched_param fifo_param(int priority)
{
	int level = CONFIG_NUM_PREEMPT_PRIORITIES + 1 - priority;
	int lowest = sched_get_priority_min(SCHED_FIFO);
	int highest = sched_get_priority_max(SCHED_FIFO) - 1; /* above it: the interrupt thread */

	level = level < lowest ? lowest : level > highest ? highest : level;
	return (struct sched_param){.sched_priority = level};
}

static void attr_set_priority(pthread_attr_t *pattr, int priority)
{
	struct sched_param param = fifo_param(priority);

	(void)pthread_attr_setinheritsched(pattr, PTHREAD_EXPLICIT_SCHED);
	(void)pthread_attr_setschedpolicy(pattr, SCHED_FIFO);
	(void)pthread_attr_setschedparam(pattr, &param);
}

int port_thread_priority(struct port_thread *thread, int priority)
{
	struct sched_param param = fifo_param(priority);
	uint32_t tid;

	/* Sequentially consistent, both: the thread stores its id, then reads the priority, so one
	 * of the two sees the other's store.
	 */
	__atomic_store_n(&thread->priority, priority, __ATOMIC_SEQ_CST);
	tid = __atomic_load_n(&thread->tid, __ATOMIC_SEQ_CST);
	return tid == 0 || sched_setparam((pid_t)tid, &param) == 0 ? 0 : -EPERM;
}

static void apply_priority(struct port_thread *thread)
{
	struct sched_param param = fifo_param(__atomic_load_n(&thread->priority, __ATOMIC_SEQ_CST));

	(void)pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
}

#else

static void attr_set_priority(pthread_attr_t *pattr, int priority)
{
	(void)pattr;
	(void)priority;
}

int port_thread_priority(struct port_thread *thread, int priority)
{
	(void)thread;
	(void)priority;
	return 0;
}

static void apply_priority(struct port_thread *thread)
{
	(void)thread;
}

#endif

#ifdef CONFIG_SCHED_CPU_MASK

/* What a thread begins with. */
#define CPUS_AT_FIRST (CONFIG_PORT_THREAD_CPUS != 0 ? (unsigned long)CONFIG_PORT_THREAD_CPUS : ~0UL)

int port_thread_cpus(struct port_thread *thread, unsigned long cpus)
{
	uint32_t tid;

	if (cpus != 0 && !realtime_cpus_usable(cpus)) {
		return -EINVAL;
	}
	/* Sequentially consistent, both: as in port_thread_priority(). */
	__atomic_store_n(&thread->cpus, cpus, __ATOMIC_SEQ_CST);
	tid = __atomic_load_n(&thread->tid, __ATOMIC_SEQ_CST);
	if (cpus != 0 && tid != 0) {
		(void)realtime_cpus((int)tid, cpus); /* fails if the thread is about to be gone */
	}
	return 0;
}

int port_thread_cpus_self(struct port_thread *thread, unsigned long cpus)
{
	if (cpus != 0 && !realtime_cpus(0, cpus)) {
		return -EINVAL;
	}
	__atomic_store_n(&thread->cpus, cpus, __ATOMIC_RELAXED);
	return 0;
}

/* Sequentially consistent: pairs with port_thread_cpus(). */
static void apply_cpus(struct port_thread *thread)
{
	unsigned long cpus = __atomic_load_n(&thread->cpus, __ATOMIC_SEQ_CST);

	if (cpus != CPUS_AT_FIRST && cpus != 0) {
		(void)realtime_cpus(0, cpus);
	}
}

#else

static void apply_cpus(struct port_thread *thread)
{
	(void)thread;
}

#endif

void port_thread_name(struct port_thread *thread, const char *name)
{
	/* Sequentially consistent: pairs with the store in run(). */
	uint32_t tid = thread != NULL ? __atomic_load_n(&thread->tid, __ATOMIC_SEQ_CST)
				      : (uint32_t)syscall(SYS_gettid);
	int saved = errno;
	char path[48];
	int fd;

	if (tid == 0 || name[0] == '\0') {
		return;
	}
	/* By its id, because the thread may end at any time and pthread_setname_np() may not be
	 * called then. Linux cuts the name.
	 */
	(void)snprintf(path, sizeof(path), "/proc/self/task/%u/comm", (unsigned int)tid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		(void)!write(fd, name, strlen(name));
		(void)close(fd);
	}
	errno = saved;
}

/* What the calling thread does when it ends; the key has a value in threads that have that. */
static PORT_THREAD_LOCAL void (*at_exit)(void);
static pthread_key_t at_exit_key;
static bool at_exit_works;

static void thread_ends(void *value)
{
	(void)value;
	at_exit();
}

__attribute__((constructor(101))) static void at_exit_init(void)
{
	at_exit_works = pthread_key_create(&at_exit_key, thread_ends) == 0;
}

bool port_thread_at_exit(void (*fn)(void))
{
	at_exit = fn;
	return at_exit_works && pthread_setspecific(at_exit_key, &at_exit_key) == 0;
}

static void *run(void *arg)
{
	struct port_thread *thread = arg;
	void (*entry)(void *) = thread->entry;
	void *entry_arg = thread->arg;

	park_thread_begins(thread->counted);
	/* Sequentially consistent: whoever has stored a priority before it reads 0 here is seen by
	 * apply_priority(), and whoever has stored a name by the entry function.
	 */
	__atomic_store_n(&thread->tid, (uint32_t)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	apply_priority(thread);
	apply_cpus(thread);
	entry(entry_arg);
	port_thread_exit();
}

void port_thread_exit(void)
{
	park_thread_ends();
	pthread_exit(NULL);
}

int port_thread_start(struct port_thread *thread, const struct port_thread_attr *attr)
{
	size_t stack_size = attr->stack_size < STACK_SIZE_MIN ? STACK_SIZE_MIN : attr->stack_size;
	pthread_attr_t pattr;
	pthread_t id;
	int ret;

	*thread = (struct port_thread){
		.entry = attr->entry,
		.arg = attr->arg,
		.counted = park_thread_starts(),
		.priority = attr->priority,
#ifdef CONFIG_SCHED_CPU_MASK
		.cpus = CPUS_AT_FIRST,
#endif
	};
	(void)pthread_attr_init(&pattr);
	(void)pthread_attr_setdetachstate(&pattr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&pattr, stack_size);
	attr_set_priority(&pattr, attr->priority);
	if (!realtime_attr_cpus(&pattr, CONFIG_PORT_THREAD_CPUS) &&
	    !realtime_go_on(REALTIME_CPUS)) {
		ret = EPERM;
	} else {
		ret = pthread_create(&id, &pattr, run, thread);
		if (ret == EPERM && realtime_go_on(REALTIME_PRIORITY)) {
			(void)pthread_attr_setinheritsched(&pattr, PTHREAD_INHERIT_SCHED);
			ret = pthread_create(&id, &pattr, run, thread);
		}
	}
	(void)pthread_attr_destroy(&pattr);
	if (ret == 0) {
		return 0;
	}
	park_thread_cancelled(thread->counted);
	return ret == EPERM ? -EPERM : -EAGAIN;
}

void port_thread_yield(void)
{
	(void)sched_yield();
}

bool port_thread_stack(uintptr_t *start, size_t *size)
{
	pthread_attr_t pattr;
	void *address;
	bool known;

	if (pthread_getattr_np(pthread_self(), &pattr) != 0) {
		return false;
	}
	known = pthread_attr_getstack(&pattr, &address, size) == 0;
	(void)pthread_attr_destroy(&pattr);
	*start = (uintptr_t)address;
	return known;
}
