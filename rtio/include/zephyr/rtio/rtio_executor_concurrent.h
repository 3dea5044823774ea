/* SPDX-License-Identifier: Apache-2.0 */
/** @file Executors are all in one header now. */
#ifndef ZEPHYR_RTIO_RTIO_EXECUTOR_CONCURRENT_H_
#define ZEPHYR_RTIO_RTIO_EXECUTOR_CONCURRENT_H_

#include <zephyr/rtio/executor.h>

#endif /* ZEPHYR_RTIO_RTIO_EXECUTOR_CONCURRENT_H_ */
