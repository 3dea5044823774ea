/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The engine: its choice, its start and stop, its thread and what others leave for it.
 *
 * The thread is not one of the kernel's threads: it sleeps in system calls, which the virtual clock would
 * take for running. It blocks all signals, so that handlers run elsewhere and a write to a pipe that
 * nobody reads is an error and no more.
 */
#define _GNU_SOURCE /* pthread_setname_np */

#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Something that the thread does for somebody who waits. */
struct call {
	struct call *next;
	int (*fn)(void *arg);
	void *arg;
	int result;
	struct k_sem done;
};

struct rtio_engine_stats rtio_engine_stats;

static struct k_spinlock engine_lock; /* guards what follows */
static struct rtio_fd *kicked;
static struct rtio_fd **kicked_end = &kicked;
static struct call *calls;
static bool sleeping; /* or about to: who leaves something wakes it */
static bool stopping;
static uint32_t wakes;

static K_MUTEX_DEFINE(control); /* one starts or stops at a time; guards what follows */
static uint32_t devices;
static bool engine_runs;
static pthread_t thread;
static int wake_fd = -1;

static const struct rtio_engine_backend *backend; /* written while nobody uses it */
static bool deferred;
static const char *engine_report = "no engine has been started";
static uint32_t forked; /* 1 in a child; relaxed: it has one thread */
static PORT_THREAD_LOCAL bool is_me;

static struct rtio_fd_op ops[CONFIG_RTIO_LINUX_PARALLEL];
static struct rtio_fd_op *ops_free;

/* ---- what others leave ----------------------------------------------------------------------- */

/* Engine locked. @return whether the thread has to be woken. */
static bool rouse(void)
{
	bool wake = sleeping;

	sleeping = false;
	return wake && !is_me;
}

bool rtio_engine_kick(struct rtio_fd *dev)
{
	k_spinlock_key_t key = k_spin_lock(&engine_lock);
	bool wake = false;

	if (!dev->kicked) {
		dev->kicked = true;
		dev->kicked_next = NULL;
		*kicked_end = dev;
		kicked_end = &dev->kicked_next;
		wake = rouse();
	}
	k_spin_unlock(&engine_lock, key);
	return wake;
}

bool rtio_engine_is_kicked(const struct rtio_fd *dev)
{
	k_spinlock_key_t key = k_spin_lock(&engine_lock);
	bool is = dev->kicked;

	k_spin_unlock(&engine_lock, key);
	return is;
}

void rtio_engine_wake(void)
{
	(void)atomic32_add_relaxed(&wakes, 1);
	while (eventfd_write(wake_fd, 1) != 0 && errno == EINTR) {
	}
}

/* Have the thread call @p fn, and wait. @return what that returned. */
static int call(int (*fn)(void *arg), void *arg)
{
	struct call c = {.fn = fn, .arg = arg};
	k_spinlock_key_t key;
	bool wake;

	(void)k_sem_init(&c.done, 0, 1);
	key = k_spin_lock(&engine_lock);
	c.next = calls;
	calls = &c;
	wake = rouse();
	k_spin_unlock(&engine_lock, key);
	if (wake) {
		rtio_engine_wake();
	}
	rtio_fd_await(&c.done);
	return c.result;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void serve_calls(struct call *c)
{
	while (c != NULL) {
		struct call *next = c->next;

		c->result = c->fn(c->arg);
		k_sem_give(&c->done);
		c = next;
	}
}

/* Look at each device that was kicked until now; others may be kicked meanwhile. */
static void serve_devices(struct rtio_fd *dev)
{
	while (dev != NULL) {
		k_spinlock_key_t key = k_spin_lock(&engine_lock);
		struct rtio_fd *next = dev->kicked_next;

		dev->kicked = false;
		k_spin_unlock(&engine_lock, key);
		rtio_fd_advance(dev);
		dev = next;
	}
}

static void serve_all(void)
{
	bool stop = false;

	while (!stop) {
		k_spinlock_key_t key = k_spin_lock(&engine_lock);
		struct rtio_fd *devs = kicked;
		struct call *waiting = calls;
		bool block;

		kicked = NULL;
		kicked_end = &kicked;
		calls = NULL;
		stop = stopping;
		k_spin_unlock(&engine_lock, key);

		serve_calls(waiting);
		serve_devices(devs);

		key = k_spin_lock(&engine_lock);
		block = kicked == NULL && calls == NULL && !stopping;
		sleeping = block;
		k_spin_unlock(&engine_lock, key);
		backend->wait(block);
		key = k_spin_lock(&engine_lock);
		sleeping = false;
		k_spin_unlock(&engine_lock, key);
	}
}

struct starting {
	struct k_sem done;
	int result;
};

static void *engine_thread(void *arg)
{
	struct starting *starting = arg;
	int ret;

	is_me = true;
	ret = backend->start(wake_fd);
	starting->result = ret;
	k_sem_give(&starting->done);
	if (ret == 0) {
		serve_all();
		backend->stop();
	}
	return NULL;
}

struct rtio_fd_op *rtio_engine_op_take(void)
{
	struct rtio_fd_op *op = ops_free;

	if (op != NULL) {
		ops_free = op->peer;
	}
	return op;
}

void rtio_engine_op_put(struct rtio_fd_op *op)
{
	op->peer = ops_free;
	ops_free = op;
}

/* ---- start and stop -------------------------------------------------------------------------- */

static void in_child(void)
{
	atomic32_store_relaxed(&forked, 1);
}

bool rtio_engine_forked(void)
{
	return atomic32_load_relaxed(&forked) != 0;
}

static void watch_forks(void)
{
	static bool watched;

	if (!watched) {
		watched = pthread_atfork(NULL, NULL, in_child) == 0;
	}
}

static int start_thread(struct starting *starting)
{
	sigset_t all;
	sigset_t before;
	int ret;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&thread, NULL, engine_thread, starting);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret == 0) {
		(void)pthread_setname_np(thread, "rtio engine");
	}
	return -ret;
}

