/* SPDX-License-Identifier: Apache-2.0 */

/* Linked to a program, this takes real-time rights from it, before the port asks for them. */

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Runs before the sanitizers have begun. */
__attribute__((no_sanitize("address", "thread", "undefined"))) static void drop(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];
	const struct rlimit little = {65536, 65536};
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_MEMLOCK, &little) != 0 || setrlimit(RLIMIT_RTPRIO, &none) != 0 ||
	    syscall(SYS_capget, &header, data) != 0) {
		_exit(1);
	}
	data[0].effective &= ~(1U << CAP_SYS_NICE | 1U << CAP_IPC_LOCK);
	if (syscall(SYS_capset, &header, data) != 0) {
		_exit(1);
	}
}

/* Before every constructor. */
__attribute__((used, section(".preinit_array"))) static void (*const early)(void) = drop;
