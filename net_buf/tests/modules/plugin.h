/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the loaded library offers. */
#ifndef NET_BUF_TESTS_PLUGIN_H_
#define NET_BUF_TESTS_PLUGIN_H_

#include <zephyr/net_buf.h>

struct net_buf_pool *plugin_pool_get(void);

/* A buffer of its pool, with four bytes. */
struct net_buf *plugin_alloc(void);

#endif /* NET_BUF_TESTS_PLUGIN_H_ */
