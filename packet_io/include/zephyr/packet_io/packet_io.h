/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Packet I/O: sources wired to sinks; every sink gets every packet, by reference.
 *
 *     source --+--> sink (immediate): its handler runs in the sender's context
 *              +--> sink (queued): an event goes to a queue; packet_event_process() runs the handler
 *
 * A packet is a net_buf, or a chain of them. Nothing is copied: a queued sink holds a reference
 * until its handler has run, an immediate one borrows the sender's.
 *
 * Handlers borrow: a handler must not release the buffer it is given. To keep it, or to chain it
 * behind another one, it takes a reference of its own with net_buf_ref() first. Handlers may call
 * any function here, on any source; no lock is held while they run.
 */
#ifndef ZEPHYR_PACKET_IO_PACKET_IO_H_
#define ZEPHYR_PACKET_IO_PACKET_IO_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>
#include <zephyr/packet_io/platform.h>

#ifdef __cplusplus
extern "C" {
#endif

struct packet_sink;
struct packet_sender;
struct packet_remover;

/**
 * What a sink does with a packet.
 *
 * Ownership: @p buf is borrowed. Context: an immediate sink's handler runs in the context of the
 * sender, which may be an ISR; a queued one's in that of packet_event_process().
 */
typedef void (*packet_handler_t)(struct packet_sink *sink, struct net_buf *buf);

/** When a sink's handler runs. */
enum packet_sink_mode {
	SINK_MODE_IMMEDIATE, /**< at once, in the sender's context */
	SINK_MODE_QUEUED,    /**< when packet_event_process() takes the event off the queue */
};

/** A queued delivery; holds one reference to buf. */
struct packet_event {
	struct packet_sink *sink;
	struct net_buf *buf;
};

/** A queue of events, shared by any number of sinks. In RAM; the events are in msgq. */
struct packet_event_queue {
#ifdef CONFIG_PACKET_IO_NAMES
	const char *name;
#endif
	struct k_msgq *msgq; /**< `<name>_msgq`; may be polled, its message is a packet_event */
#ifdef CONFIG_PACKET_IO_STATS
	atomic_t processed_count; /**< events taken off by packet_event_process() and handled */
#endif
};

/** A consumer of packets. In RAM. Fields other than the counters are the application's to set. */
struct packet_sink {
#ifdef CONFIG_PACKET_IO_NAMES
	const char *name;
#endif
	enum packet_sink_mode mode;
	packet_handler_t handler; /**< NULL: nothing is delivered */
	void *user_data;          /**< for the handler */
	struct k_msgq *msgq; /**< where events go in SINK_MODE_QUEUED; of struct packet_event */
#ifdef CONFIG_PACKET_IO_STATS
	struct packet_event_queue *queue; /**< whose processed_count to count; may be NULL */
	atomic_t handled_count;           /**< times the handler has run */
	atomic_t dropped_count;           /**< packets that found the queue full */
#endif
};

/** A producer of packets. In RAM. One filled with zeros is a source without a name. */
struct packet_source {
#ifdef CONFIG_PACKET_IO_NAMES
	const char *name;
#endif
	struct packet_sink **wired; /**< sinks of PACKET_CONNECT(); written once, at start-up */
	uint32_t wired_count;       /**< how many; written once, at start-up */
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	uint32_t runtime_count; /**< connections in sinks; written under lock, read without */
	sys_dlist_t sinks;      /**< runtime connections; guarded by lock */
	struct k_spinlock lock; /**< guards what follows and sinks; never while user code runs */
	struct packet_sender *senders;   /**< deliveries to sinks under way */
	struct packet_remover *removers; /**< calls of packet_connection_remove_sync() that wait */
#endif
#ifdef CONFIG_PACKET_IO_STATS
	atomic_t send_count;   /**< packets sent */
	atomic_t queued_total; /**< deliveries that succeeded, of both modes */
#endif
};

/** A connection made at run time. The application's memory, from add to remove. */
struct packet_connection {
	struct packet_source *source;
	struct packet_sink *sink;
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	sys_dnode_t node; /**< in source->sinks; guarded by its lock */
#endif
};

/** A connection made by PACKET_CONNECT(): constant, in flash on a microcontroller. */
struct packet_wire {
	struct packet_source *source;
	struct packet_sink *sink;
};

#ifdef __cplusplus
}
#endif

/* ---- definitions ---------------------------------------------------------------------------- */

/*
 * Checks of the macros' arguments, with a message that says which argument of which macro it is. C
 * would only warn about a pointer to the wrong type. They stand behind the definitions, so that
 * `static` may stand before them.
 */
#ifdef __cplusplus

