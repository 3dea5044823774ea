/* SPDX-License-Identifier: Apache-2.0 */

/*
 * No system call while nobody sleeps. A child process forbids itself every system call but the one
 * that ends it, then uses queues and semaphores; the kernel would kill it on the spot.
 */

#include <zephyr/ztest.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGES 100000U

static void forbid_syscalls(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = {ARRAY_SIZE(filter), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		_exit(99);
	}
}

/* Run @p fn in a child. @return its exit status, or minus the signal that killed it. */
static int run_in_child(void (*fn)(void))
{
	int status;
	pid_t child = fork();

	zassert_true(child >= 0);
	if (child == 0) {
		fn();
		_exit(0);
	}
	zassert_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static struct k_msgq q;
static uint64_t ring[MESSAGES];

ZTEST_SUITE(no_syscalls, NULL, NULL, NULL, NULL, NULL);

static void call_the_system(void)
{
	forbid_syscalls();
	(void)syscall(SYS_gettid);
}

ZTEST(no_syscalls, test_the_trap_works)
{
	zassert_equal(run_in_child(call_the_system), -SIGSYS);
}

static void put_and_get(void)
{
	uint64_t msg;

	k_msgq_init(&q, (char *)ring, sizeof(msg), 3);
	forbid_syscalls();
	for (uint64_t n = 0; n < MESSAGES; n++) {
		if (k_msgq_put(&q, &n, K_FOREVER) != 0 || k_msgq_get(&q, &msg, K_FOREVER) != 0 ||
		    msg != n) {
			_exit(1);
		}
	}
}

ZTEST(no_syscalls, test_msgq_on_one_thread)
{
	zassert_ok(run_in_child(put_and_get));
}

static void limits(void)
{
	uint64_t msg = 0;

	k_msgq_init(&q, (char *)ring, sizeof(msg), 3);
	forbid_syscalls();
	for (int i = 0; i < 1000; i++) {
		if (k_msgq_get(&q, &msg, K_NO_WAIT) != -ENOMSG) {
			_exit(1);
		}
		while (k_msgq_put(&q, &msg, K_NO_WAIT) == 0) {
		}
		if (k_msgq_put_front(&q, &msg) != -ENOMSG) {
			_exit(2);
		}
		k_msgq_purge(&q);
	}
}

ZTEST(no_syscalls, test_msgq_full_and_empty)
{
	zassert_ok(run_in_child(limits));
}

static uint32_t ready;

/* Both threads come to their meeting number @p n, without the system's help. */
static void meet(uint32_t n)
{
	(void)__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) < 2 * n) {
	}
}

static void *produce(void *arg)
{
	forbid_syscalls();
	meet(1);
	for (uint64_t n = MESSAGES / 2; n < MESSAGES; n++) {
		if (k_msgq_put(&q, &n, K_FOREVER) != 0) {
			_exit(1);
		}
	}
	meet(2);
	for (;;) {
		/* even the end of a thread is a system call */
	}
	return arg;
}

/* From one thread to another; half full at the start, so neither end of the queue is reached. */
static void stream(void)
{
	uint64_t msg;
	pthread_t thread;

	k_msgq_init(&q, (char *)ring, sizeof(msg), MESSAGES);
	for (uint64_t n = 0; n < MESSAGES / 2; n++) {
		(void)k_msgq_put(&q, &n, K_NO_WAIT);
	}
	if (pthread_create(&thread, NULL, produce, NULL) != 0) {
		_exit(3);
	}
	forbid_syscalls();
	meet(1);
	for (uint64_t n = 0; n < MESSAGES / 2; n++) {
		if (k_msgq_get(&q, &msg, K_FOREVER) != 0 || msg != n) {
			_exit(2);
		}
	}
	meet(2);
	for (uint64_t n = MESSAGES / 2; n < MESSAGES; n++) {
		if (k_msgq_get(&q, &msg, K_FOREVER) != 0 || msg != n) {
			_exit(2);
		}
	}
}

ZTEST(no_syscalls, test_msgq_between_two_threads)
{
	zassert_ok(run_in_child(stream));
}

static void others(void)
{
	static struct item {
		void *reserved;
	} item;
	static K_SEM_DEFINE(sem, 0, 5);
	static K_MUTEX_DEFINE(mutex);
	static K_FIFO_DEFINE(fifo);

	forbid_syscalls();
	for (unsigned int i = 0; i < MESSAGES; i++) {
		k_sem_give(&sem);
		if (k_sem_take(&sem, K_FOREVER) != 0 || k_sem_take(&sem, K_NO_WAIT) != -EBUSY ||
		    k_mutex_lock(&mutex, K_FOREVER) != 0 || k_mutex_unlock(&mutex) != 0) {
			_exit(1);
		}
		k_fifo_put(&fifo, &item);
		if (k_fifo_get(&fifo, K_FOREVER) != &item || k_fifo_get(&fifo, K_NO_WAIT) != NULL) {
			_exit(2);
		}
	}
}

ZTEST(no_syscalls, test_sem_mutex_fifo)
{
	(void)k_current_get(); /* whose first call asks the system where the stack is */
	zassert_ok(run_in_child(others));
}
