/* SPDX-License-Identifier: Apache-2.0 */
/** @file One pool more than there may be: the program must not reach main(). */
#include <zephyr/net_buf.h>

#include <stdio.h>

#define POOL(i, unused) NET_BUF_POOL_FIXED_DEFINE(pool_##i, 1, 1, 0, NULL)

BUILD_ASSERT(CONFIG_NET_BUF_POOL_MAX == 64);
LISTIFY(64, POOL, (;), ~);
#ifndef EXACTLY
NET_BUF_POOL_FIXED_DEFINE(one_more_pool, 1, 1, 0, NULL);
#endif

int main(void)
{
	puts("reached main");
	return net_buf_pool_get(63) != NULL && net_buf_pool_get(64) == NULL ? 0 : 1;
}