extern "C++" {
template <class T> struct z_packet_accepts {
	static char test(T);
	static long test(...);
};

/* By type: a pointer is a queue; nullptr, and NULL, which is an integer, are none. */
template <class T> struct z_packet_mode {
	static constexpr enum packet_sink_mode value = SINK_MODE_IMMEDIATE;
};
template <class T> struct z_packet_mode<T *> {
	static constexpr enum packet_sink_mode value = SINK_MODE_QUEUED;
};
template <class T> struct z_packet_mode<T &> : z_packet_mode<T> {
};
template <class T> struct z_packet_mode<const T> : z_packet_mode<T> {
};
}

#define Z_PACKET_CHECK_TYPE(expression, type, message)                                             \
	BUILD_ASSERT(sizeof(z_packet_accepts<type>::test(expression)) == 1, message)
#define Z_PACKET_CHECK_MSGQ(msgq, message) Z_PACKET_CHECK_TYPE(msgq, struct k_msgq *, message)
/* The compiler says it as well, and would not have a lambda expression in an assertion. */
#define Z_PACKET_CHECK_HANDLER(handler, message) BUILD_ASSERT(true, message)

#define Z_PACKET_MODE(msgq) (z_packet_mode<decltype(msgq)>::value)

#else

#define Z_PACKET_CHECK_TYPE(expression, type, message)                                             \
	BUILD_ASSERT(__builtin_types_compatible_p(__typeof__(expression), type), message)
#define Z_PACKET_CHECK_MSGQ(msgq, message)                                                         \
	BUILD_ASSERT(_Generic((msgq), struct k_msgq *: true, void *: true, default: false), message)
#define Z_PACKET_CHECK_HANDLER(handler, message)                                                   \
	BUILD_ASSERT(_Generic((handler), packet_handler_t: true, void *: true, default: false), message)
#define Z_PACKET_MODE(msgq)                                                                        \
	_Generic((msgq), void *: SINK_MODE_IMMEDIATE, default: SINK_MODE_QUEUED)

#endif

#define Z_PACKET_HANDLER_MESSAGE                                                                   \
	"(): the handler must be a void (*)(struct packet_sink *, struct net_buf *)"

/* All that a definition leaves at zero; C++ compilers warn about fields that are not mentioned. */
#define Z_PACKET_SOURCE_REST                                                                       \
	.wired = NULL, .wired_count = 0,                                                           \
	IF_ENABLED(CONFIG_PACKET_IO_RUNTIME_OBSERVERS,                                             \
		   (.runtime_count = 0, .sinks = {}, .lock = {},                                   \
		    .senders = NULL, .removers = NULL,))                                           \
	IF_ENABLED(CONFIG_PACKET_IO_STATS, (.send_count = 0, .queued_total = 0,))
#define Z_PACKET_SINK_REST(_queue_ptr)                                                             \
	IF_ENABLED(CONFIG_PACKET_IO_STATS,                                                         \
		   (.queue = (_queue_ptr), .handled_count = 0, .dropped_count = 0,))

/*
 * A constant pointer to a source or sink, for those who look at all of them. What it points to is an
 * ordinary variable, so a microcontroller's linker script needs to know of constants only.
 */
