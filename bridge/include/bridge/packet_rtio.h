/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Devices for requests at both ends of packet_io: reads that repeat are a source, writes are a sink. Not
 * there on Zephyr.
 *
 * @code
 * RTIO_NET_BUF_POOL_DEFINE(frames, 16, 16, 256, 4, 0, NULL);
 * PACKET_RTIO_READER_DEFINE(frame_reader, frames, 1);
 * PACKET_SOURCE_RTIO_DEFINE(from_uart, &frame_reader, &uart.iodev);
 * PACKET_SINK_RTIO_DEFINE(to_spi, &spi.iodev, 4, 1);
 * PACKET_CONNECT(&from_uart, &to_spi);
 *
 * packet_source_rtio_start(&from_uart_rtio);
 * for (;;) {
 *         packet_rtio_process(&frame_reader, K_FOREVER);
 * }
 * @endcode
 *
 * What is read lands in the memory of a buffer of the pool, is sent by reference, and is written from
 * there. The buffer goes home when the last sink lets go; a sink does when its write has ended.
 *
 * When the pool has no memory the source pauses: nothing is read, and what comes meanwhile stays with
 * the device, which pushes back to its peer if it can. It goes on when memory comes home, by itself.
 *
 * Unless something else is said. Ownership: a handler borrows its buffer. Context: any. Blocks:
 * never. Cost: one short lock, and the device.
 */
#ifndef BRIDGE_PACKET_RTIO_H_
#define BRIDGE_PACKET_RTIO_H_

#include <bridge/net_buf_rtio.h>

#include <zephyr/packet_io/packet_io.h>
#include <zephyr/rtio/cancel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sources --------------------------------------------------------------------------------- */

/** The reads of any number of sources into one pool, and who serves them. Made by the macro. */
struct packet_rtio_reader {
	struct rtio *r;            /**< of these reads alone; constant */
	struct net_buf_pool *pool; /**< constant */
	struct rtio_cqe *held;     /**< waits for a net_buf; of who processes */
};

/**
 * Define a reader for up to @p _sources sources, with memory of the pool named @p _pool of this file.
 * RAM: a context with two requests per source, and completions for all blocks.
 */