/* Start one kind. */
static int start_kind(const struct rtio_engine_backend *which)
{
	struct starting starting = {.result = 0};
	int ret;

	(void)k_sem_init(&starting.done, 0, 1);
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0) {
		return -errno;
	}
	backend = which;
	stopping = false;
	memset(&rtio_engine_stats, 0, sizeof(rtio_engine_stats));
	atomic32_store_relaxed(&wakes, 0);
	ops_free = NULL;
	for (int i = 0; i < CONFIG_RTIO_LINUX_PARALLEL; i++) {
		rtio_engine_op_put(&ops[i]);
	}
	ret = start_thread(&starting);
	if (ret == 0) {
		rtio_fd_await(&starting.done);
		ret = starting.result;
		if (ret != 0) {
			(void)pthread_join(thread, NULL);
		}
	}
	if (ret != 0) {
		(void)close(wake_fd);
		wake_fd = -1;
	}
	return ret;
}

static const char *fallback_report(int error)
{
	switch (error) {
	case -ENOSYS:
		return "epoll: io_uring is not built in, or the kernel has none";
	case -EPERM:
	case -EACCES:
		return "epoll: the kernel refuses io_uring to this process";
	case -ENOTSUP:
		return "epoll: the kernel's io_uring lacks operations that are needed";
	default:
		return "epoll: io_uring could not be set up";
	}
}

/* What the environment says about the kind. */
static int kind_from_environment(enum rtio_engine_kind *kind)
{
	const char *says = getenv("RTIO_ENGINE");

	if (says == NULL || *says == '\0' || strcmp(says, "auto") == 0) {
		*kind = RTIO_ENGINE_AUTO;
	} else if (strcmp(says, "uring") == 0) {
		*kind = RTIO_ENGINE_URING;
	} else if (strcmp(says, "poll") == 0) {
		*kind = RTIO_ENGINE_POLL;
	} else {
		return -EINVAL;
	}
	return 0;
}

/* Control locked. */
static int start_engine(const struct rtio_engine_conf *conf)
{
	enum rtio_engine_kind kind = conf != NULL ? conf->kind : RTIO_ENGINE_AUTO;
	int ret = 0;

	if (kind == RTIO_ENGINE_AUTO) {
		ret = kind_from_environment(&kind);
	}
	if (ret != 0 || (unsigned int)kind > RTIO_ENGINE_POLL) {
		return -EINVAL;
	}
	watch_forks();
	deferred = conf != NULL && conf->deferred;
	ret = -ENOSYS;
	if (kind != RTIO_ENGINE_POLL) {
		ret = start_kind(&rtio_uring_backend);
		engine_report = "io_uring";
	}
	if (kind == RTIO_ENGINE_POLL || (kind == RTIO_ENGINE_AUTO && ret != 0)) {
		engine_report =
			kind == RTIO_ENGINE_POLL ? "epoll: asked for" : fallback_report(ret);
		ret = start_kind(&rtio_epoll_backend);
	}
	engine_runs = ret == 0;
	if (!engine_runs) {
		engine_report = "no engine could be started";
	}
	return ret;
}

