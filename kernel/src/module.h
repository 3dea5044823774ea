/* SPDX-License-Identifier: Apache-2.0 */
/** @file How a module's start-up objects reach the kernel. */
#ifndef KERNEL_MODULE_IMPL_H_
#define KERNEL_MODULE_IMPL_H_

#include <zephyr/init.h>
#include <zephyr/kernel/thread.h>

#ifndef CONFIG_PORT_BARE

/** What one program or shared library defines at file scope. The bounds are constant. */
struct kernel_module {
	const struct init_entry *init_start;
	const struct init_entry *init_stop;
	const struct k_static_thread *threads_start;
	const struct k_static_thread *threads_stop;
	struct kernel_module *next; /**< the kernel's list, in the order of registration */
};

/*
 * Named after the options that change structures: a program does not start with a shared library of another
 * configuration, and the loader's message says which option it is.
 */
#define kernel_register UTIL_CAT(Z_KERNEL_MODULE, _register)

/** Add @p module. After kernel_init() it is too late: an error is printed and nothing runs. */
void kernel_register(struct kernel_module *module);

#endif

/** Run the start-up functions of all modules, by level and priority. Once, before main(). */
void kernel_init(void);

/** Start the threads of K_THREAD_DEFINE() of all modules. Once, before main(): see kernel/restart.h. */
void kernel_start_threads(void);

#endif /* KERNEL_MODULE_IMPL_H_ */
