/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * k_poll() and poll signals.
 *
 * A k_poll() that waits has one waiter, and an event in the queue of each object. An object that
 * becomes ready claims the waiter; whoever is first leaves the one token that the thread takes, and
 * the others look for another thread. The thread does not return before it has taken its events out
 * of all objects, under their locks, and after that nobody knows its waiter.
 */
#include <zephyr/kernel.h>

#ifdef CONFIG_POLL

#include <errno.h>

void poll_q_add(struct poll_q *q, struct k_poll_event *event)
{
	event->next = NULL;
	if (q->last != NULL) {
		q->last->next = event;
	} else {
		q->first = event;
	}
	q->last = event;
}

void poll_q_remove(struct poll_q *q, struct k_poll_event *event)
{
	struct k_poll_event *before = NULL;
	struct k_poll_event *e = q->first;

	while (e != NULL && e != event) {
		before = e;
		e = e->next;
	}
	if (e == NULL) {
		return;
	}
	if (before != NULL) {
		before->next = event->next;
	} else {
		q->first = event->next;
	}
	if (q->last == event) {
		q->last = before;
	}
}

void poll_q_step(struct poll_q *q, struct k_poll_event *event, enum poll_step step, bool ready)
{
	if (step == POLL_REMOVE) {
		poll_q_remove(q, event);
	} else if (step == POLL_ADD && !ready) {
		poll_q_add(q, event);
	}
}

/* The event of the most urgent thread that nobody has woken yet, of equals the first. */
static struct k_poll_event *most_urgent(const struct poll_q *q)
{
	struct k_poll_event *best = NULL;
	int best_priority = 0;

	for (struct k_poll_event *e = q->first; e != NULL; e = e->next) {
		int priority = k_thread_priority_get(e->poller->thread);

		if (atomic32_load_relaxed(&e->poller->taken) == 0 &&
		    (best == NULL || priority < best_priority)) {
			best = e;
			best_priority = priority;
		}
	}
	return best;
}

struct waiter *poll_q_signal(struct poll_q *q, uint32_t state)
{
	struct k_poll_event *event = most_urgent(q);

	/* Another object may be faster; then that thread is passed over in the next round. */
	while (event != NULL && !waiter_claim(event->poller)) {
		event = most_urgent(q);
	}
	if (event == NULL) {
		return NULL;
	}
	poll_q_remove(q, event);
	event->state = state;
	event->poller->next = NULL;
	return event->poller;
}

static bool signal_poll(struct k_poll_signal *sig, struct k_poll_event *event, enum poll_step step)
{
	k_spinlock_key_t key = k_spin_lock(&sig->lock);
	bool ready = sig->signaled != 0;

	poll_q_step(&sig->pollers, event, step, ready);
	k_spin_unlock(&sig->lock, key);
	return ready;
}

/* Do @p step with the object of @p event. @return the state that it is ready in, or 0. */
static uint32_t object_poll(struct k_poll_event *event, enum poll_step step)
{
	switch (event->type) {
	case K_POLL_TYPE_IGNORE:
		return K_POLL_STATE_NOT_READY;
	case K_POLL_TYPE_SIGNAL:
		return signal_poll(event->signal, event, step) ? K_POLL_STATE_SIGNALED : 0;
	case K_POLL_TYPE_SEM_AVAILABLE:
		return z_sem_poll(event->sem, event, step) ? K_POLL_STATE_SEM_AVAILABLE : 0;
	case K_POLL_TYPE_DATA_AVAILABLE:
		return z_queue_poll(event->queue, event, step) ? K_POLL_STATE_DATA_AVAILABLE : 0;
	case K_POLL_TYPE_MSGQ_DATA_AVAILABLE:
		return z_msgq_poll(event->msgq, event, step) ? K_POLL_STATE_MSGQ_DATA_AVAILABLE : 0;
	case K_POLL_TYPE_OBJECT:
		return event->object->poll(event->object, event, step) ? K_POLL_STATE_OBJECT_READY
								       : 0;
	default:
		__ASSERT(false, "event type 0x%x is unknown", (unsigned int)event->type);
		return K_POLL_STATE_NOT_READY;
	}
}

