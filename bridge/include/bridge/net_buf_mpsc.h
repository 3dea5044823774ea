/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A claimed packet of an mpsc_pbuf as a net_buf, by reference. Not there on Zephyr.
 *
 * The words of the packet stay where they are in the ring. When the last net_buf around them has
 * gone home the packet is freed there; its room is free when that of all older packets is.
 */
#ifndef BRIDGE_NET_BUF_MPSC_H_
#define BRIDGE_NET_BUF_MPSC_H_

#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/sys/mpsc_pbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make the claimed @p packet of @p ring a net_buf from @p pool, which NET_BUF_POOL_EXTERNAL_DEFINE()
 * defined. Its content begins at the packet's header and is all of the packet, without room before
 * or behind it. It is read only: the library looks at the header when the packet is freed. Clones
 * share it. Any number of packets may be under way, as many as @p pool has buffers.
 *
 * The packet is freed in the context of the last release, with no lock held, when the buffer is
 * home; producers that wait for room are served then.
 *
 * Ownership: takes the packet on success, which nobody frees by hand from then on; when it returns
 * NULL, nothing has changed, and it is still the caller's to free.
 * Context: thread; ISR with K_NO_WAIT. The last release: any.
 * Blocks: up to @p timeout, for a buffer.
 * Cost: O(1), two short locks; the last release as net_buf_unref(), mpsc_pbuf_free() and a lock.
 * @return the buffer, which the caller has; NULL if there was none in time, if the packet has more
 * than 65,535 bytes, or (asserts) if an argument is NULL, @p pool is of another kind, or @p packet
 * is not claimed, or not in @p ring.
 */
struct net_buf *__must_check net_buf_from_mpsc(struct net_buf_pool *pool,
					       struct mpsc_pbuf_buffer *ring,
					       const union mpsc_pbuf_generic *packet,
					       k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* BRIDGE_NET_BUF_MPSC_H_ */
