/* SPDX-License-Identifier: Apache-2.0 */
/** @file What start-up asks of threads. */
#ifndef KERNEL_THREAD_IMPL_H_
#define KERNEL_THREAD_IMPL_H_

#include <zephyr/kernel/thread.h>

/** Create the thread that @p as describes, with its name, and start it after @p delay. */
bool thread_launch(const struct k_static_thread *as, k_timeout_t delay);

/** Ask @p thread to end in the way of @p how, unless it was asked so, or more urgently, already. */
void thread_ask_to_end(struct k_thread *thread, enum thread_aborting how);

#endif /* KERNEL_THREAD_IMPL_H_ */
