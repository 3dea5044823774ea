/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Message queues.
 *
 * The ring, and the short way of most messages, is in <kernel/msgq_ring.h>.
 *
 * Waiting threads: the three lists and `waiting` change only under both locks, so an end that holds
 * its own lock and finds `waiting` 0 can be sure that nobody waits, and that nobody begins to before
 * it lets go. That takes no fence and no flag in the path of a message. An event loop that has a
 * descriptor of the queue waits likewise: while the ring is empty for whoever puts, otherwise for
 * whoever takes.
 *
 * Always: threads wait to get only while the ring is empty, and to put only while it is full.
 */
#include <zephyr/kernel.h>
#include <kernel/msgq_fd.h>
#include <kernel/msgq_ring.h>

#include <errno.h>
#include <string.h>

#ifdef CONFIG_MSGQ_FD
#include <port/port.h>
#endif

/* Keys of both locks. */
struct both_keys {
	k_spinlock_key_t get;
	k_spinlock_key_t put;
};

static struct both_keys lock_both(struct k_msgq *q)
{
	struct both_keys keys;

	keys.get = k_spin_lock(&q->get.lock);
	keys.put = k_spin_lock(&q->put.lock);
	return keys;
}

#ifdef CONFIG_MSGQ_FD

/* Have the descriptor say whether there is a message. Both locks held. @return bits of `waiting`. */
static uint32_t update_event(struct k_msgq *q)
{
	bool any = msgq_used(q) != 0;

	if (likely(q->event == 0)) {
		return 0;
	}
	if (any != ((q->waiting & Z_MSGQ_WAITING_GET) != 0)) {
		port_event_set((int)(q->event - 1), any);
	}
	return any ? Z_MSGQ_WAITING_GET : Z_MSGQ_WAITING_ALL;
}

#endif

/* Both are released with what is known of who waits up to date. */
static void unlock_both(struct k_msgq *q, struct both_keys keys)
{
	bool lists = !wait_q_empty(&q->getters) || !wait_q_empty(&q->putters);
	uint32_t waiting;

#ifdef CONFIG_POLL
	lists = lists || !poll_q_empty(&q->pollers);
#endif
	waiting = lists ? Z_MSGQ_WAITING_ALL : 0;
#ifdef CONFIG_MSGQ_FD
	waiting |= update_event(q);
#endif
	q->waiting = waiting;
	k_spin_unlock(&q->put.lock, keys.put);
	k_spin_unlock(&q->get.lock, keys.get);
}

/* The events of packet_io are this long, and have the short way. */
#define EVENT_SIZE (2 * sizeof(void *))

void k_msgq_init(struct k_msgq *msgq, char *buffer, size_t msg_size, uint32_t max_msgs)
{
	memset(msgq, 0, sizeof(*msgq));
	msgq->msg_size = msg_size;
	msgq->max_msgs = max_msgs;
	msgq->buffer_start = buffer;
	msgq->buffer_end = buffer + (size_t)max_msgs * msg_size;
	msgq->put.ptr = buffer;
	msgq->get.ptr = buffer;
}

/* Tell k_poll() of a message. Both locks held. @return the thread to wake once they are not. */
static struct k_thread *signal_pollers(struct k_msgq *q)
{
#ifdef CONFIG_POLL
	struct waiter *poller = poll_q_signal(&q->pollers, K_POLL_STATE_MSGQ_DATA_AVAILABLE);

	return poller != NULL ? poller->thread : NULL;
#else
	ARG_UNUSED(q);
	return NULL;
#endif
}

static void wake_thread(struct k_thread *thread)
{
	if (thread != NULL) {
		waiter_wake(thread);
	}
}

/* Hand a message to the first thread that waits for one. Both locks held. */
static struct k_thread *hand_message(struct k_msgq *q, const void *data)
{
	struct waiter *getter = wait_q_take(&q->getters);

	memcpy(getter->data, data, q->msg_size);
	return waiter_finish(getter, 0);
}

/* Wait, both locks held on entry and not on return. */
static int wait_both(struct k_msgq *q, struct wait_q *list, void *data, int64_t deadline,
		     struct both_keys keys)
{
	struct waiter w;

