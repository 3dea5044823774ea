/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What holds in the child of a fork(): it has one thread, and what others did not have locked
 * works, timers and interrupts included; what they had locked stops it with a message.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/net_buf.h>
#include <zephyr/ztest.h>

/* The thread sanitizer has no children with threads of their own, unless asked. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "die_after_fork=0";
}

NET_BUF_POOL_FIXED_DEFINE(pool, 4, 16, 0, NULL);

/*
 * A thread that begins or ends holds locks of the address sanitizer's own, which a child would find
 * locked: a test forks when those it has started have begun, and those it has joined are gone.
 */
static unsigned int count_threads(void)
{
	struct stat tasks;

	zassert_ok(stat("/proc/self/task", &tasks));
	return (unsigned int)tasks.st_nlink - 2;
}

/* Join @p thread and wait until there are @p threads: what follows may fork. */
static bool see_off(struct k_thread *thread, unsigned int threads)
{
	if (k_thread_join(thread, K_SECONDS(20)) != 0) {
		return false;
	}
	while (count_threads() != threads) {
		k_msleep(1);
	}
	return true;
}

/* Run @p fn in a child, which ends with what that returns. @return its status for waitpid(). */
static int in_child(int (*fn)(void))
{
	int status;
	pid_t child = fork();

	zassert_true(child >= 0);
	if (child == 0) {
		(void)signal(SIGABRT, SIG_DFL);
		(void)alarm(60);
		_exit(fn());
	}
	zassert_equal(waitpid(child, &status, 0), child);
	return status;
}

static void expect_success(int (*fn)(void))
{
	int status = in_child(fn);

	zassert_true(WIFEXITED(status), "signal %d", WTERMSIG(status));
	zassert_equal(WEXITSTATUS(status), 0, "step %d", WEXITSTATUS(status));
}

static int nothing(void)
{
	return 0;
}

static int run_another(void)
{
	(void)execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static K_SEM_DEFINE(fired, 0, 10);
static uint32_t in_isr;

static void on_timer(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	k_sem_give(&fired);
}

static void routine(const void *arg)
{
	ARG_UNUSED(arg);
	(void)atomic32_add_relaxed(&in_isr, 1);
}

static K_TIMER_DEFINE(timer, on_timer, NULL);
K_MSGQ_DEFINE(queue, sizeof(int), 4, 4);

static void child_thread(void *p1, void *p2, void *p3)
{
	int value = 7;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_msleep(2);
	(void)k_msgq_put(&queue, &value, K_FOREVER);
}

/* Buffers, interrupts, timers, threads. */
static int use_everything(void)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
	unsigned int threads;
	int value = 0;

	if (buf == NULL) {
		return 1;
	}
	net_buf_unref(buf);
	in_isr = 0;
	irq_offload(routine, NULL);
	if (in_isr != 1) {
		return 2;
	}
	k_sem_reset(&fired);
	k_timer_start(&timer, K_MSEC(1), K_NO_WAIT);
	if (k_sem_take(&fired, K_SECONDS(20)) != 0) {
		return 3;
	}
	threads = count_threads();
	if (k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), child_thread, NULL, NULL,
			    NULL, 5, 0, K_NO_WAIT) == NULL ||
	    k_msgq_get(&queue, &value, K_SECONDS(20)) != 0 || value != 7 ||
	    !see_off(&thread, threads)) {
		return 4;
	}
	return 0;
}

ZTEST_SUITE(fork, NULL, NULL, NULL, NULL, NULL);

ZTEST(fork, test_exit_and_exec)
{
	expect_success(nothing);
	expect_success(run_another);
}

ZTEST(fork, test_the_library_works_in_the_child)
{
	expect_success(use_everything);
	/* Now there is an interrupt thread in the parent. */
	zassert_equal(use_everything(), 0);
	expect_success(use_everything);
	zassert_equal(use_everything(), 0, "nor does the parent notice");
}

/* ---- while others work ----------------------------------------------------------------------- */

static uint32_t stop;
static uint32_t rounds;

static void raise_often(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(&stop) == 0) {
		irq_offload(routine, NULL);
		k_usleep(1);
		(void)atomic32_add_relaxed(&rounds, 1);
	}
}

static int use_port(void)
{
	uint32_t before = in_isr;

	irq_offload(routine, NULL);
	k_usleep(100);
	return in_isr == before + 1 ? 0 : 1;
}

/* A thread and interrupts are in the middle of the port's own code. As often as there is time for on a busy machine. */
ZTEST(fork, test_at_any_moment)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	int64_t end = k_uptime_get() + 15000;
	unsigned int threads;

	irq_offload(routine, NULL); /* their thread has begun */
	threads = count_threads();
	atomic32_store_relaxed(&stop, 0);
	atomic32_store_relaxed(&rounds, 0);
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), raise_often,
					 NULL, NULL, NULL, 5, 0, K_NO_WAIT));
	while (atomic32_load_relaxed(&rounds) == 0) {
		k_msleep(1);
	}
	for (int i = 0; i < 50 && (i == 0 || k_uptime_get() < end); i++) {
		expect_success(use_port);
	}
	atomic32_store_relaxed(&stop, 1);
	zassert_true(see_off(&thread, threads));
}

/* ---- what another thread had locked ---------------------------------------------------------- */

static struct k_spinlock held;
static K_SEM_DEFINE(is_held, 0, 1);
static K_SEM_DEFINE(may_end, 0, 1);
static int out[2];

static void hold(void *p1, void *p2, void *p3)
{
	k_spinlock_key_t key = k_spin_lock(&held);

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_spin_unlock(&held, key);
	(void)port_lock(&held.word);
	k_sem_give(&is_held);
	k_sem_take(&may_end, K_FOREVER);
	port_unlock(&held.word, 0);
}

static int use_what_is_locked(void)
{
	(void)dup2(out[1], STDOUT_FILENO);
	k_spin_unlock(&held, k_spin_lock(&held));
	return 0;
}

ZTEST(fork, test_what_was_locked_stops_the_child)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	char text[200] = "";
	unsigned int threads = count_threads();
	int status;

	zassert_ok(pipe(out));
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), hold, NULL,
					 NULL, NULL, 5, 0, K_NO_WAIT));
	zassert_ok(k_sem_take(&is_held, K_SECONDS(20)));
	status = in_child(use_what_is_locked);
	k_sem_give(&may_end);
	zassert_true(see_off(&thread, threads));
	(void)close(out[1]);
	zassert_true(read(out[0], text, sizeof(text) - 1) > 0);
	(void)close(out[0]);
	zassert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "status 0x%x", status);
	zassert_not_null(strstr(text, "a child of fork() waits for a thread"), "%s", text);
}
