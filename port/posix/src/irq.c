/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Interrupt context on Linux: a thread of its own that runs the routines of raised interrupts, one
 * after the other, beside everything else. It holds the interrupt lock while a routine runs, so a
 * thread that masks interrupts is not interrupted, and no other time is taken from anybody.
 */
#define _GNU_SOURCE /* pthread_setname_np, pthread_getattr_np */

#include <zephyr/autoconf.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <port/port.h>

#include "clock.h"
#include "fork.h"
#include "realtime.h"

static struct port_lock irq_lock_word;
static PORT_THREAD_LOCAL unsigned int irq_lock_depth;
static PORT_THREAD_LOCAL bool in_isr;

static struct port_lock raised_lock;
static struct port_irq *raised_first;
static struct port_irq **raised_end = &raised_first;

/* The alarm; guarded by raised_lock. */
static int64_t alarm_at = PORT_FOREVER;
static void (*alarm_routine)(void);
static int64_t alarm_seen = PORT_FOREVER; /* the interrupt thread sleeps no longer than this */

static struct port_parker irq_parker;
static pthread_once_t irq_thread_once = PTHREAD_ONCE_INIT;
static uint32_t irq_thread_counted; /* period of virtual time that counts it from the start */
static bool irq_thread_exists;      /* written once, with release order */

port_key_t port_irq_lock(void)
{
	if (irq_lock_depth++ == 0) {
		(void)port_lock(&irq_lock_word);
	}
	return 0;
}

void port_irq_unlock(port_key_t key)
{
	if (--irq_lock_depth == 0) {
		port_unlock(&irq_lock_word, key);
	}
}

bool port_irq_masked(void)
{
	return irq_lock_depth != 0 || port_posix_locks_held != 0;
}

bool port_in_isr(void)
{
	return in_isr;
}

static struct port_irq *raised_take(void)
{
	port_key_t key = port_lock(&raised_lock);
	struct port_irq *irq = raised_first;

	if (irq != NULL) {
		raised_first = irq->next;
		if (raised_first == NULL) {
			raised_end = &raised_first;
		}
		irq->raised = 0;
	}
	port_unlock(&raised_lock, key);
	return irq;
}

static void run_raised(void)
{
	/* Masked before the interrupt is taken: a thread that masks and then lowers it is sure. */
	port_key_t key = port_irq_lock();
	struct port_irq *irq = raised_take();

	if (irq != NULL) {
		void (*routine)(void *arg) = irq->routine;

		in_isr = true;
		routine(irq->arg);
		in_isr = false;
	}
	port_irq_unlock(key);
}

/* @return the routine, if the alarm is due; it is off then. */
static void (*alarm_take(void))(void)
{
	port_key_t key = port_lock(&raised_lock);
	void (*routine)(void) = NULL;

	if (alarm_at != PORT_FOREVER && alarm_at <= port_clock_ticks()) {
		alarm_at = PORT_FOREVER;
		routine = alarm_routine;
	}
	port_unlock(&raised_lock, key);
	return routine;
}

static void run_alarm(void)
{
	/* Masked before the look, as in run_raised(). */
	port_key_t key = port_irq_lock();
	void (*routine)(void) = alarm_take();

	if (routine != NULL) {
		in_isr = true;
		routine();
		in_isr = false;
	}
	port_irq_unlock(key);
}

/* @return until when the interrupt thread may sleep. */
static int64_t alarm_look(void)
{
	port_key_t key = port_lock(&raised_lock);
	int64_t deadline = alarm_at;

	alarm_seen = deadline;
	port_unlock(&raised_lock, key);
	return deadline;
}

static void *irq_thread(void *arg)
{
	(void)arg;
	park_thread_begins(irq_thread_counted);
	for (;;) {
		int64_t deadline = alarm_look();

		/* One token for each interrupt raised, and for each alarm before the one looked at. */
		if (port_park(&irq_parker, deadline)) {
			run_raised();
		}
		if (deadline != PORT_FOREVER) {
			run_alarm();
		}
	}
	return NULL;
}

