/* SPDX-License-Identifier: Apache-2.0 */
/** @file Timeouts: a pairing heap by deadline, and the routine of the alarm that serves it. */
#include <zephyr/kernel.h>
#include <kernel/timeout_q.h>

static struct k_spinlock timeouts_lock; /* guards all of this file, and what is in the nodes */
static struct timeout_node *root;
static int64_t next_order; /* never wraps */
static bool expiring;      /* whether expire() runs, which tells the port when it ends */

#ifdef CONFIG_SMP
static struct timeout_node *called_now; /* whose function is being called */
static struct wait_q running_waiters;   /* who waits for its end */
#endif

/* ---- the heap ------------------------------------------------------------------------------- */

static bool is_before(const struct timeout_node *a, const struct timeout_node *b)
{
	return a->deadline != b->deadline ? a->deadline < b->deadline : a->order < b->order;
}

/* Make one heap of two that are not empty; @p a and @p b have no siblings. */
static struct timeout_node *meld(struct timeout_node *a, struct timeout_node *b)
{
	if (is_before(b, a)) {
		struct timeout_node *swap = a;

		a = b;
		b = swap;
	}
	b->sibling = a->child;
	if (b->sibling != NULL) {
		b->sibling->prev = b;
	}
	b->prev = a;
	a->child = b;
	return a;
}

/* Make one heap of @p first, not NULL, and its siblings: in pairs, then these one after the other. */
static struct timeout_node *meld_all(struct timeout_node *first)
{
	struct timeout_node *pairs = NULL;
	struct timeout_node *all;

	while (first != NULL) {
		struct timeout_node *pair = first;
		struct timeout_node *second = first->sibling;

		first = NULL;
		if (second != NULL) {
			first = second->sibling;
			pair = meld(pair, second);
		}
		pair->sibling = pairs;
		pairs = pair;
	}
	all = pairs;
	pairs = pairs->sibling;
	while (pairs != NULL) {
		struct timeout_node *pair = pairs;

		pairs = pairs->sibling;
		all = meld(all, pair);
	}
	return all;
}

static void root_set(struct timeout_node *node)
{
	root = node;
	if (node != NULL) {
		node->sibling = NULL;
		node->prev = node;
	}
}

static void heap_insert(struct timeout_node *node)
{
	node->child = NULL;
	root_set(root != NULL ? meld(root, node) : node);
}

/* Take @p node, which is pending, out. */
static void heap_remove(struct timeout_node *node)
{
	struct timeout_node *below = node->child != NULL ? meld_all(node->child) : NULL;

	if (node == root) {
		root_set(below);
	} else {
		if (node->prev->child == node) {
			node->prev->child = node->sibling;
		} else {
			node->prev->sibling = node->sibling;
		}
		if (node->sibling != NULL) {
			node->sibling->prev = node->prev;
		}
		if (below != NULL) {
			root_set(meld(root, below));
		}
	}
	node->prev = NULL;
}

/* ---- expiry --------------------------------------------------------------------------------- */

static void expire(void);

/* Tell the port what is first. Locked, so that the last one to tell it is right. */
static void alarm_update(void)
{
	if (!expiring) {
		port_alarm_set(root != NULL ? root->deadline : PORT_FOREVER, expire);
	}
}

#ifdef CONFIG_SMP

static void running_begins(struct timeout_node *node)
{
	called_now = node;
}

static k_spinlock_key_t running_ends(k_spinlock_key_t key)
{
	struct waiter *waiters = NULL;

	called_now = NULL;
	if (unlikely(!wait_q_empty(&running_waiters))) {
		waiters = wait_q_finish_all(&running_waiters, 0);
		k_spin_unlock(&timeouts_lock, key);
		wait_q_wake_chain(waiters);
		key = k_spin_lock(&timeouts_lock);
	}
	return key;
}

static bool runs_elsewhere(const struct timeout_node *node)
{
	return called_now == node && !port_in_isr();
}

/* Wait for the end of the function that runs. Unlocked meanwhile. */
static k_spinlock_key_t running_wait(k_spinlock_key_t key)
{
	struct waiter w;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	(void)wait_q_wait(&running_waiters, &w, &timeouts_lock, key, PORT_FOREVER);
	return k_spin_lock(&timeouts_lock);
}

#else /* functions run in ISRs, which end before a thread goes on */

static bool runs_elsewhere(const struct timeout_node *node)
{
	ARG_UNUSED(node);
	return false;
}

static k_spinlock_key_t running_wait(k_spinlock_key_t key)
{
	return key;
}

static void running_begins(struct timeout_node *node)
{
	ARG_UNUSED(node);
}

static k_spinlock_key_t running_ends(k_spinlock_key_t key)
{
	return key;
}

#endif

/*
 * The alarm's routine. What is added while it runs is left to the next alarm, so that a function that
 * always adds something due does not keep other interrupts out.
 */
static void expire(void)
{
	int64_t now = port_clock_ticks();
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);
	int64_t order = next_order;

	expiring = true;
	while (root != NULL && root->deadline <= now && root->order < order) {
		struct timeout_node *node = root;
		timeout_fn_t fn = node->fn;

		heap_remove(node);
		running_begins(node);
		k_spin_unlock(&timeouts_lock, key);
		fn(node);
		key = running_ends(k_spin_lock(&timeouts_lock));
	}
	expiring = false;
	alarm_update();
	k_spin_unlock(&timeouts_lock, key);
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* Take @p node out if it is pending. Locked. */
static bool remove_pending(struct timeout_node *node)
{
	bool pending = node->prev != NULL;

	if (pending) {
		heap_remove(node);
	}
	return pending;
}

/* The same, and tell the port. */
static bool abort_pending(struct timeout_node *node)
{
	bool was_first = root == node;
	bool pending = remove_pending(node);

	if (was_first) {
		alarm_update();
	}
	return pending;
}

bool timeout_q_add(struct timeout_node *node, timeout_fn_t fn, int64_t deadline)
{
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);
	struct timeout_node *first = root;
	bool was_pending = remove_pending(node);

	node->fn = fn;
	node->deadline = deadline;
	if (deadline != PORT_FOREVER) {
		node->order = next_order++;
		heap_insert(node);
	}
	if (root != first || first == node) {
		alarm_update();
	}
	k_spin_unlock(&timeouts_lock, key);
	return was_pending;
}

bool timeout_q_abort(struct timeout_node *node)
{
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);
	bool was_pending = abort_pending(node);

	k_spin_unlock(&timeouts_lock, key);
	return was_pending;
}

bool timeout_q_abort_sync(struct timeout_node *node)
{
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);
	bool was_pending = abort_pending(node);

	while (runs_elsewhere(node)) {
		key = running_wait(key);
		/* The function may have added it again. */
		was_pending |= abort_pending(node);
	}
	k_spin_unlock(&timeouts_lock, key);
	return was_pending;
}

void timeout_q_wait(struct timeout_node *node)
{
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);

	if (runs_elsewhere(node)) {
		key = running_wait(key);
	}
	k_spin_unlock(&timeouts_lock, key);
}

bool timeout_q_pending(const struct timeout_node *node, int64_t *deadline)
{
	k_spinlock_key_t key = k_spin_lock(&timeouts_lock);
	bool pending = node->prev != NULL;

	if (pending && deadline != NULL) {
		*deadline = node->deadline;
	}
	k_spin_unlock(&timeouts_lock, key);
	return pending;
}
