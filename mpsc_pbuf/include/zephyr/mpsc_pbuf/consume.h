/* SPDX-License-Identifier: Apache-2.0 */
/** @file Claiming several packets, and waiting for one. Not there on Zephyr. */
#ifndef ZEPHYR_MPSC_PBUF_CONSUME_H_
#define ZEPHYR_MPSC_PBUF_CONSUME_H_

#include <zephyr/sys/mpsc_pbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Claim up to @p max packets, in their order, as mpsc_pbuf_claim() does; each is freed by itself.
 *
 * Context: the consumer; thread or ISR.   Blocks: never.
 * Cost: O(packets); in overwrite mode under one lock.
 * @return how many were stored at @p packets; -EINVAL if an argument is NULL.
 */
int mpsc_pbuf_claim_batch(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic **packets,
			  size_t max);

/**
 * Claim a packet, waiting for one if need be.
 *
 * Context: the consumer, a thread; in an ISR with K_NO_WAIT.   Blocks: up to @p timeout in all.
 * Cost: as mpsc_pbuf_claim(); two system calls when it sleeps.
 * @return NULL if there was none in time, or @p buffer is NULL.
 */
const union mpsc_pbuf_generic *mpsc_pbuf_claim_wait(struct mpsc_pbuf_buffer *buffer,
						    k_timeout_t timeout);

#ifdef CONFIG_POLL
/**
 * For k_poll(), the type and state of an event whose object is a buffer: ready while
 * mpsc_pbuf_is_pending().
 *
 * @code
 * struct k_poll_event event = K_POLL_EVENT_INITIALIZER(
 *         K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &buffer);
 * @endcode
 *
 * The buffer must be initialised before it is polled. Only the consumer polls it.
 */
#define K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE       K_POLL_TYPE_OBJECT
#define typed_K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE typed_K_POLL_TYPE_OBJECT
#define K_POLL_STATE_MPSC_PBUF_DATA_AVAILABLE      K_POLL_STATE_OBJECT_READY
#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_MPSC_PBUF_CONSUME_H_ */
