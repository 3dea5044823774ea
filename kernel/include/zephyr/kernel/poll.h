/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Waiting for several objects at once, and poll signals.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant; O(waiting threads) to
 * wake one.
 */
#ifndef ZEPHYR_KERNEL_POLL_H_
#define ZEPHYR_KERNEL_POLL_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/poll_q.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_fifo;
struct k_lifo;
struct k_msgq;
struct k_queue;
struct k_sem;
struct k_poll_signal;
struct waiter;

/** What an event waits for. */
#define K_POLL_TYPE_IGNORE              0      /**< nothing: the event is passed over */
#define K_POLL_TYPE_SIGNAL              BIT(0) /**< a poll signal that was raised */
#define K_POLL_TYPE_SEM_AVAILABLE       BIT(1) /**< a count above 0 */
#define K_POLL_TYPE_DATA_AVAILABLE      BIT(2) /**< an item in a queue, fifo or lifo */
#define K_POLL_TYPE_FIFO_DATA_AVAILABLE K_POLL_TYPE_DATA_AVAILABLE
#define K_POLL_TYPE_MSGQ_DATA_AVAILABLE BIT(3) /**< a message */
#define K_POLL_TYPE_OBJECT              BIT(4) /**< what a `struct poll_object` waits for */

/** What came of it, as bits. */
#define K_POLL_STATE_NOT_READY           0
#define K_POLL_STATE_SIGNALED            BIT(0)
#define K_POLL_STATE_SEM_AVAILABLE       BIT(1)
#define K_POLL_STATE_DATA_AVAILABLE      BIT(2)
#define K_POLL_STATE_FIFO_DATA_AVAILABLE K_POLL_STATE_DATA_AVAILABLE
#define K_POLL_STATE_CANCELLED           BIT(3) /**< k_queue_cancel_wait() was called */
#define K_POLL_STATE_MSGQ_DATA_AVAILABLE BIT(4)
#define K_POLL_STATE_OBJECT_READY        BIT(5)

/** The only mode: k_poll() tells that an object is ready and takes nothing from it. */
enum k_poll_modes {
	K_POLL_MODE_NOTIFY_ONLY = 0,
	K_POLL_NUM_MODES
};

/** One object to wait for. Applications read and write tag, type, state, mode and the object. */
struct k_poll_event {
	struct k_poll_event *next; /**< in the object's queue; guarded by its lock */
	struct waiter *poller;     /**< of the k_poll() under way; written by it */
	uint32_t tag;              /**< the application's, 0 to 255 */
	uint32_t type;             /**< K_POLL_TYPE_ */
	uint32_t state;            /**< K_POLL_STATE_; under way guarded by the object's lock */
	uint32_t mode;             /**< enum k_poll_modes */
	/** The object. The names behind `typed_` have the initialisers check its type. */
	union {
		void *obj;
		void *typed_K_POLL_TYPE_IGNORE;
		struct k_poll_signal *signal;
		struct k_poll_signal *typed_K_POLL_TYPE_SIGNAL;
		struct k_sem *sem;
		struct k_sem *typed_K_POLL_TYPE_SEM_AVAILABLE;
		struct k_fifo *fifo;
		struct k_fifo *typed_K_POLL_TYPE_FIFO_DATA_AVAILABLE;
		struct k_queue *queue;
		struct k_queue *typed_K_POLL_TYPE_DATA_AVAILABLE;
		struct k_msgq *msgq;
		struct k_msgq *typed_K_POLL_TYPE_MSGQ_DATA_AVAILABLE;
		struct poll_object *object;
		void *typed_K_POLL_TYPE_OBJECT; /* something that begins with one */
	};
};

/** Initialiser of an event, in code and in static data; the second one with a tag. */
#define K_POLL_EVENT_INITIALIZER(event_type, event_mode, event_obj)                                \
	{                                                                                          \
		NULL, NULL, 0, (event_type), K_POLL_STATE_NOT_READY, (event_mode),                 \
		{                                                                                  \
			.typed_##event_type = (event_obj)                                          \
		}                                                                                  \
	}
#define K_POLL_EVENT_STATIC_INITIALIZER(event_type, event_mode, event_obj, event_tag)              \
	{                                                                                          \
		NULL, NULL, (event_tag), (event_type), K_POLL_STATE_NOT_READY, (event_mode),       \
		{                                                                                  \
			.typed_##event_type = (event_obj)                                          \
		}                                                                                  \
	}

/** A flag with a value, raised by anybody and waited for with k_poll(). Zeroed is not raised. */
struct k_poll_signal {
	struct k_spinlock lock; /**< guards the rest */
	unsigned int signaled;  /**< 1 once raised, until somebody resets it */
	int result;             /**< what k_poll_signal_raise() was last given */
	struct poll_q pollers;  /**< who waits */
};

#define K_POLL_SIGNAL_INITIALIZER(obj)                                                             \
	{                                                                                          \
		{}, 0, 0,                                                                          \
		{                                                                                  \
			NULL, NULL                                                                 \
		}                                                                                  \
	}

/** Set up @p event for an object of the kind that @p type names. Its tag becomes 0. */
void k_poll_event_init(struct k_poll_event *event, uint32_t type, int mode, void *obj);

/**
 * Wait until one of @p num_events @p events is ready. Nothing is taken from the objects.
 *
 * On return the state of every event says whether its object was ready when k_poll() looked last;
 * another thread may have been faster since, so take with K_NO_WAIT and look at the result. Of
 * several threads that wait on one object the most urgent is woken, one for each item that comes.
 *
 * Context: thread; ISR with K_NO_WAIT. The events are the call's until it returns.
 * Blocks: up to @p timeout.   Cost: two short locks for each event.
 * @return 0, -EAGAIN if none was ready in time, -EINTR if a queue's wait was cancelled.
 */
int k_poll(struct k_poll_event *events, int num_events, k_timeout_t timeout);

/** Make @p sig one that is not raised. Context: before anybody uses it. Blocks: no. */
void k_poll_signal_init(struct k_poll_signal *sig);

/**
 * Raise @p sig with @p result and wake a thread that waits for it, the most urgent. It stays raised
 * until it is reset.
 *
 * Context: any. @p sig is not touched once its waiter can return.   @return 0.
 */
int k_poll_signal_raise(struct k_poll_signal *sig, int result);

/** Make @p sig not raised. Context: any. */
void k_poll_signal_reset(struct k_poll_signal *sig);

/** Store whether @p sig is raised, and the result it was last raised with. Context: any. */
void k_poll_signal_check(struct k_poll_signal *sig, unsigned int *signaled, int *result);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_POLL_H_ */
