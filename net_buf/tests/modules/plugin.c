/* SPDX-License-Identifier: Apache-2.0 */
/** @file A library loaded while the program runs, with a pool of its own. */
#include "plugin.h"

NET_BUF_POOL_FIXED_DEFINE(plugin_pool, 3, 40, 2, NULL);

struct net_buf_pool *plugin_pool_get(void)
{
	return &plugin_pool;
}

struct net_buf *plugin_alloc(void)
{
	struct net_buf *buf = net_buf_alloc(&plugin_pool, K_NO_WAIT);

	if (buf != NULL) {
		net_buf_add_le32(buf, 0x12345678);
	}
	return buf;
}
