/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A captured frame: a chain of buffers of one pool, each but the last full. Most frames fit in one;
 * those of a loopback interface or with offloading on can be far longer than a buffer can.
 */
#ifndef PACKET_ROUTER_FRAME_H_
#define PACKET_ROUTER_FRAME_H_

#include <stdint.h>

#include <zephyr/net_buf.h>

/** Bytes of a buffer of the pool. */
#define FRAME_BUFFER_SIZE 2048

/** Buffers in the pool. */
#define FRAME_BUFFERS 8192

/** Most bytes that are captured of a frame; libpcap's own limit. */
#define FRAME_SIZE_MAX 262144

/** Most fragments of a frame. */
#define FRAME_FRAGMENTS_MAX (FRAME_SIZE_MAX / FRAME_BUFFER_SIZE)

/** What is known of a frame besides its bytes: the user data of its first buffer. */
struct frame_info {
	int64_t seconds;   /**< when it was captured, since 1970 */
	uint32_t fraction; /**< of the second; micro- or nanoseconds, as the capture has them */
	uint32_t wire_len; /**< bytes it had on the wire; as many or fewer were captured */
};

/** @return the information of @p frame. */
static inline struct frame_info *frame_info(const struct net_buf *frame)
{
	return net_buf_user_data(frame);
}

#endif /* PACKET_ROUTER_FRAME_H_ */
