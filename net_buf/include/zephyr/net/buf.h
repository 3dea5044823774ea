/* SPDX-License-Identifier: Apache-2.0 */
/** @file The older place of <zephyr/net_buf.h>. */
#ifndef ZEPHYR_NET_BUF_COMPAT_H_
#define ZEPHYR_NET_BUF_COMPAT_H_

#include <zephyr/net_buf.h>

#endif /* ZEPHYR_NET_BUF_COMPAT_H_ */