/*
 * Look at all events, and wait on their objects while none is ready if @p step says so.
 * @return how many events may be with their objects now; all later ones are not.
 */
static int poll_begin(struct k_poll_event *events, int num_events, struct waiter *w,
		      enum poll_step step, bool *ready)
{
	int added = 0;

	*ready = false;
	for (int i = 0; i < num_events; i++) {
		struct k_poll_event *event = &events[i];
		uint32_t state;

		event->poller = w;
		event->state = K_POLL_STATE_NOT_READY;
		state = object_poll(event, step);
		if (state != K_POLL_STATE_NOT_READY) {
			/* This one is not with its object: nobody else writes its state. */
			event->state = state;
			*ready = true;
			step = POLL_LOOK;
		} else if (step == POLL_ADD) {
			added = i + 1;
		}
	}
	return added;
}

/* Take the events back. */
static void end(struct k_poll_event *events, int added)
{
	for (int i = 0; i < added; i++) {
		uint32_t state = object_poll(&events[i], POLL_REMOVE);

		events[i].state |= state;
	}
}

/* @return 0, -EAGAIN or -EINTR, by the states. */
static int outcome(const struct k_poll_event *events, int num_events)
{
	uint32_t all = 0;

	for (int i = 0; i < num_events; i++) {
		all |= events[i].state;
	}
	if ((all & K_POLL_STATE_CANCELLED) != 0) {
		return -EINTR;
	}
	return all != K_POLL_STATE_NOT_READY ? 0 : -EAGAIN;
}

int k_poll(struct k_poll_event *events, int num_events, k_timeout_t timeout)
{
	enum poll_step step = wait_allowed(timeout) ? POLL_ADD : POLL_LOOK;
	int64_t deadline = step == POLL_ADD ? sys_clock_deadline(timeout) : 0;
	bool gave_up = false;
	struct waiter w;
	bool ready;
	int added;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_MESSAGE);
	added = poll_begin(events, num_events, &w, step, &ready);
	if (step == POLL_LOOK) {
		return outcome(events, num_events);
	}
	if (ready || !waiter_park(&w, deadline)) {
		if (waiter_claim(&w)) {
			gave_up = !ready;
		} else {
			/* An object was faster; its token is on its way. */
			(void)waiter_park(&w, PORT_FOREVER);
		}
	}
	end(events, added);
	if (gave_up) {
		thread_abort_point();
	}
	return outcome(events, num_events);
}

void k_poll_event_init(struct k_poll_event *event, uint32_t type, int mode, void *obj)
{
	__ASSERT(mode == K_POLL_MODE_NOTIFY_ONLY, "there is no mode %d", mode);
	__ASSERT(type == K_POLL_TYPE_IGNORE || obj != NULL, "an event needs an object");
	*event = (struct k_poll_event){.type = type, .mode = (uint32_t)mode, .obj = obj};
}

void k_poll_signal_init(struct k_poll_signal *sig)
{
	*sig = (struct k_poll_signal)K_POLL_SIGNAL_INITIALIZER(*sig);
}

int k_poll_signal_raise(struct k_poll_signal *sig, int result)
{
	k_spinlock_key_t key = k_spin_lock(&sig->lock);
	struct waiter *poller;

	sig->result = result;
	sig->signaled = 1;
	poller = poll_q_signal(&sig->pollers, K_POLL_STATE_SIGNALED);
	k_spin_unlock(&sig->lock, key);
	wait_q_wake_chain(poller);
	return 0;
}

void k_poll_signal_reset(struct k_poll_signal *sig)
{
	k_spinlock_key_t key = k_spin_lock(&sig->lock);

	sig->signaled = 0;
	k_spin_unlock(&sig->lock, key);
}

void k_poll_signal_check(struct k_poll_signal *sig, unsigned int *signaled, int *result)
{
	k_spinlock_key_t key = k_spin_lock(&sig->lock);

	*signaled = sig->signaled;
	*result = sig->result;
	k_spin_unlock(&sig->lock, key);
}

#endif /* CONFIG_POLL */