#define Z_PACKET_LIST(_type, _name)                                                                \
	static TYPE_SECTION_ITERABLE(struct _type *const, z_##_type##_##_name, _type,              \
				     z_##_type##_##_name) = &_name

/** Make a source, sink or queue of another file known here. */
#define PACKET_SOURCE_DECLARE(_name) extern struct packet_source _name
#define PACKET_SINK_DECLARE(_name)   extern struct packet_sink _name
#define PACKET_EVENT_QUEUE_DECLARE(_name)                                                          \
	extern struct packet_event_queue _name;                                                    \
	extern struct k_msgq _name##_msgq

/** Define a source; in RAM. */
#define PACKET_SOURCE_DEFINE(_name)                                                                \
	struct packet_source _name = {                                                             \
		IF_ENABLED(CONFIG_PACKET_IO_NAMES, (.name = #_name,))                              \
		Z_PACKET_SOURCE_REST                                                               \
	};                                                                                         \
	Z_PACKET_LIST(packet_source, _name)

/** Define a queue of @p _size events and its k_msgq `<name>_msgq`; in RAM. */
#define PACKET_EVENT_QUEUE_DEFINE(_name, _size)                                                    \
	K_MSGQ_DEFINE(_name##_msgq, sizeof(struct packet_event), _size,                            \
		      __alignof__(struct packet_event));                                           \
	struct packet_event_queue _name = {                                                        \
		IF_ENABLED(CONFIG_PACKET_IO_NAMES, (.name = #_name,))                              \
		.msgq = &_name##_msgq,                                                             \
		IF_ENABLED(CONFIG_PACKET_IO_STATS, (.processed_count = 0,))                        \
	}

/** Define a sink whose handler runs in the sender's context; in RAM. */
#define PACKET_SINK_DEFINE_IMMEDIATE(_name, _handler)                                              \
	struct packet_sink _name = {                                                               \
		IF_ENABLED(CONFIG_PACKET_IO_NAMES, (.name = #_name,))                              \
		.mode = SINK_MODE_IMMEDIATE, .handler = (_handler), .user_data = NULL,             \
		.msgq = NULL, Z_PACKET_SINK_REST(NULL)                                             \
	};                                                                                         \
	Z_PACKET_LIST(packet_sink, _name);                                                         \
	Z_PACKET_CHECK_HANDLER(_handler, "PACKET_SINK_DEFINE_IMMEDIATE" Z_PACKET_HANDLER_MESSAGE)

/** Define a sink whose events go to the packet event queue named @p _queue; in RAM. */
#define PACKET_SINK_DEFINE_QUEUED(_name, _handler, _queue)                                         \
	struct packet_sink _name = {                                                               \
		IF_ENABLED(CONFIG_PACKET_IO_NAMES, (.name = #_name,))                              \
		.mode = SINK_MODE_QUEUED, .handler = (_handler), .user_data = NULL,                \
		.msgq = &_queue##_msgq, Z_PACKET_SINK_REST(&_queue)                                \
	};                                                                                         \
	Z_PACKET_LIST(packet_sink, _name);                                                         \
	Z_PACKET_CHECK_TYPE(&_queue, struct packet_event_queue *,                                  \
			    "PACKET_SINK_DEFINE_QUEUED(): the third argument must be the name of " \
			    "a packet_event_queue");                                               \
	Z_PACKET_CHECK_HANDLER(_handler, "PACKET_SINK_DEFINE_QUEUED" Z_PACKET_HANDLER_MESSAGE)

/**
 * Define a sink with @p _data for its handler; queued in @p _msgq, immediate if that is NULL; in
 * RAM.
 */
#define PACKET_SINK_DEFINE_WITH_DATA(_name, _handler, _msgq, _data)                                \
	struct packet_sink _name = {                                                               \
		IF_ENABLED(CONFIG_PACKET_IO_NAMES, (.name = #_name,))                              \
		.mode = Z_PACKET_MODE(_msgq), .handler = (_handler), .user_data = (_data),         \
		.msgq = (_msgq), Z_PACKET_SINK_REST(NULL)                                          \
	};                                                                                         \
	Z_PACKET_LIST(packet_sink, _name);                                                         \
	Z_PACKET_CHECK_MSGQ(_msgq, "PACKET_SINK_DEFINE_WITH_DATA(): the third argument must "      \
				   "point to a k_msgq, or be NULL");                               \
	Z_PACKET_CHECK_HANDLER(_handler, "PACKET_SINK_DEFINE_WITH_DATA" Z_PACKET_HANDLER_MESSAGE)

/**
 * Wire a source to a sink, for good: a constant of two pointers, in flash on a microcontroller.
 * The wires of a file are served in the order in which they stand in it.
 */
#define PACKET_CONNECT(_source_ptr, _sink_ptr)                                                     \
	static const STRUCT_SECTION_ITERABLE(packet_wire,                                          \
					     UTIL_CAT(z_packet_wire_, __COUNTER__))                \
		Z_PACKET_IN_ORDER = {(_source_ptr), (_sink_ptr)};                                  \
	Z_PACKET_SLOT;                                                                             \
	Z_PACKET_CHECK_TYPE(_source_ptr, struct packet_source *,                                   \
			    "PACKET_CONNECT(): the first argument must point to a packet_source"); \
	Z_PACKET_CHECK_TYPE(_sink_ptr, struct packet_sink *,                                       \
			    "PACKET_CONNECT(): the second argument must point to a packet_sink")

/** The same with names instead of pointers. */
#define PACKET_SOURCE_CONNECT(_source, _sink) PACKET_CONNECT(&_source, &_sink)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sending -------------------------------------------------------------------------------- */

/**
 * Send a packet to every sink of @p src and keep the caller's reference.
 *
 * Sinks that are wired are served first, in order, then runtime connections in the order in which
 * they were added. A full queue costs that sink the packet (counted); the others still get it. When
 * @p timeout has passed, the sinks that are left are tried without waiting.
 *
 * Ownership: @p buf stays the caller's; each queued sink that took it has a reference of its own.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout in all, only on full queues.
 * Cost: O(sinks of @p src).
 * @return sinks that took the packet, -EINVAL if an argument is NULL or @p buf has no reference.
 * If a handler released the buffer it borrowed, and it was the last reference, that is reported,
 * the send stops, and the deliveries so far are returned.
 */
int packet_source_send(struct packet_source *src, struct net_buf *buf, k_timeout_t timeout);

/**
 * Send a packet to every sink of @p src and give up the caller's reference.
 *
 * As packet_source_send(), cheaper by one reference where the last sink is a queued one.
 *
 * Ownership: the caller's reference is gone on return, delivered or not; on -EINVAL it is still the
 * caller's.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout in all, only on full queues.
 * Cost: O(sinks of @p src).
 * @return sinks that took the packet, -EINVAL if an argument is NULL or @p buf has no reference.
 */
int packet_source_send_consume(struct packet_source *src, struct net_buf *buf, k_timeout_t timeout);

/* ---- processing ----------------------------------------------------------------------------- */

/**
 * Take one event off @p queue, run its sink's handler, release the event's reference.
 *
 * Ownership: what the event held is gone; @p queue stays the caller's.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: while the queue is empty, up to @p timeout.
 * Cost: constant, and the handler.
 * @return 0; -EAGAIN if no event came in time; -EINVAL if @p queue is NULL or has no msgq of events,
 * or the event was damaged (its buffer, if it had one, is released); -EFAULT if the handler released
 * the buffer it borrowed.
 */
int packet_event_queue_process(struct packet_event_queue *queue, k_timeout_t timeout);

/** The same for the queue of a queued sink; handlers of other sinks on that queue run as well. */
int packet_sink_process(struct packet_sink *sink, k_timeout_t timeout);

#ifdef __cplusplus
}

/** packet_event_queue_process() or packet_sink_process(), by the type of the first argument. */
static inline int packet_event_process(struct packet_event_queue *queue, k_timeout_t timeout)
{
	return packet_event_queue_process(queue, timeout);
}

static inline int packet_event_process(struct packet_sink *sink, k_timeout_t timeout)
{
	return packet_sink_process(sink, timeout);
}

static inline int packet_event_process(decltype(nullptr), k_timeout_t timeout)
{
	return packet_event_queue_process(nullptr, timeout);
}

extern "C" {
#else
/** packet_event_queue_process() or packet_sink_process(), by the type of the first argument. */
#define packet_event_process(queue_or_sink, timeout)                                               \
	_Generic((queue_or_sink),                                                                  \
		struct packet_event_queue *: packet_event_queue_process,                           \
		struct packet_sink *: packet_sink_process,                                         \
		void *: packet_event_queue_process)(queue_or_sink, timeout)
#endif

/* ---- wiring at run time --------------------------------------------------------------------- */

#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS

/**
 * Connect @p conn->source to @p conn->sink.
 *
 * Legal while others send, and in a handler; a send that has begun does not see the new connection.
 * From then on the source knows of each send under way, on its sender's stack: no thread that may be in
 * one may be ended by k_thread_abort(). packet_io_stop() (<zephyr/packet_io/restart.h>) lets it come out.
 * Ownership: @p conn is the source's until it is removed: static or allocated memory, zeroed at
 * first, not on the stack.
 * Context: any.   Blocks: no.   Cost: O(sinks of the source), those connected at run time under its
 * lock.
 * @return 0; -EINVAL if @p conn or a field is NULL or, with CONFIG_PACKET_IO_RUNTIME_STACK_CHECK,
 * @p conn is on the caller's stack; -EBUSY if @p conn is connected already; -EALREADY if this source
 * has this sink already, wired or not.
 */
int packet_connection_add(struct packet_connection *conn);

/**
 * Disconnect @p conn.
 *
 * Legal while others send, and in a handler, that of this connection included. A delivery that has
 * begun in another context, or is queued, may still run: the sink must live on. To wait for those
 * that have begun there is packet_connection_remove_sync() in <zephyr/packet_io/connection.h>.
 * Ownership: on 0, @p conn is the caller's again.
 * Context: any.   Blocks: no.   Cost: O(sinks of the source that were connected at run time), under
 * its lock.
 * @return 0; -EINVAL if @p conn or its source is NULL; -ENOENT if it is not connected.
 */
int packet_connection_remove(struct packet_connection *conn);

#endif /* CONFIG_PACKET_IO_RUNTIME_OBSERVERS */

/* ---- statistics ----------------------------------------------------------------------------- */

#ifdef CONFIG_PACKET_IO_STATS

/**
 * Read the counters of @p src: packets sent, deliveries that succeeded. Any argument may be NULL;
 * what is asked of a NULL source is 0. Context: any. Cost: constant.
 */
void packet_source_get_stats(struct packet_source *src, uint32_t *send_count,
			     uint32_t *queued_total);

/** Read the counters of @p sink: times handled, packets dropped. As packet_source_get_stats(). */
void packet_sink_get_stats(struct packet_sink *sink, uint32_t *handled_count,
			   uint32_t *dropped_count);

/** Set the counters to 0. NULL does nothing. Context: any. Cost: constant. */
void packet_source_reset_stats(struct packet_source *src);
void packet_sink_reset_stats(struct packet_sink *sink);

#endif /* CONFIG_PACKET_IO_STATS */

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_PACKET_IO_H_ */