int rtio_engine_start(const struct rtio_engine_conf *conf)
{
	int ret = -EALREADY;

	if (rtio_engine_forked()) {
		return -ECHILD;
	}
	(void)k_mutex_lock(&control, K_FOREVER);
	if (!engine_runs) {
		ret = start_engine(conf);
	}
	(void)k_mutex_unlock(&control);
	return ret;
}

static int stop_thread(void *arg)
{
	k_spinlock_key_t key = k_spin_lock(&engine_lock);

	ARG_UNUSED(arg);
	stopping = true;
	k_spin_unlock(&engine_lock, key);
	return 0;
}

int rtio_engine_stop(void)
{
	int ret = 0;

	if (rtio_engine_forked()) {
		return -ECHILD;
	}
	(void)k_mutex_lock(&control, K_FOREVER);
	if (!engine_runs) {
		ret = -EALREADY;
	} else if (devices != 0) {
		ret = -EBUSY;
	} else {
		(void)call(stop_thread, NULL);
		(void)pthread_join(thread, NULL);
		(void)close(wake_fd);
		wake_fd = -1;
		engine_runs = false;
		engine_report = "the engine has been stopped";
	}
	(void)k_mutex_unlock(&control);
	return ret;
}

int rtio_engine_get(void)
{
	int ret = 0;

	if (rtio_engine_forked()) {
		return -ECHILD;
	}
	(void)k_mutex_lock(&control, K_FOREVER);
	if (!engine_runs) {
		ret = start_engine(NULL);
	}
	devices += ret == 0 ? 1 : 0;
	(void)k_mutex_unlock(&control);
	return ret;
}

void rtio_engine_put(void)
{
	(void)k_mutex_lock(&control, K_FOREVER);
	devices--;
	(void)k_mutex_unlock(&control);
}

/* ---- what it says ---------------------------------------------------------------------------- */

const struct rtio_engine_backend *rtio_engine_backend(void)
{
	return backend;
}

bool rtio_engine_tries(void)
{
	return !deferred;
}

bool rtio_engine_is_me(void)
{
	return is_me;
}

enum rtio_engine_kind rtio_engine_kind(void)
{
	enum rtio_engine_kind kind;

	(void)k_mutex_lock(&control, K_FOREVER);
	kind = engine_runs ? backend->kind : RTIO_ENGINE_AUTO;
	(void)k_mutex_unlock(&control);
	return kind;
}

const char *rtio_engine_report(void)
{
	const char *text;

	(void)k_mutex_lock(&control, K_FOREVER);
	text = engine_report;
	(void)k_mutex_unlock(&control);
	return text;
}

void rtio_engine_stats_get(struct rtio_engine_stats *stats)
{
	stats->handed = atomic32_load_relaxed(&rtio_engine_stats.handed);
	stats->fixed = atomic32_load_relaxed(&rtio_engine_stats.fixed);
	stats->multishot = atomic32_load_relaxed(&rtio_engine_stats.multishot);
	stats->cancelled = atomic32_load_relaxed(&rtio_engine_stats.cancelled);
	stats->wakes = atomic32_load_relaxed(&wakes);
}

/* ---- memory of pools ------------------------------------------------------------------------- */

static int call_add_memory(void *arg)
{
	return backend->add_memory == NULL ? 0 : backend->add_memory(arg);
}

static int call_remove_memory(void *arg)
{
	return backend->remove_memory == NULL ? 0 : backend->remove_memory(arg);
}

static int with_pool(struct rtio *r, int (*fn)(void *arg))
{
	int ret;

	if (r == NULL || r->block_pool == NULL) {
		return -EINVAL;
	}
	if (is_me) {
		return -EDEADLK;
	}
	ret = rtio_engine_get();
	if (ret == 0) {
		ret = call(fn, r->block_pool);
		rtio_engine_put();
	}
	return ret;
}

int rtio_engine_register(struct rtio *r)
{
	return with_pool(r, call_add_memory);
}

int rtio_engine_unregister(struct rtio *r)
{
	return with_pool(r, call_remove_memory);
}
