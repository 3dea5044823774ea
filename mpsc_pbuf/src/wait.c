/* SPDX-License-Identifier: Apache-2.0 */
/** @file Waiting for a packet. */
#include <errno.h>

#include "ring.h"

void z_mpsc_pbuf_wake_consumer(struct mpsc_pbuf_buffer *b)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	struct waiter *woken = NULL;

	/* The packet just committed may be behind one that is not: then its commit wakes. */
	if (ring_ready(b)) {
		woken = wait_q_take(&b->consumers);
		if (woken != NULL) {
			(void)waiter_finish(woken, 0);
			woken->next = NULL;
		}
#ifdef CONFIG_POLL
		if (woken == NULL) {
			woken = poll_q_signal(&b->pollers, K_POLL_STATE_OBJECT_READY);
		}
#endif
		ring_waiting_changed(b);
	}
	k_spin_unlock(&b->in.lock, key);
	wait_q_wake_chain(woken);
}

/* Sleep until a packet is there, or @p deadline. @return false if the deadline came first. */
static bool wait_for_packet(struct mpsc_pbuf_buffer *b, int64_t deadline)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	bool cancelled;
	struct waiter w;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_MESSAGE);
	wait_q_add(&b->consumers, &w);
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	/*
	 * Who commits from here on sees `waiting`; what was committed before is seen below. In
	 * overwrite mode, too, commits take no lock.
	 */
	(void)port_fence_all();
	z_mpsc_pbuf_wake_consumer(b);

	if (waiter_park(&w, deadline)) {
		return true;
	}
	key = k_spin_lock(&b->in.lock);
	cancelled = waiter_cancel(&b->consumers, &w);
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	if (cancelled) {
		thread_abort_point();
		return false;
	}
	(void)waiter_park(&w, PORT_FOREVER);
	return true;
}

#ifdef CONFIG_POLL
bool ring_poll(struct poll_object *object, struct k_poll_event *event, enum poll_step step)
{
	struct mpsc_pbuf_buffer *b = CONTAINER_OF(object, struct mpsc_pbuf_buffer, object);
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	bool ready;

	if (step == POLL_ADD) {
		/* As in wait_for_packet(): be seen waiting, then look. */
		poll_q_add(&b->pollers, event);
		ring_waiting_changed(b);
		k_spin_unlock(&b->in.lock, key);
		(void)port_fence_all();
		key = k_spin_lock(&b->in.lock);
	}
	ready = ring_ready(b);
	if (step == POLL_REMOVE || (step == POLL_ADD && ready)) {
		poll_q_remove(&b->pollers, event);
	}
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	return ready;
}
#endif

const union mpsc_pbuf_generic *mpsc_pbuf_claim_wait(struct mpsc_pbuf_buffer *buffer,
						    k_timeout_t timeout)
{
	const union mpsc_pbuf_generic *packet = mpsc_pbuf_claim(buffer);
	int64_t deadline;

	if (packet != NULL || buffer == NULL || !wait_allowed(timeout) || port_irq_masked()) {
		return packet;
	}
	deadline = sys_clock_deadline(timeout);
	do {
		bool woken = wait_for_packet(buffer, deadline);

		packet = mpsc_pbuf_claim(buffer);
		if (!woken) {
			break;
		}
		/* In overwrite mode a producer may have dropped what woke this thread. */
	} while (packet == NULL);
	return packet;
}
