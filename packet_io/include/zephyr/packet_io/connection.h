/* SPDX-License-Identifier: Apache-2.0 */
/** @file Beyond the original API: disconnecting and waiting for deliveries that have begun. */
#ifndef ZEPHYR_PACKET_IO_CONNECTION_H_
#define ZEPHYR_PACKET_IO_CONNECTION_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Disconnect @p conn and wait until no delivery through it is under way in another context, so that
 * what its immediate handler uses may go. Events already queued stay queued.
 *
 * Context: thread, not a handler that is being run for a runtime connection of the same source; not
 * one that may be ended by k_thread_abort() meanwhile.
 * Blocks: up to @p timeout, for handlers that run and for sends that wait for room in a queue.
 * @return 0; -EINVAL and -ENOENT as packet_connection_remove(); -EDEADLK in such a handler (nothing
 * is removed); -EAGAIN if @p timeout passed: it is disconnected, but a delivery still runs.
 */
int packet_connection_remove_sync(struct packet_connection *conn, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_CONNECTION_H_ */
