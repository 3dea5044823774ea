/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Chains of I/O buffers as chains of net_bufs, and back. Not there on Zephyr.
 *
 *     iob  ->  iob  ->  iob             net_buf_from_iob(): each becomes the storage of a fragment
 *      ^        ^        ^
 *     frag ->  frag ->  frag            iob_from_net_buf(): each becomes that of an I/O buffer
 *
 * No byte is copied, but where iob_from_net_buf() says so.
 */
#ifndef BRIDGE_NET_BUF_IOB_H_
#define BRIDGE_NET_BUF_IOB_H_

#include <nuttx/mm/iob.h>
#include <zephyr/kernel/mem_slab.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make the chain @p iob a chain of net_bufs from @p pool, which NET_BUF_POOL_EXTERNAL_DEFINE()
 * defined: one fragment for each I/O buffer, empty ones too. The memory of a fragment is all of its
 * I/O buffer's: what is before io_offset is headroom, what is behind the data tailroom. The content
 * are the io_len bytes of each; io_pktlen is not looked at. Clones share the memory.
 *
 * An I/O buffer is freed when the last net_buf around it has gone home: each by itself when
 * fragments are released one by one, all of them when a packet is released as a whole. It is freed as
 * iob_free() does, so that who waits for one gets it; in the context of that release, with no lock
 * held, when its net_buf is home.
 *
 * Ownership: takes the chain on success: from then on nobody uses the headers. When it returns NULL
 * nothing has changed, and the chain is still the caller's.
 * Context: thread; ISR with K_NO_WAIT. Releases: any.
 * Blocks: up to @p timeout in all, for net_bufs, keeping those it has: where several contexts wait
 * for parts of one pool, only a timeout ends a wait that each has for the other.
 * Cost: O(buffers), two short locks each; the release one more each than net_buf_unref() and
 * iob_free().
 * @return the first fragment, which the caller has; NULL if there were not enough net_bufs in time,
 * if @p pool never has as many, or (asserts) if an argument is NULL, @p pool is of another kind, or
 * @p iob is not a chain: a buffer in it is free, or its data are not inside its memory.
 */
struct net_buf *__must_check net_buf_from_iob(struct net_buf_pool *pool, struct iob_s *iob,
					      k_timeout_t timeout);

#ifdef CONFIG_IOB_ALLOC

/** Whether iob_from_net_buf() copies. */
#define IOB_FROM_NET_BUF_COPIES 0

/** The header of an I/O buffer around a fragment; the library's. */
struct iob_net_buf {
	struct iob_s iob;        /**< the first member */
	struct net_buf *frag;    /**< the fragment; this has a reference to it */
	struct k_mem_slab *home; /**< where the header goes when the I/O buffer is freed */
};

/**
 * Define a slab of @p _count headers for iob_from_net_buf(), for this file. One is used for each
 * fragment under way. RAM: the slab, and a struct iob_net_buf each; where bytes are copied only
 * the slab.
 */
#define IOB_NET_BUF_SLAB_DEFINE(_name, _count)                                                     \
	K_MEM_SLAB_DEFINE_STATIC(_name, sizeof(struct iob_net_buf), _count,                        \
				 __alignof__(struct iob_net_buf))

#else

#define IOB_FROM_NET_BUF_COPIES 1

#define IOB_NET_BUF_SLAB_DEFINE(_name, _count)                                                     \
	static struct k_mem_slab _name = Z_MEM_SLAB_INITIALIZER(_name, NULL, sizeof(void *), 0)

#endif

/**
 * Make the packet @p buf a chain of I/O buffers.
 *
 * With CONFIG_IOB_ALLOC by reference: one I/O buffer, with a header from @p headers, for each
 * fragment, empty ones too; its memory is the fragment's, headroom and tailroom included. Each has a
 * reference to its fragment and releases it when it is freed, in that context. @p throttled means
 * nothing. The chain of fragments is not changed, and others may have references to it; who writes
 * to the I/O buffers must agree with them, as with net_bufs. (iob_pack(), iob_contig() and
 * iob_copyin() write, those that trim do not.)
 *
 * Without it, the bytes are copied to as few buffers of the pool as they need, one at least, with
 * data from the very beginning of each; @p throttled leaves the reserve alone, and @p headers is not
 * used. The packet is released before the call returns.
 *
 * Ownership: takes the caller's reference to @p buf on success; the chain is the caller's. When it
 * returns NULL nothing has changed, and the reference is still the caller's.
 * Context: thread; ISR with K_NO_WAIT. Freeing: any.
 * Blocks: up to @p timeout in all, for headers, or for buffers (whole milliseconds of it); keeps
 * what it has meanwhile, as net_buf_from_iob().
 * Cost: O(fragments), a short lock and an atomic each; O(bytes) where it copies.
 * @return the chain; NULL if there were not enough headers or buffers in time, if there never are as
 * many, if a fragment has NET_BUF_REF_MAX references already, or (asserts) if @p headers or
 * @p buf is NULL, @p headers is another slab, or @p buf has no reference.
 */
struct iob_s *__must_check iob_from_net_buf(struct k_mem_slab *headers, struct net_buf *buf,
					    bool throttled, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* BRIDGE_NET_BUF_IOB_H_ */
