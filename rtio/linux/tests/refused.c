/* SPDX-License-Identifier: Apache-2.0 */
/** @file A process to which the kernel refuses io_uring: it says so, and everything goes through epoll. */
#define _GNU_SOURCE

#include "support.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void refuse(int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = ARRAY_SIZE(filter), .filter = filter};

	zassert_ok(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	zassert_ok(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

ZTEST_SUITE(rtio_fd_refused, NULL, NULL, NULL, fd_after, NULL);

static void expect_epoll(int error)
{
	static const struct rtio_engine_conf uring = {.kind = RTIO_ENGINE_URING};
	uint8_t buf[8];
	int ends[2];

	zassert_equal(rtio_engine_start(&uring), error);
	zassert_equal(rtio_engine_kind(), RTIO_ENGINE_AUTO);
	make_pipe(ends);
	ask_read(device(ends[0]), buf, sizeof(buf), 1); /* starts the default */
	submit(0);
	zassert_equal(rtio_engine_kind(), RTIO_ENGINE_POLL);
	TC_PRINT("%s\n", rtio_engine_report());
	zassert_not_null(strstr(rtio_engine_report(), "epoll: "));
	zassert_equal(write(ends[1], "abc", 3), 3);
	zassert_equal(next_result(1), 3);
	close_all();
	zassert_ok(rtio_engine_stop());
	(void)close(ends[1]);
	expect_home(&ctx);
}

/* The first filter stays; of two that refuse, the stronger word of the kernel is the last one's. */
ZTEST(rtio_fd_refused, test_refused)
{
	refuse(EPERM);
#ifdef RTIO_TEST_WITH_URING
	expect_epoll(-EPERM);
#else
	expect_epoll(-ENOSYS);
#endif
	refuse(ENOSYS);
	expect_epoll(-ENOSYS);
}
