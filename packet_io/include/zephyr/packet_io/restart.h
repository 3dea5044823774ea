/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Beyond the original API: stopping a pipeline and starting it again, in one process. Linux only.
 *
 * What feeds the pipeline from outside comes to rest first, by the application: devices, interrupts,
 * timers, threads that it created itself. packet_io_stop() then ends the threads of K_THREAD_DEFINE(),
 * each where it waits with nothing in its hands (<kernel/restart.h> says where that is), empties the queues
 * of all sinks that a definition macro made, and looks whether all buffers are home.
 */
#ifndef ZEPHYR_PACKET_IO_RESTART_H_
#define ZEPHYR_PACKET_IO_RESTART_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happens to events that are still queued. */
enum packet_io_stop_mode {
	PACKET_IO_DRAIN, /**< their handlers run, in the threads that process them as long as there are any */
	PACKET_IO_PURGE, /**< their buffers are released, no handler runs */
};

/**
 * Stop: static threads end, queues are empty, buffers are home.
 *
 * With PACKET_IO_DRAIN threads that wait for events go on until no thread does anything else and all buffers
 * are home, or none has come home for 100 ms; then they end, and what is left in queues is handled in the
 * calling thread. Its handlers should not wait for room in a queue there: nobody else empties it.
 *
 * Ownership: events that were queued are gone, with their references.
 * Context: one thread at a time, none of K_THREAD_DEFINE().   Blocks: up to @p timeout, and while a handler does.
 * Cost: O(sinks + pools) a millisecond.
 * @return 0; -EAGAIN if threads have not ended by then (those that hold it up, or the pools whose
 * buffers they wait for, are named on the console), or queues do not become empty: call again;
 * -EBUSY if all have ended but buffers are not home, each pool being named on the console: somebody
 * else holds them; -EDEADLK, nothing done, in a thread of K_THREAD_DEFINE(); -EINVAL if @p mode is none.
 */
int packet_io_stop(enum packet_io_stop_mode mode, k_timeout_t timeout);

/**
 * Start the threads of K_THREAD_DEFINE() again. Functions of SYS_INIT() do not run again, and wiring, runtime
 * connections and statistics are as they were.
 *
 * Context: thread.   Blocks: no.   Cost: O(those threads).
 * @return 0; -EBUSY, nothing done, if one of them runs; -EAGAIN if the system has no room for one.
 */
int packet_io_start(void);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_RESTART_H_ */
