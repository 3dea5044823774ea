/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * No system call while both sides are awake. A child forbids itself every system call but the one that
 * ends it, then is client and server in turns; the kernel would kill it on the spot.
 */
#include "../support/rig.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

ZTEST_SUITE(shm_no_syscalls, NULL, NULL, rig_before, rig_after, NULL);

static void work(void)
{
	struct rtio_shm_cqe cqe;

	for (uint32_t round = 0; round < 10000; round++) {
		rtio_shm_handle_t handle = 0;

		for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
			struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(&rig_client);

			rtio_shm_sqe_prep_write(sqe, RIG_FULL, RTIO_PRIO_LOW, i, 64, round);
			handle = rtio_shm_sqe_handle(sqe);
		}
		if (rtio_shm_submit(&rig_client) != (int)RIG_ENTRIES ||
		    rtio_shm_cancel(&rig_client, handle) != 0 || rig_turns() != 0) {
			_exit(1);
		}
		for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
			if (rtio_shm_cqe_wait(&rig_client, &cqe, K_FOREVER) != 0 ||
			    cqe.userdata != round) {
				_exit(2);
			}
		}
	}
}

/* What one thread uses often has a lock of its own soon; to make it so takes a call of the kernel, once. */
static void busy(void)
{
	work();
	forbid_syscalls();
	work();
}

ZTEST(shm_no_syscalls, test_while_both_are_awake)
{
	zassert_ok(run_in_child(busy));
}

/* The same, but one side says that it sleeps: now there has to be one. */
static void with_sleeping_server(void)
{
	work();
	forbid_syscalls();
	rig_server.header->server_sleeps = 1;
	work();
}

static void with_sleeping_client(void)
{
	work();
	forbid_syscalls();
	rig_server.header->client_sleeps = 1;
	work();
}

ZTEST(shm_no_syscalls, test_a_sleeping_server_is_woken)
{
	zassert_equal(run_in_child(with_sleeping_server), -SIGSYS);
}

ZTEST(shm_no_syscalls, test_a_sleeping_client_is_woken)
{
	zassert_equal(run_in_child(with_sleeping_client), -SIGSYS);
}

/* Who is not asleep any more is not woken again. */
ZTEST(shm_no_syscalls, test_a_sleeper_is_woken_once)
{
	rig_server.header->server_sleeps = 1;
	rig_server.header->client_sleeps = 1;
	rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(&rig_client), RIG_FULL, 1);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_equal(rig_server.stats.wakes, 1);
	rig_expect(1, 0);
	zassert_ok(run_in_child(busy));
}
