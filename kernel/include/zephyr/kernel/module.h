/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What each program and each shared library of a process brings along, so that what it defines at
 * file scope (threads, SYS_INIT entries) is found before main().
 *
 * A file that includes this refers to one hidden symbol; that makes the linker take the object file
 * that defines it (kernel/src/module.c) into the module, once, and that has a constructor. The
 * symbol is named after the options that change structures (or the meaning of a timeout), so that a
 * program built against another configuration does not link, and the linker's message says which option it is.
 */
#ifndef ZEPHYR_KERNEL_MODULE_H_
#define ZEPHYR_KERNEL_MODULE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#ifndef CONFIG_THREAD_MAX_NAME_LEN
#define Z_THREAD_NAME_SIZE 0
#else
#define Z_THREAD_NAME_SIZE CONFIG_THREAD_MAX_NAME_LEN
#endif

#define Z_KERNEL_MODULE_NAME(mt, smp, poll, fd, cpus, name_size, virtual_clock, ticks)             \
	kernel_built_with_MULTITHREADING_##mt##_SMP_##smp##_POLL_##poll##_MSGQ_FD_##fd             \
		##_SCHED_CPU_MASK_##cpus##_THREAD_NAME_##name_size##_VIRTUAL_CLOCK_##virtual_clock##_TICKS_PER_SEC_##ticks
#define Z_KERNEL_MODULE_EXPAND(...) Z_KERNEL_MODULE_NAME(__VA_ARGS__)
#define Z_KERNEL_MODULE                                                                            \
	Z_KERNEL_MODULE_EXPAND(IS_ENABLED(CONFIG_MULTITHREADING), IS_ENABLED(CONFIG_SMP),          \
			       IS_ENABLED(CONFIG_POLL), IS_ENABLED(CONFIG_MSGQ_FD),                \
			       IS_ENABLED(CONFIG_SCHED_CPU_MASK), Z_THREAD_NAME_SIZE,              \
			       IS_ENABLED(CONFIG_PORT_VIRTUAL_CLOCK),                              \
			       CONFIG_SYS_CLOCK_TICKS_PER_SEC)

#ifdef CONFIG_PORT_BARE

/* The symbol has no memory; the object file that defines it starts the library: see start.h. */
Z_LINKER_REQUIRE(STRINGIFY(Z_KERNEL_MODULE));

#ifdef CONFIG_LINKER_NOINIT
/* A script without a place for .noinit would put it where it may think that the heap is. */
Z_LINKER_REQUIRE("packet_io_noinit");
#endif

#else

#ifdef __cplusplus
extern "C" {
#endif

struct kernel_module;

extern struct kernel_module Z_KERNEL_MODULE __attribute__((visibility("hidden")));

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static struct kernel_module *const z_kernel_module __attribute__((used)) __retain =
	&Z_KERNEL_MODULE;

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_PORT_BARE */

#endif /* ZEPHYR_KERNEL_MODULE_H_ */