#define PACKET_RTIO_READER_DEFINE(_name, _pool, _sources)                                          \
	RTIO_DEFINE_WITH_NET_BUF_POOL(                                                      \
		_name##_context, _pool, 2 * (_sources),                                            \
		ARRAY_SIZE(rtio_net_buf_shares_##_pool) + 2 * (_sources));                         \
	struct packet_rtio_reader _name = {&_name##_context, &_pool, NULL}

/** Where a source is. */
enum packet_source_rtio_state {
	PACKET_SOURCE_RTIO_IDLE,    /**< it can be started */
	PACKET_SOURCE_RTIO_READING, /**< its read is under way */
	PACKET_SOURCE_RTIO_PAUSED,  /**< there is no memory; it goes on when some comes home */
};

struct packet_source_rtio;

/**
 * @p src has ended: -ENODATA at the end of what there is to be read, -ECANCELED when it was stopped,
 * else what the device says. It is idle; this may start it again. Context: packet_rtio_process().
 */
typedef void (*packet_source_rtio_ended_t)(struct packet_source_rtio *src, int result);

/** The reading half of a source. The application sets `timeout`, `ended` and `iodev`, while it is idle. */
struct packet_source_rtio {
	struct packet_source *source;
	struct packet_rtio_reader *reader;
	const struct rtio_iodev *iodev;   /**< who reads; it offers multishot reads */
	k_timeout_t timeout;              /**< for each packet that is sent, when queues are full */
	packet_source_rtio_ended_t ended; /**< NULL: nobody wants to know */
	uint32_t
		packets; /**< that it has sent; wraps, like the next ones, and is read at any time */
	uint32_t pauses;  /**< times that there was no memory */
	uint32_t refused; /**< reads that no net_buf can hold: longer than 65,535 bytes */
	/* The rest is the library's. */
	struct k_spinlock lock; /**< guards what follows */
	enum packet_source_rtio_state state;
	bool stop;                /**< it is to end */
	rtio_sqe_handle_t handle; /**< of its read */
	struct rtio_net_buf_waiter waiter;
};

/* What the waiter of a source calls. */
void z_packet_source_rtio_home(struct rtio_net_buf_waiter *waiter);

/**
 * Define source @p _name, as PACKET_SOURCE_DEFINE(), and its reading half `<name>_rtio`: what @p _iodev
 * reads, through @p _reader; both are pointers. In RAM. It sends with K_NO_WAIT; with another `timeout`
 * full queues push back to the device.
 */
#define PACKET_SOURCE_RTIO_DEFINE(_name, _reader, _iodev)                                          \
	PACKET_SOURCE_DEFINE(_name);                                                               \
	struct packet_source_rtio _name##_rtio = {                                                 \
		&_name,                                                                            \
		(_reader),                                                                         \
		(_iodev),                                                                          \
		{0},                                                                               \
		NULL,                                                                              \
		0,                                                                                 \
		0,                                                                                 \
		0,                                                                                 \
		{},                                                                                \
		PACKET_SOURCE_RTIO_IDLE,                                                           \
		false,                                                                             \
		0,                                                                                 \
		{NULL, false, z_packet_source_rtio_home}}

/**
 * Begin to read.
 * Context: any.   Blocks: no.
 * @return 0; -EALREADY if it is not idle; -ENOMEM if the reader has more sources than it was defined for.
 */
int packet_source_rtio_start(struct packet_source_rtio *src);

/**
 * Stop reading. What has been read is still sent; then packet_rtio_process() says that it has ended. As
 * everywhere, a read that has just succeeded may end as cancelled: at most this one is lost.
 * Context: any.   Blocks: no.   @return 0; -EALREADY if it is idle, or being stopped.
 */
int packet_source_rtio_stop(struct packet_source_rtio *src);

/** @return where it is, at some moment of the call. Context: any. */
enum packet_source_rtio_state packet_source_rtio_state_get(struct packet_source_rtio *src);

/**
 * Take what one read of @p reader has brought and send it, or note how a source has ended.
 *
 * Context: thread; ISR with K_NO_WAIT; one at a time for a reader.
 * Blocks: up to @p timeout for something to come, and for a net_buf; then as long as the source's
 * timeout says.   Cost: as rtio_cqe_get_net_buf() and packet_source_send_consume().
 * @return 0; -EAGAIN if nothing came in time; -ENOBUFS if the pool had no net_buf in time, and what came
 * is kept for the next call.
 */
int packet_rtio_process(struct packet_rtio_reader *reader, k_timeout_t timeout);

/**
 * @return reads that were lost because the completions of @p reader were all in use; wraps. There is one
 * for each block, so only datagrams of no bytes, which come without one, can be that many.
 */
uint32_t packet_rtio_reader_lost(const struct packet_rtio_reader *reader);

/* ---- sinks ----------------------------------------------------------------------------------- */

struct packet_sink_rtio;

/**
 * The write of @p buf has ended: @p result is 0 or more, or a negative errno value.
 *
 * Ownership: @p buf is borrowed; to write it again later, take a reference.
 * Context: that in which the write ended, perhaps an ISR or the engine's thread, or still in the
 * sender's. No lock is held. It does not wait, and does not write to the same sink.
 */
typedef void (*packet_sink_rtio_ended_t)(struct packet_sink_rtio *sink, struct net_buf *buf,
					 int result);

/** The writing half of a sink. The application sets `timeout` and `ended`, before it is connected. */
struct packet_sink_rtio {
	struct rtio *r;                 /**< of these writes alone; constant */
	const struct rtio_iodev *iodev; /**< who writes; changed only while it is held */
	uint32_t depth;                 /**< packets under way at once; constant */
	k_timeout_t timeout;            /**< how long a sender waits for room (not in an ISR) */
	packet_sink_rtio_ended_t ended; /**< NULL: nobody wants to know */
	uint32_t
		written; /**< packets whose write went well; wraps, like the next ones; read any time */
	uint32_t failed;   /**< packets whose write did not */
	uint32_t dropped;  /**< packets that found no room, or were too many fragments */
	struct k_sem room; /**< how many more can be under way; the library's */
};

/** The handler of these sinks. */
void packet_sink_rtio_write(struct packet_sink *sink, struct net_buf *buf);

/**
 * Define sink @p _name, as PACKET_SINK_DEFINE_IMMEDIATE(), and its writing half `<name>_rtio`: packets go
 * out by @p _iodev, a pointer. Up to @p _depth are under way, of @p _frags fragments each on average; the
 * device does them in the order in which they were sent. A chain of fragments is one write,
 * gathered (a transaction), of at most CONFIG_BRIDGE_RTIO_FRAGMENTS that are not empty.
 *
 * When there is no room the packet is dropped and counted; with a `timeout` the sender waits first.
 * Stack of the sender: a struct rtio_sqe for each of CONFIG_BRIDGE_RTIO_FRAGMENTS, and one.
 * RAM: a context of as many requests as fragments, and one for each packet and one.
 */
#define PACKET_SINK_RTIO_DEFINE(_name, _iodev, _depth, _frags)                                     \
	RTIO_DEFINE(_name##_context, (_depth) * ((_frags) + 1) + 1, 1);                     \
	struct packet_sink_rtio _name##_rtio = {&_name##_context,                                  \
						(_iodev),                                          \
						(_depth),                                          \
						{0},                                               \
						NULL,                                              \
						0,                                                 \
						0,                                                 \
						0,                                                 \
						Z_SEM_INITIALIZER(_name##_rtio.room, _depth, _depth)}; \
	PACKET_SINK_DEFINE_WITH_DATA(_name, packet_sink_rtio_write, NULL, &_name##_rtio)

/**
 * Make @p half the writing half of @p sink at run time, as the macro would, with @p r, of which it has
 * all requests from then on. A name that @p sink has stays.
 * Context: before anybody uses it.   @return 0; -EINVAL if @p depth is 0.
 */
int packet_sink_rtio_init(struct packet_sink_rtio *half, struct packet_sink *sink, struct rtio *r,
			  const struct rtio_iodev *iodev, uint32_t depth);

/**
 * Wait until all that is under way has ended, and let nothing begin until packet_sink_rtio_resume():
 * the device can be closed, or another one put in its place. Packets that come meanwhile find no room.
 *
 * Context: thread; ISR with K_NO_WAIT; one at a time.   Blocks: up to @p timeout.
 * @return 0; -EAGAIN if something is still under way, and nothing has changed.
 */
int packet_sink_rtio_hold(struct packet_sink_rtio *half, k_timeout_t timeout);

/** Undo it. Context: any. */
void packet_sink_rtio_resume(struct packet_sink_rtio *half);

/**
 * Cancel the writes under way; each ends with -ECANCELED, or as it did if that came first.
 * Context: any.   @return how many requests were asked to stop.
 */
uint32_t packet_sink_rtio_cancel(struct packet_sink_rtio *half);

/** @return packets under way, at some moment of the call; all of `depth` while it is held. */
uint32_t packet_sink_rtio_pending(struct packet_sink_rtio *half);

#ifdef __cplusplus
}
#endif

#endif /* BRIDGE_PACKET_RTIO_H_ */
