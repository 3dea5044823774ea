/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Queues of linked items.
 *
 * A node is one word: the address of the next node, with the lowest bit telling what the node itself
 * is: 0, the first word of an item; 1, an outer node, which the alloc calls made for one. So lists
 * of items that the user linked can be taken over as they are.
 */
#include <zephyr/kernel.h>

#include <errno.h>

/* Users have a type of their own for this word. */
struct __attribute__((may_alias)) z_queue_node {
	uintptr_t link;
};

#define OUTER ((uintptr_t)1)

struct outer_node {
	struct z_queue_node node;
	void *data;
};

static struct z_queue_node *next_of(const struct z_queue_node *node)
{
	return (struct z_queue_node *)(node->link & ~OUTER);
}

static void set_next(struct z_queue_node *node, const struct z_queue_node *next)
{
	node->link = (uintptr_t)next | (node->link & OUTER);
}

static bool is_outer(const struct z_queue_node *node)
{
	return (node->link & OUTER) != 0;
}

/* What @p node stands for; NULL for NULL. */
static void *data_of(struct z_queue_node *node)
{
	if (node == NULL || !is_outer(node)) {
		return node;
	}
	return CONTAINER_OF(node, struct outer_node, node)->data;
}

/* ---- the list; queue locked ----------------------------------------------------------------- */

/* Put @p head to @p tail, linked, behind @p prev; NULL: at the front. */
static void list_insert(struct k_queue *q, struct z_queue_node *prev, struct z_queue_node *head,
			struct z_queue_node *tail)
{
	struct z_queue_node *next = prev != NULL ? next_of(prev) : q->first;

	set_next(tail, next);
	if (next == NULL) {
		q->last = tail;
	}
	if (prev != NULL) {
		set_next(prev, head);
	} else {
		q->first = head;
	}
}

/* Take out what stands behind @p prev, or the first for NULL. */
static void unlink_node(struct k_queue *q, struct z_queue_node *prev, struct z_queue_node *node)
{
	if (prev != NULL) {
		set_next(prev, next_of(node));
	} else {
		q->first = next_of(node);
	}
	if (next_of(node) == NULL) {
		q->last = prev;
	}
}

/* Look for @p data in the list. @return whether it is there, and then behind which node. */
static bool list_find(const struct k_queue *q, const void *data, struct z_queue_node **prev)
{
	*prev = NULL;
	for (struct z_queue_node *node = q->first; node != NULL; node = next_of(node)) {
		if ((const void *)node == data && !is_outer(node)) {
			return true;
		}
		*prev = node;
	}
	return false;
}

static struct z_queue_node *list_end(const struct k_queue *q)
{
	return q->first != NULL ? q->last : NULL;
}

/* ---- waiting threads; queue locked ---------------------------------------------------------- */

/* Give @p data to the first thread that waits. @return it, to be woken; NULL if nobody waits. */
static struct waiter *hand_item(struct k_queue *q, void *data)
{
	struct waiter *getter = wait_q_take(&q->getters);

	if (getter != NULL) {
		getter->data = data;
		(void)waiter_finish(getter, 0);
		getter->next = NULL;
	}
	return getter;
}

/* Tell k_poll() that something has come. @return the waiter to wake. */
static struct waiter *signal_poller(struct k_queue *q)
{
#ifdef CONFIG_POLL
	return poll_q_empty(&q->pollers) ? NULL
					 : poll_q_signal(&q->pollers, K_POLL_STATE_DATA_AVAILABLE);
#else
	ARG_UNUSED(q);
	return NULL;
#endif
}

/* ---- putting -------------------------------------------------------------------------------- */

void k_queue_init(struct k_queue *queue)
{
	*queue = (struct k_queue)Z_QUEUE_INITIALIZER(*queue);
}

enum where {
	AT_FRONT,
	AT_END,
	AFTER_NODE, /* a certain node */
};

/* Queue locked on entry, not on return. @return whether a thread that waited got the data. */
static bool put_item(struct k_queue *q, enum where where, struct z_queue_node *prev,
		     struct z_queue_node *node, k_spinlock_key_t key)
{
	struct waiter *woken = hand_item(q, data_of(node));
	bool handed_over = woken != NULL;

	if (!handed_over) {
		if (where != AFTER_NODE) {
			prev = where == AT_END ? list_end(q) : NULL;
		}
		list_insert(q, prev, node, node);
		woken = signal_poller(q);
	}
	k_spin_unlock(&q->lock, key);
	wait_q_wake_chain(woken);
	return handed_over;
}

/* Make a node, with none behind it, of the first word of an item. */
static struct z_queue_node *inner(void *data)
{
	struct z_queue_node *node = data;

	node->link = 0;
	return node;
}

void k_queue_append(struct k_queue *queue, void *data)
{
	struct z_queue_node *node = inner(data);

	(void)put_item(queue, AT_END, NULL, node, k_spin_lock(&queue->lock));
}

void k_queue_prepend(struct k_queue *queue, void *data)
{
	struct z_queue_node *node = inner(data);

	(void)put_item(queue, AT_FRONT, NULL, node, k_spin_lock(&queue->lock));
}

