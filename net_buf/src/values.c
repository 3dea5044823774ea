/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Numbers at both ends of a net_buf_simple. The 48 functions differ in nothing but width, byte
 * order and end, so two macros write them: VALUES(16, 2, uint16_t) gives the eight for 16 bits.
 */
#include <zephyr/net_buf/simple.h>
#include <zephyr/net_buf/values.h>
#include <zephyr/sys/byteorder.h>

/* The four for one byte order: sys_put_<order>() and sys_get_<order>() at four places. */
#define VALUES_IN_ORDER(order, bytes, type)                                                        \
	void net_buf_simple_add_##order(struct net_buf_simple *buf, type val)                      \
	{                                                                                          \
		uint8_t *at = net_buf_simple_add(buf, bytes);                                      \
                                                                                                   \
		if (at != NULL) {                                                                  \
			sys_put_##order(val, at);                                                  \
		}                                                                                  \
	}                                                                                          \
                                                                                                   \
	void net_buf_simple_push_##order(struct net_buf_simple *buf, type val)                     \
	{                                                                                          \
		uint8_t *at = net_buf_simple_push(buf, bytes);                                     \
                                                                                                   \
		if (at != NULL) {                                                                  \
			sys_put_##order(val, at);                                                  \
		}                                                                                  \
	}                                                                                          \
                                                                                                   \
	type net_buf_simple_remove_##order(struct net_buf_simple *buf)                             \
	{                                                                                          \
		const uint8_t *at = net_buf_simple_remove_mem(buf, bytes);                         \
                                                                                                   \
		return at != NULL ? sys_get_##order(at) : 0;                                       \
	}                                                                                          \
                                                                                                   \
	type net_buf_simple_pull_##order(struct net_buf_simple *buf)                               \
	{                                                                                          \
		const uint8_t *at = net_buf_simple_pull_mem(buf, bytes);                           \
                                                                                                   \
		return at != NULL ? sys_get_##order(at) : 0;                                       \
	}

#define VALUES(bits, bytes, type)                                                                  \
	VALUES_IN_ORDER(le##bits, bytes, type)                                                     \
	VALUES_IN_ORDER(be##bits, bytes, type)

VALUES(16, 2, uint16_t)
VALUES(24, 3, uint32_t)
VALUES(32, 4, uint32_t)
VALUES(40, 5, uint64_t)
VALUES(48, 6, uint64_t)
VALUES(64, 8, uint64_t)
