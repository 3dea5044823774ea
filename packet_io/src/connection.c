/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Connections made at run time: a list in the source, and walks over it that do not hold its lock
 * while a packet is delivered.
 */
#include <zephyr/packet_io/connection.h>

#include "internal.h"

/** A thread in packet_connection_remove_sync(), on its stack. */
struct packet_remover {
	struct packet_remover *next;          /* in source->removers; guarded by its lock */
	const struct packet_connection *conn; /* whose deliveries it waits for */
	struct k_sem done;                    /* given each time one has ended */
};

static struct packet_connection *list_first(struct packet_source *src)
{
	sys_dnode_t *node = sys_dlist_peek_head(&src->sinks);

	return node != NULL ? CONTAINER_OF(node, struct packet_connection, node) : NULL;
}

static struct packet_connection *list_next(struct packet_source *src,
					   struct packet_connection *conn)
{
	sys_dnode_t *node = sys_dlist_peek_next(&src->sinks, &conn->node);

	return node != NULL ? CONTAINER_OF(node, struct packet_connection, node) : NULL;
}

static struct packet_connection *list_previous(struct packet_source *src,
					       struct packet_connection *conn)
{
	sys_dnode_t *node = sys_dlist_peek_prev(&src->sinks, &conn->node);

	return node != NULL ? CONTAINER_OF(node, struct packet_connection, node) : NULL;
}

static struct packet_connection *list_last(struct packet_source *src)
{
	sys_dnode_t *node = sys_dlist_peek_tail(&src->sinks);

	return node != NULL ? CONTAINER_OF(node, struct packet_connection, node) : NULL;
}

/*
 * The two searches are made with interrupts masked, so they go along the ring of nodes, which the
 * list is part of, and ask nothing else. Before the first connection there is no ring.
 */

static bool list_has(const struct packet_source *src, const struct packet_connection *conn)
{
	const sys_dnode_t *node = src->sinks.head;

	while (node != &src->sinks && node != NULL) {
		if (node == &conn->node) {
			return true;
		}
		node = node->next;
	}
	return false;
}

/* The wiring never changes: no lock is needed. */
static bool is_wired(const struct packet_source *src, const struct packet_sink *sink)
{
	for (uint32_t i = 0; i < src->wired_count; i++) {
		if (src->wired[i] == sink) {
			return true;
		}
	}
	return false;
}

/* Source locked, its list initialised. */
static bool is_connected(const struct packet_source *src, const struct packet_sink *sink)
{
	for (const sys_dnode_t *node = src->sinks.head; node != &src->sinks; node = node->next) {
		if (CONTAINER_OF(node, const struct packet_connection, node)->sink == sink) {
			return true;
		}
	}
	return false;
}

#ifdef CONFIG_PACKET_IO_RUNTIME_STACK_CHECK
static bool on_own_stack(const struct packet_connection *conn)
{
	k_tid_t thread = k_current_get();
	uintptr_t start = thread->stack_info.start;

	return (uintptr_t)conn >= start && (uintptr_t)conn - start < thread->stack_info.size;
}
#else
static bool on_own_stack(const struct packet_connection *conn)
{
	ARG_UNUSED(conn);
	return false;
}
#endif

static void set_count(struct packet_source *src, uint32_t count)
{
	/* Whoever reads another value than 0 takes the lock next. */
	compat_poke(&src->runtime_count, count);
}

int packet_connection_add(struct packet_connection *conn)
{
	struct packet_source *src;
	k_spinlock_key_t key;
	bool wired;
	int ret = 0;

	if (conn == NULL || conn->source == NULL || conn->sink == NULL || on_own_stack(conn)) {
		return -EINVAL;
	}
	src = conn->source;
	wired = is_wired(src, conn->sink);
	key = k_spin_lock(&src->lock);
	if (src->sinks.head == NULL) {
		sys_dlist_init(&src->sinks);
	}
	if (sys_dnode_is_linked(&conn->node)) {
		ret = -EBUSY;
	} else if (wired || is_connected(src, conn->sink)) {
		ret = -EALREADY;
	} else {
		sys_dlist_append(&src->sinks, &conn->node);
		set_count(src, src->runtime_count + 1);
	}
	k_spin_unlock(&src->lock, key);
	return ret;
}

/*
 * Keep a walk off @p conn, which leaves the list. If that was the last one to visit, the one before
 * it is now: the walk has not passed that yet, unless it was at its end anyway. Locked.
 */
static void walk_around(struct packet_source *src, struct packet_sender *walk,
			struct packet_connection *conn)
{
	if (walk->upcoming == conn) {
		walk->upcoming = conn != walk->last ? list_next(src, conn) : NULL;
	}
	if (walk->last == conn) {
		walk->last = list_previous(src, conn);
	}
}