void k_queue_insert(struct k_queue *queue, void *prev, void *data)
{
	struct z_queue_node *node = inner(data);

	(void)put_item(queue, prev != NULL ? AFTER_NODE : AT_FRONT, prev, node,
		       k_spin_lock(&queue->lock));
}

static int32_t alloc_put(struct k_queue *q, enum where where, void *data)
{
	struct outer_node *outer = k_malloc(sizeof(*outer));

	if (outer == NULL) {
		return -ENOMEM;
	}
	outer->node.link = OUTER;
	outer->data = data;
	if (put_item(q, where, NULL, &outer->node, k_spin_lock(&q->lock))) {
		k_free(outer);
	}
	return 0;
}

int32_t k_queue_alloc_append(struct k_queue *queue, void *data)
{
	return alloc_put(queue, AT_END, data);
}

int32_t k_queue_alloc_prepend(struct k_queue *queue, void *data)
{
	return alloc_put(queue, AT_FRONT, data);
}

int k_queue_append_list(struct k_queue *queue, void *head, void *tail)
{
	struct z_queue_node *node = head;
	struct waiter *woken = NULL;
	struct waiter **end = &woken;
	k_spinlock_key_t key;

	if (head == NULL || tail == NULL) {
		return -EINVAL;
	}
	(void)inner(tail); /* its word may still say anything */

	key = k_spin_lock(&queue->lock);
	while (node != NULL && (*end = hand_item(queue, node)) != NULL) {
		end = &(*end)->next;
		node = next_of(node);
	}
	if (node != NULL) {
		list_insert(queue, list_end(queue), node, tail);
	}
	/* One poller for each item left, as if they had come one by one. */
	while (node != NULL && (*end = signal_poller(queue)) != NULL) {
		end = &(*end)->next;
		node = next_of(node);
	}
	k_spin_unlock(&queue->lock, key);
	wait_q_wake_chain(woken);
	return 0;
}

int k_queue_merge_slist(struct k_queue *queue, sys_slist_t *list)
{
	if (list == NULL || sys_slist_is_empty(list)) {
		return -EINVAL;
	}
	(void)k_queue_append_list(queue, sys_slist_peek_head(list), sys_slist_peek_tail(list));
	sys_slist_init(list);
	return 0;
}

bool k_queue_unique_append(struct k_queue *queue, void *data)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	struct z_queue_node *prev;

	if (list_find(queue, data, &prev)) {
		k_spin_unlock(&queue->lock, key);
		return false;
	}
	(void)put_item(queue, AT_END, NULL, inner(data), key);
	return true;
}

/* ---- taking --------------------------------------------------------------------------------- */

void *k_queue_get(struct k_queue *queue, k_timeout_t timeout)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	struct z_queue_node *node = queue->first;
	int64_t deadline;
	struct waiter w;

	if (likely(node != NULL)) {
		void *data = data_of(node);

		unlink_node(queue, NULL, node);
		k_spin_unlock(&queue->lock, key);
		if (is_outer(node)) {
			k_free(CONTAINER_OF(node, struct outer_node, node));
		}
		return data;
	}
	if (!wait_allowed(timeout)) {
		k_spin_unlock(&queue->lock, key);
		return NULL;
	}
	deadline = sys_clock_deadline(timeout);
	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_MESSAGE);
	return wait_q_wait(&queue->getters, &w, &queue->lock, key, deadline) == 0 ? w.data : NULL;
}

bool k_queue_remove(struct k_queue *queue, void *data)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	struct z_queue_node *prev;
	bool found = list_find(queue, data, &prev);

	if (found) {
		unlink_node(queue, prev, data);
	}
	k_spin_unlock(&queue->lock, key);
	return found;
}

void k_queue_cancel_wait(struct k_queue *queue)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	struct waiter *woken = hand_item(queue, NULL);

#ifdef CONFIG_POLL
	struct waiter *poller = poll_q_signal(&queue->pollers, K_POLL_STATE_CANCELLED);
#else
	struct waiter *poller = NULL;
#endif

	k_spin_unlock(&queue->lock, key);
	wait_q_wake_chain(woken);
	wait_q_wake_chain(poller);
}

/* ---- looking -------------------------------------------------------------------------------- */

bool k_queue_is_empty(struct k_queue *queue)
{
	return k_queue_peek_head(queue) == NULL;
}

void *k_queue_peek_head(struct k_queue *queue)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	void *data = data_of(queue->first);

	k_spin_unlock(&queue->lock, key);
	return data;
}

void *k_queue_peek_tail(struct k_queue *queue)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	void *data = data_of(list_end(queue));

	k_spin_unlock(&queue->lock, key);
	return data;
}

#ifdef CONFIG_POLL

bool z_queue_poll(struct k_queue *queue, struct k_poll_event *event, enum poll_step step)
{
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	bool ready = queue->first != NULL;

	poll_q_step(&queue->pollers, event, step, ready);
	k_spin_unlock(&queue->lock, key);
	return ready;
}

#endif /* CONFIG_POLL */