	waiter_init(&w, data);
	waiter_kind(&w, list == &q->putters ? WAIT_FOR_ROOM : WAIT_FOR_MESSAGE);
	wait_q_add(list, &w);
	unlock_both(q, keys);

	if (!waiter_park(&w, deadline)) {
		bool cancelled;

		keys = lock_both(q);
		cancelled = waiter_cancel(list, &w);
		unlock_both(q, keys);
		if (cancelled) {
			thread_abort_point();
			return -EAGAIN;
		}
		(void)waiter_park(&w, PORT_FOREVER);
	}
	return w.result;
}

/* Put with all that can happen. */
static __attribute__((noinline)) int put_any(struct k_msgq *q, const void *data,
					     k_timeout_t timeout)
{
	int64_t deadline = K_TIMEOUT_EQ(timeout, K_NO_WAIT) ? 0 : sys_clock_deadline(timeout);
	struct both_keys keys = lock_both(q);
	struct k_thread *woken = NULL;
	int ret = 0;

	if (!wait_q_empty(&q->getters)) {
		woken = hand_message(q, data);
	} else if (msgq_not_full(q)) {
		msgq_ring_put(q, data, q->msg_size);
		woken = signal_pollers(q);
	} else if (wait_allowed(timeout)) {
		/* The message is only read from: the list wants a pointer for both directions. */
		return wait_both(q, &q->putters, (void *)(uintptr_t)data, deadline, keys);
	} else {
		ret = -ENOMSG;
	}
	unlock_both(q, keys);
	wake_thread(woken);
	return ret;
}

#ifdef CONFIG_SMP

/*
 * Somebody waits, or there is no room. The producers' lock is held on entry, not on return: to let go of
 * it may call a function, for which the short way would save registers.
 */
static __attribute__((noinline)) int put_rest(struct k_msgq *q, const void *data,
					      k_timeout_t timeout, k_spinlock_key_t key)
{
	bool room = msgq_not_full(q);

	k_spin_unlock(&q->put.lock, key);
	if (!room && K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		return -ENOMSG;
	}
	return put_any(q, data, timeout);
}

/* The producers' lock is held on entry, not on return. */
static ALWAYS_INLINE int put_locked(struct k_msgq *q, const void *data, size_t size,
				    k_timeout_t timeout, k_spinlock_key_t key)
{
	if (unlikely(!msgq_not_full(q) || msgq_put_waits(q))) {
		return put_rest(q, data, timeout, key);
	}
	msgq_ring_put(q, data, size);
	k_spin_unlock(&q->put.lock, key);
	return 0;
}

/* A message of any size, and one that found the lock taken. */
static __attribute__((noinline)) int put_sized(struct k_msgq *q, const void *data,
					       k_timeout_t timeout)
{
	return put_locked(q, data, q->msg_size, timeout, k_spin_lock(&q->put.lock));
}

int k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout)
{
	k_spinlock_key_t key;

	if (unlikely(msgq->msg_size != EVENT_SIZE || k_spin_trylock(&msgq->put.lock, &key) != 0)) {
		return put_sized(msgq, data, timeout);
	}
	return put_locked(msgq, data, EVENT_SIZE, timeout, key);
}

#else

int k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout)
{
	if (likely(msgq->msg_size == EVENT_SIZE) &&
	    likely(msgq_try_put(msgq, data, EVENT_SIZE) == 0)) {
		return 0;
	}
	return put_any(msgq, data, timeout);
}

#endif

int k_msgq_put_front(struct k_msgq *msgq, const void *data)
{
	struct both_keys keys = lock_both(msgq);
	struct k_thread *woken = NULL;
	int ret = 0;

	if (!wait_q_empty(&msgq->getters)) {
		woken = hand_message(msgq, data);
	} else if (msgq_used(msgq) < msgq->max_msgs) {
		if (msgq->get.ptr == msgq->buffer_start) {
			msgq->get.ptr = msgq->buffer_end;
		}
		msgq->get.ptr -= msgq->msg_size;
		memcpy(msgq->get.ptr, data, msgq->msg_size);
		atomic32_store_release(&msgq->get.count, msgq->get.count - 1);
		msgq_resync(msgq);
		woken = signal_pollers(msgq);
	} else {
		ret = -ENOMSG;
	}
	unlock_both(msgq, keys);
	wake_thread(woken);
	return ret;
}

