/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Of Zephyr's buffers, what Packet I/O touches: the count, a byte, with what lies beside it; since
 * 4.5 the lowest byte of an atomic word. The layout is that of a little-endian machine.
 */
#ifndef STAND_IN_ZEPHYR_NET_BUF_H_
#define STAND_IN_ZEPHYR_NET_BUF_H_

#include <zephyr/kernel.h>

struct net_buf {
	struct net_buf *frags;
	union {
#if STAND_IN_MAJOR * 100 + STAND_IN_MINOR >= 405
		atomic_t ref_word;
#endif
		struct {
			uint8_t ref;
			uint8_t flags;
			uint8_t pool_id;
			uint8_t user_data_size;
		};
	};
};

/* Under a name of its own beside this project's. */
#define net_buf_unref stand_in_net_buf_unref

void net_buf_unref(struct net_buf *buf);

#endif /* STAND_IN_ZEPHYR_NET_BUF_H_ */
