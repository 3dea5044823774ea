/* SPDX-License-Identifier: Apache-2.0 */
/** @file What a buffer has beyond a net_buf_simple, its count and its chain. */
#include "pool.h"

#include <errno.h>

BUILD_ASSERT(sizeof(struct net_buf) == offsetof(struct net_buf, user_data),
	     "user data stands directly behind a buffer");
BUILD_ASSERT(sizeof_field(struct net_buf, ref_word) == 4 &&
		     offsetof(struct net_buf, ref_word) ==
			     MIN(offsetof(struct net_buf, ref), offsetof(struct net_buf, pool_id)),
	     "count, flags and pool id are one word");
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
BUILD_ASSERT(offsetof(struct net_buf, ref) == offsetof(struct net_buf, ref_word) &&
		     offsetof(struct net_buf, flags) == offsetof(struct net_buf, ref) + 2 &&
		     offsetof(struct net_buf, pool_id) == offsetof(struct net_buf, ref) + 3,
	     "the count is the low half of the word");
#else
BUILD_ASSERT(offsetof(struct net_buf, pool_id) == offsetof(struct net_buf, ref_word) &&
		     offsetof(struct net_buf, flags) == offsetof(struct net_buf, pool_id) + 1 &&
		     offsetof(struct net_buf, ref) == offsetof(struct net_buf, pool_id) + 2,
	     "the count is the low half of the word");
#endif

void net_buf_reset(struct net_buf *buf)
{
	__ASSERT(buf->flags == 0, "reset of a buffer with flags 0x%02x", buf->flags);
	__ASSERT(buf->frags == NULL, "reset of a buffer with fragments");
	net_buf_simple_reset(&buf->b);
}

int net_buf_user_data_copy(struct net_buf *dst, const struct net_buf *src)
{
	if (dst == NULL || src == NULL || dst->user_data_size < src->user_data_size) {
		return -EINVAL;
	}
	if (dst != src) {
		memcpy(dst->user_data, src->user_data, src->user_data_size);
	}
	return 0;
}