/* Get with all that can happen. */
static __attribute__((noinline)) int get_any(struct k_msgq *q, void *data, k_timeout_t timeout)
{
	int64_t deadline = K_TIMEOUT_EQ(timeout, K_NO_WAIT) ? 0 : sys_clock_deadline(timeout);
	struct both_keys keys = lock_both(q);
	struct k_thread *woken = NULL;
	struct k_thread *poller = NULL;
	int ret = 0;

	if (msgq_not_empty(q)) {
		struct waiter *putter;

		msgq_ring_get(q, data, q->msg_size);
		msgq_resync(q);
		putter = wait_q_take(&q->putters);
		if (putter != NULL) {
			msgq_ring_put(q, putter->data, q->msg_size);
			woken = waiter_finish(putter, 0);
			poller = signal_pollers(q);
		}
	} else if (wait_allowed(timeout)) {
		return wait_both(q, &q->getters, data, deadline, keys);
	} else {
		ret = -ENOMSG;
	}
	unlock_both(q, keys);
	wake_thread(woken);
	wake_thread(poller);
	return ret;
}

#ifdef CONFIG_SMP

/* Somebody waits, or there is no message. The consumers' lock: as in put_rest(). */
static __attribute__((noinline)) int get_rest(struct k_msgq *q, void *data, k_timeout_t timeout,
					      k_spinlock_key_t key)
{
	bool any = msgq_not_empty(q);

	k_spin_unlock(&q->get.lock, key);
	if (!any && K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		return -ENOMSG;
	}
	return get_any(q, data, timeout);
}

/* The consumers' lock is held on entry, not on return. */
static ALWAYS_INLINE int get_locked(struct k_msgq *q, void *data, size_t size, k_timeout_t timeout,
				    k_spinlock_key_t key)
{
	if (unlikely(!msgq_not_empty(q) || q->waiting != 0)) {
		return get_rest(q, data, timeout, key);
	}
	msgq_ring_get(q, data, size);
	k_spin_unlock(&q->get.lock, key);
	return 0;
}

/* A message of any size, and one that found the lock taken. */
static __attribute__((noinline)) int get_sized(struct k_msgq *q, void *data, k_timeout_t timeout)
{
	return get_locked(q, data, q->msg_size, timeout, k_spin_lock(&q->get.lock));
}

int k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout)
{
	k_spinlock_key_t key;

	if (unlikely(msgq->msg_size != EVENT_SIZE || k_spin_trylock(&msgq->get.lock, &key) != 0)) {
		return get_sized(msgq, data, timeout);
	}
	return get_locked(msgq, data, EVENT_SIZE, timeout, key);
}

#else

int k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout)
{
	if (likely(msgq->msg_size == EVENT_SIZE) &&
	    likely(msgq_try_get(msgq, data, EVENT_SIZE) == 0)) {
		return 0;
	}
	return get_any(msgq, data, timeout);
}

#endif

int k_msgq_peek(struct k_msgq *msgq, void *data)
{
	return k_msgq_peek_at(msgq, data, 0);
}

int k_msgq_peek_at(struct k_msgq *msgq, void *data, uint32_t idx)
{
	/* The consumers' lock is enough: what is in the ring stays until it is released. */
	k_spinlock_key_t key = k_spin_lock(&msgq->get.lock);
	/* Acquire: pairs with the release in msgq_ring_put(). */
	uint32_t count = atomic32_load_acquire(&msgq->put.count) - msgq->get.count;
	int ret = -ENOMSG;

	if (idx < count) {
		size_t offset =
			(size_t)(msgq->get.ptr - msgq->buffer_start) + (size_t)idx * msgq->msg_size;
		size_t size = (size_t)(msgq->buffer_end - msgq->buffer_start);

		memcpy(data, msgq->buffer_start + (offset >= size ? offset - size : offset),
		       msgq->msg_size);
		ret = 0;
	}
	k_spin_unlock(&msgq->get.lock, key);
	return ret;
}