static void irq_thread_start(void)
{
	pthread_attr_t pattr;
	pthread_t id;
	sigset_t all;
	sigset_t old;
	int ret;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are for the program's threads */
	(void)pthread_attr_init(&pattr);
	(void)pthread_attr_setdetachstate(&pattr, PTHREAD_CREATE_DETACHED);
#ifdef CONFIG_PORT_SCHED_FIFO
	struct sched_param param = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};

	(void)pthread_attr_setinheritsched(&pattr, PTHREAD_EXPLICIT_SCHED);
	(void)pthread_attr_setschedpolicy(&pattr, SCHED_FIFO);
	(void)pthread_attr_setschedparam(&pattr, &param);
#endif
	irq_thread_counted = park_thread_starts();
	if (!realtime_attr_cpus(&pattr, CONFIG_PORT_INTERRUPT_CPUS) &&
	    !realtime_go_on(REALTIME_CPUS)) {
		port_fatal();
	}
	ret = pthread_create(&id, &pattr, irq_thread, NULL);
	if (ret == EPERM && realtime_go_on(REALTIME_PRIORITY)) {
		(void)pthread_attr_setinheritsched(&pattr, PTHREAD_INHERIT_SCHED);
		ret = pthread_create(&id, &pattr, irq_thread, NULL);
	}
	if (ret != 0) {
		port_fatal();
	}
	(void)pthread_setname_np(id, "interrupts");
	(void)pthread_attr_destroy(&pattr);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	/* Release: pairs with the acquire in irq_thread_settle(). */
	__atomic_store_n(&irq_thread_exists, true, __ATOMIC_RELEASE);
}

void port_irq_raise(struct port_irq *irq)
{
	port_key_t key;
	bool fresh;

	(void)pthread_once(&irq_thread_once, irq_thread_start);
	key = port_lock(&raised_lock);
	fresh = irq->raised == 0;
	if (fresh) {
		irq->raised = 1;
		irq->next = NULL;
		*raised_end = irq;
		raised_end = &irq->next;
	}
	port_unlock(&raised_lock, key);
	if (fresh) {
		port_unpark(&irq_parker);
	}
}

void port_alarm_set(int64_t deadline, void (*routine)(void))
{
	port_key_t key;
	bool sooner;

	(void)pthread_once(&irq_thread_once, irq_thread_start);
	key = port_lock(&raised_lock);
	alarm_at = deadline;
	alarm_routine = routine;
	sooner = deadline < alarm_seen;
	if (sooner) {
		alarm_seen = deadline;
	}
	port_unlock(&raised_lock, key);
	/* A later one is looked at when the thread wakes for the one before. */
	if (sooner) {
		port_unpark(&irq_parker);
	}
}

/* No routine runs, and no list is in the middle of a change. */
void irq_fork_begins(void)
{
	(void)port_irq_lock();
	(void)port_lock(&raised_lock);
}

void irq_fork_ends(bool child)
{
	if (child) {
		/* What was raised is the parent's; the first that is raised here starts a thread. */
		while (raised_first != NULL) {
			raised_first->raised = 0;
			raised_first = raised_first->next;
		}
		raised_end = &raised_first;
		alarm_seen = PORT_FOREVER;
		irq_parker = (struct port_parker){0};
		irq_thread_once = (pthread_once_t)PTHREAD_ONCE_INIT;
		irq_thread_exists = false;
	}
	port_unlock(&raised_lock, 0);
	port_irq_unlock(0);
}

struct offload {
	void (*routine)(const void *arg);
	const void *arg;
	struct port_parker done;
};

static void offload_run(void *arg)
{
	struct offload *offload = arg;

	offload->routine(offload->arg);
	port_unpark(&offload->done);
}

void port_irq_offload(void (*routine)(const void *arg), const void *arg)
{
	struct offload offload = {.routine = routine, .arg = arg};
	struct port_irq irq = {.routine = offload_run, .arg = &offload};

	if (in_isr) {
		routine(arg);
		return;
	}
	port_irq_raise(&irq);
	(void)port_park(&offload.done, PORT_FOREVER);
}

#ifdef CONFIG_PORT_VIRTUAL_CLOCK

static void nothing(const void *arg)
{
	(void)arg;
}

void irq_thread_settle(void)
{
	/* Acquire: pairs with the release in irq_thread_start(). */
	if (__atomic_load_n(&irq_thread_exists, __ATOMIC_ACQUIRE)) {
		port_irq_offload(nothing, NULL);
	}
}

#endif