/* Take @p conn out of the list and of every walk over it. Locked. */
static int remove_locked(struct packet_source *src, struct packet_connection *conn)
{
	if (!list_has(src, conn)) {
		return -ENOENT;
	}
	for (struct packet_sender *walk = src->senders; walk != NULL; walk = walk->next) {
		walk_around(src, walk, conn);
	}
	sys_dlist_remove(&conn->node);
	set_count(src, src->runtime_count - 1);
	return 0;
}

int packet_connection_remove(struct packet_connection *conn)
{
	struct packet_source *src;
	k_spinlock_key_t key;
	int ret;

	if (conn == NULL || conn->source == NULL) {
		return -EINVAL;
	}
	src = conn->source;
	key = k_spin_lock(&src->lock);
	ret = remove_locked(src, conn);
	k_spin_unlock(&src->lock, key);
	return ret;
}

/* Whether a delivery through @p conn is under way. Locked. */
static bool is_delivering(const struct packet_source *src, const struct packet_connection *conn)
{
	for (const struct packet_sender *walk = src->senders; walk != NULL; walk = walk->next) {
		if (walk->current == conn) {
			return true;
		}
	}
	return false;
}

static bool thread_is_sending(const struct packet_source *src, k_tid_t thread)
{
	for (const struct packet_sender *walk = src->senders; walk != NULL; walk = walk->next) {
		if (walk->thread == thread) {
			return true;
		}
	}
	return false;
}

static void remover_unlink(struct packet_source *src, struct packet_remover *remover)
{
	struct packet_remover **link = &src->removers;

	while (*link != remover) {
		link = &(*link)->next;
	}
	*link = remover->next;
}

int packet_connection_remove_sync(struct packet_connection *conn, k_timeout_t timeout)
{
	struct packet_remover remover = {.conn = conn};
	struct packet_source *src;
	struct packet_wait wait = {0};
	k_spinlock_key_t key;
	int ret;

	if (conn == NULL || conn->source == NULL) {
		return -EINVAL;
	}
	src = conn->source;
	packet_wait_begin(&wait, timeout);
	(void)k_sem_init(&remover.done, 0, K_SEM_MAX_LIMIT);

	key = k_spin_lock(&src->lock);
	ret = thread_is_sending(src, k_current_get()) ? -EDEADLK : remove_locked(src, conn);
	if (ret != 0) {
		k_spin_unlock(&src->lock, key);
		compat_sem_end(&remover.done);
		return ret;
	}
	remover.next = src->removers;
	src->removers = &remover;
	while (is_delivering(src, conn) && ret == 0) {
		k_spin_unlock(&src->lock, key);
		ret = compat_sem_await(&remover.done, packet_wait_left(&wait));
		key = k_spin_lock(&src->lock);
	}
	ret = is_delivering(src, conn) ? -EAGAIN : 0;
	remover_unlink(src, &remover);
	k_spin_unlock(&src->lock, key);
	compat_sem_end(&remover.done);
	return ret;
}

/* A delivery has ended: tell the removers that wait for it. Locked. @return whether one does. */
static bool delivery_ended(struct packet_source *src, struct packet_sender *walk)
{
	bool awaited = false;

	for (struct packet_remover *r = src->removers; r != NULL; r = r->next) {
		if (r->conn == walk->current) {
			/* Under our lock, and the remover takes it before it returns. */
			k_sem_give(&r->done);
			awaited = true;
		}
	}
	walk->current = NULL;
	return awaited;
}

void packet_walk_begin(struct packet_source *src, struct packet_sender *walk)
{
	k_spinlock_key_t key;

	walk->thread = k_current_get();
	walk->current = NULL;

	key = k_spin_lock(&src->lock);
	walk->upcoming = list_first(src);
	walk->last = list_last(src);
	walk->next = src->senders;
	src->senders = walk;
	k_spin_unlock(&src->lock, key);
}

struct packet_sink *packet_walk_next(struct packet_source *src, struct packet_sender *walk,
				     struct packet_connection **conn)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);
	struct packet_connection *visit = walk->upcoming;
	struct packet_sink *sink = NULL;
	bool awaited = delivery_ended(src, walk);

	if (visit != NULL) {
		walk->upcoming = visit != walk->last ? list_next(src, visit) : NULL;
		walk->current = visit;
		sink = visit->sink;
	}
	k_spin_unlock(&src->lock, key);
	if (unlikely(awaited)) {
		compat_reschedule();
	}
	if (conn != NULL) {
		*conn = sink != NULL ? visit : NULL;
	}
	return sink;
}

void packet_walk_end(struct packet_source *src, struct packet_sender *walk)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);
	struct packet_sender **link = &src->senders;
	bool awaited = delivery_ended(src, walk);

	while (*link != walk) {
		link = &(*link)->next;
	}
	*link = walk->next;
	k_spin_unlock(&src->lock, key);
	if (unlikely(awaited)) {
		compat_reschedule();
	}
}