void k_msgq_purge(struct k_msgq *msgq)
{
	struct both_keys keys = lock_both(msgq);
	struct waiter *putters = wait_q_finish_all(&msgq->putters, -ENOMSG);

	msgq->get.ptr = msgq->put.ptr;
	atomic32_store_release(&msgq->get.count, msgq->put.count);
	msgq_resync(msgq);
	unlock_both(msgq, keys);
	wait_q_wake_chain(putters);
}

uint32_t k_msgq_num_used_get(struct k_msgq *msgq)
{
	k_spinlock_key_t key = k_spin_lock(&msgq->get.lock);
	uint32_t count = atomic32_load_acquire(&msgq->put.count) - msgq->get.count;

	k_spin_unlock(&msgq->get.lock, key);
	return count;
}

uint32_t k_msgq_num_free_get(struct k_msgq *msgq)
{
	return msgq->max_msgs - k_msgq_num_used_get(msgq);
}

void k_msgq_get_attrs(struct k_msgq *msgq, struct k_msgq_attrs *attrs)
{
	attrs->msg_size = msgq->msg_size;
	attrs->max_msgs = msgq->max_msgs;
	attrs->used_msgs = k_msgq_num_used_get(msgq);
}

int k_msgq_alloc_init(struct k_msgq *msgq, size_t msg_size, uint32_t max_msgs)
{
	char *buffer;

	if (msg_size == 0 || max_msgs == 0 || msg_size > SIZE_MAX / max_msgs) {
		return -EINVAL;
	}
	buffer = k_malloc(msg_size * max_msgs);
	if (buffer == NULL) {
		return -ENOMEM;
	}
	k_msgq_init(msgq, buffer, msg_size, max_msgs);
	msgq->flags = K_MSGQ_FLAG_ALLOC;
	return 0;
}

int k_msgq_cleanup(struct k_msgq *msgq)
{
	struct both_keys keys = lock_both(msgq);
	bool busy = !wait_q_empty(&msgq->getters) || !wait_q_empty(&msgq->putters);
	char *buffer = NULL;

	if (!busy && (msgq->flags & K_MSGQ_FLAG_ALLOC) != 0) {
		buffer = msgq->buffer_start;
		msgq->flags &= ~K_MSGQ_FLAG_ALLOC;
	}
	unlock_both(msgq, keys);
	if (buffer != NULL) {
		k_free(buffer);
	}
	return busy ? -EBUSY : 0;
}

#ifdef CONFIG_MSGQ_FD

/* Give the queue descriptor @p fd, unless it has one, or @p fd is none. @return the one it has, or -1. */
static int set_event(struct k_msgq *q, int fd)
{
	struct both_keys keys = lock_both(q);

	if (q->event == 0 && fd >= 0) {
		q->event = (uint32_t)fd + 1;
	}
	fd = (int)q->event - 1;
	unlock_both(q, keys);
	return fd;
}

int msgq_fd_open(struct k_msgq *msgq)
{
	int opened;
	int fd;

	if (msgq == NULL) {
		return -EINVAL;
	}
	fd = set_event(msgq, -1);
	if (fd >= 0) {
		return fd;
	}
	opened = port_event_open();
	if (opened < 0) {
		return opened;
	}
	fd = set_event(msgq, opened);
	if (fd != opened) {
		port_event_close(opened); /* another thread was first */
	}
	return fd;
}

int msgq_fd_close(struct k_msgq *msgq)
{
	struct both_keys keys;
	uint32_t event;

	if (msgq == NULL) {
		return -EINVAL;
	}
	keys = lock_both(msgq);
	event = msgq->event;
	msgq->event = 0;
	unlock_both(msgq, keys);
	if (event == 0) {
		return -ENOENT;
	}
	port_event_close((int)(event - 1));
	return 0;
}

#endif /* CONFIG_MSGQ_FD */

#ifdef CONFIG_POLL

bool z_msgq_poll(struct k_msgq *msgq, struct k_poll_event *event, enum poll_step step)
{
	struct both_keys keys = lock_both(msgq);
	bool ready = msgq_used(msgq) != 0;

	poll_q_step(&msgq->pollers, event, step, ready);
	unlock_both(msgq, keys);
	return ready;
}

#endif /* CONFIG_POLL */
