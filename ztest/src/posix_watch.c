/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Linux: the watchdog, a thread that sleeps until the deadline of the running test or hook, in real
 * time even when tests run on a virtual clock.
 *
 * A new test only moves the deadline; the thread, when it wakes at the old one, sees that and
 * sleeps on. So it costs a test two system calls at most and runs about once per timeout. It is a
 * thread, not a timer signal, because TSan delivers signals late, and to a thread in an endless
 * loop never.
 */
#define _GNU_SOURCE /* pthread_setname_np */

#include "posix_platform.h"
#include "ztest_internal.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/*
 * A test in which a check failed elsewhere waits, perhaps, for a thread that has ended. It may go
 * on for this part of the timeout, and at least a second.
 */
#define HURRY_PART 6U

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved;     /* the deadline came nearer */
static sem_t begun;              /* the thread runs */
static struct timespec deadline; /* guarded by watch_lock */
static bool timed;               /* something has a deadline; guarded by watch_lock */
static bool hurried;             /* the deadline is a near one; guarded by watch_lock */

static struct timespec seconds_from_now(uint32_t seconds)
{
	struct timespec when;

	(void)clock_gettime(CLOCK_MONOTONIC, &when);
	when.tv_sec += (time_t)seconds;
	return when;
}

static bool comes_before(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static void bark(void)
{
	z_ztest_last_words("ERROR: ",
			   hurried ? " does not end although a check failed in another context"
				   : " takes too long and is ended (-timeout=S allows more)");
	_exit(1);
}

static void *watch(void *arg)
{
	(void)arg;
	(void)sem_post(&begun);
	(void)pthread_mutex_lock(&watch_lock);
	for (;;) {
		if (!timed) {
			(void)pthread_cond_wait(&moved, &watch_lock);
		} else if (comes_before(seconds_from_now(0), deadline)) {
			struct timespec until = deadline;

			(void)pthread_cond_timedwait(&moved, &watch_lock, &until);
		} else {
			bark();
		}
	}
	return NULL;
}

/**
 * Signals are for the threads of the test program. @return when the thread has begun: one that begins
 * holds locks of the address sanitizer's, which a test that calls fork() would leave locked in its child.
 */
static int start_with_signals_blocked(void)
{
	sigset_t all;
	sigset_t before;
	pthread_t thread;
	int ret;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	(void)sem_init(&begun, 0, 0);
	ret = pthread_create(&thread, NULL, watch, NULL);
	if (ret == 0) {
		(void)sem_wait(&begun); /* no signal interrupts it */
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret == 0) {
		(void)pthread_setname_np(thread, "ztest_watchdog");
		(void)pthread_detach(thread);
	}
	return ret;
}

bool ztest_posix_watch(void)
{
	pthread_condattr_t attr;

	if (ztest_posix_options.timeout_s == 0) {
		return true;
	}
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&moved, &attr);
	(void)pthread_condattr_destroy(&attr);
	return start_with_signals_blocked() == 0;
}

void z_ztest_platform_entered(void)
{
	if (ztest_posix_options.timeout_s == 0) {
		return;
	}
	(void)pthread_mutex_lock(&watch_lock);
	deadline = seconds_from_now(ztest_posix_options.timeout_s);
	if (!timed) {
		(void)pthread_cond_signal(&moved);
	}
	timed = z_ztest_now().phase != ZTEST_PHASE_FRAMEWORK;
	hurried = false;
	(void)pthread_mutex_unlock(&watch_lock);
}

void z_ztest_platform_hurry(void)
{
	struct timespec near =
		seconds_from_now(MAX(ztest_posix_options.timeout_s / HURRY_PART, 1U));

	(void)pthread_mutex_lock(&watch_lock);
	if (timed && comes_before(near, deadline)) {
		deadline = near;
		hurried = true;
		(void)pthread_cond_signal(&moved);
	}
	(void)pthread_mutex_unlock(&watch_lock);
}
