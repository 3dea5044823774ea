/* SPDX-License-Identifier: Apache-2.0 */
/** @file What start-up asks of threads. */
#ifndef KERNEL_THREAD_IMPL_H_
#define KERNEL_THREAD_IMPL_H_

#include <zephyr/kernel/thread.h>

/** Create the thread that @p as describes, with its name, and start it after @p delay. */
bool thread_launch(const struct k_static_thread *as, k_timeout_t delay);

#endif /* KERNEL_THREAD_IMPL_H_ */
