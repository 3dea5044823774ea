/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Network buffers: reference-counted buffers from fixed pools, chained without copying.
 *
 * Everything Zephyr's <zephyr/net_buf.h> has, under the same names. One header for each concept:
 *
 *   <zephyr/net_buf/simple.h>   a piece of memory that grows and shrinks at both ends
 *   <zephyr/net_buf/buf.h>      struct net_buf: that, with a pool, a count and a chain
 *   <zephyr/net_buf/values.h>   numbers of 16 to 64 bits in either byte order
 *   <zephyr/net_buf/pool.h>     where buffers come from and go home to
 *   <zephyr/net_buf/alloc.h>    allocate, clone
 *   <zephyr/net_buf/ref.h>      share and release
 *   <zephyr/net_buf/frag.h>     chains of fragments
 *   <zephyr/net_buf/queue.h>    through FIFOs and lists
 *
 * What Zephyr has not is in headers that are not included here:
 *
 *   <zephyr/net_buf/aligned.h>    fixed pools with an alignment of their own
 *   <zephyr/net_buf/external.h>   buffers around the user's storage, with a release callback
 *   <zephyr/net_buf/ref_many.h>   take or drop several references at once
 *   <zephyr/net_buf/watch.h>      low-water marks; how many buffers are at home
 *
 * Ownership, in the words of these headers. A reference is a right to use a buffer and the duty to
 * release it. A function that
 *   - borrows a buffer leaves its reference with the caller;
 *   - takes a buffer has its reference from then on, whatever the function returns;
 *   - takes on success leaves it with the caller when it fails.
 *
 * Misuse that can be detected (NULL, a buffer without a reference, a request beyond what a buffer
 * can hold) asserts; with assertions off the call does nothing and returns NULL, 0 or an error.
 */
#ifndef ZEPHYR_NET_BUF_H_
#define ZEPHYR_NET_BUF_H_

#include <zephyr/kernel.h>

#include <zephyr/net_buf/simple.h>
#include <zephyr/net_buf/buf.h>
#include <zephyr/net_buf/values.h>
#include <zephyr/net_buf/pool.h>
#include <zephyr/net_buf/alloc.h>
#include <zephyr/net_buf/ref.h>
#include <zephyr/net_buf/frag.h>
#include <zephyr/net_buf/queue.h>

#endif /* ZEPHYR_NET_BUF_H_ */
