/* SPDX-License-Identifier: Apache-2.0 */

/* Linked to the lock's tests, this makes Linux refuse membarrier(2), before the port asks for it. */

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

/* Runs before the sanitizers have begun. */
__attribute__((no_sanitize("address", "thread", "undefined"))) static void forbid(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		_exit(1);
	}
}

/* Before every constructor. */
__attribute__((used, section(".preinit_array"))) static void (*const early)(void) = forbid;
