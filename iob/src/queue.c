/* SPDX-License-Identifier: Apache-2.0 */
/** @file Queues of chains. One lock guards the places and all queues, so that they may be shared. */
#include "pool.h"

#include <iob/inspect.h>
#include <zephyr/init.h>

#include <errno.h>

static struct {
	struct iob_qentry_s *free; /* places in no queue */
	struct wait_q waiters;     /* who waits for one */
	struct k_spinlock lock;    /* guards these, and what is in any queue */
} places;

static struct iob_qentry_s entries[CONFIG_IOB_NCHAINS];

static int initialize(void)
{
	for (unsigned int i = 0; i < CONFIG_IOB_NCHAINS; i++) {
		entries[i].qe_flink = places.free;
		places.free = &entries[i];
	}
	return 0;
}

SYS_INIT_NAMED(iob_queues, initialize, PRE_KERNEL_1, 0);

/* ---- adding ---------------------------------------------------------------------------------- */

/* Locked. */
static void append(struct iob_qentry_s *entry, struct iob_s *iob, struct iob_queue_s *q)
{
	entry->qe_flink = NULL;
	entry->qe_head = iob;
	if (q->qh_head == NULL) {
		q->qh_head = entry;
	} else {
		q->qh_tail->qe_flink = entry;
	}
	q->qh_tail = entry;
}

static int add(struct iob_s *iob, struct iob_queue_s *q, bool block)
{
	struct iob_qentry_s *entry;
	k_spinlock_key_t key;

	if (iob == NULL || q == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&places.lock);
	entry = places.free;
	if (likely(entry != NULL)) {
		places.free = entry->qe_flink;
	} else if (block && !port_in_isr()) {
		struct waiter w;

		waiter_init(&w, NULL);
		(void)wait_q_wait(&places.waiters, &w, &places.lock, key, PORT_FOREVER);
		entry = w.data;
		key = k_spin_lock(&places.lock);
	}
	if (likely(entry != NULL)) {
		append(entry, iob, q);
	}
	k_spin_unlock(&places.lock, key);
	if (unlikely(entry == NULL)) {
		iob_report("there is no place in a queue", iob);
		return -ENOMEM;
	}
	return 0;
}

int iob_add_queue(struct iob_s *iob, struct iob_queue_s *iobq)
{
	return add(iob, iobq, true);
}

int iob_tryadd_queue(struct iob_s *iob, struct iob_queue_s *iobq)
{
	return add(iob, iobq, false);
}

int iob_concat_queue(struct iob_queue_s *dest, struct iob_queue_s *src)
{
	k_spinlock_key_t key;

	if (dest == NULL || src == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&places.lock);
	if (src != dest && src->qh_head != NULL) {
		if (dest->qh_head == NULL) {
			dest->qh_head = src->qh_head;
		} else {
			dest->qh_tail->qe_flink = src->qh_head;
		}
		dest->qh_tail = src->qh_tail;
		IOB_QINIT(src);
	}
	k_spin_unlock(&places.lock, key);
	return 0;
}

/* ---- taking out ------------------------------------------------------------------------------ */

/* Take out what *@p link points to, @p before being in front of it. Locked on entry, not on return. */
static struct iob_s *take_out(struct iob_queue_s *q, struct iob_qentry_s **link,
			      struct iob_qentry_s *before, k_spinlock_key_t key)
{
	struct iob_qentry_s *entry = *link;
	struct iob_s *iob = entry->qe_head;
	struct k_thread *thread = NULL;
	struct waiter *w;

	*link = entry->qe_flink;
	if (q->qh_tail == entry) {
		q->qh_tail = before;
	}
	w = wait_q_take(&places.waiters);
	if (unlikely(w != NULL)) {
		w->data = entry;
		thread = waiter_finish(w, 0);
	} else {
		entry->qe_flink = places.free;
		places.free = entry;
	}
	k_spin_unlock(&places.lock, key);
	if (unlikely(thread != NULL)) {
		waiter_wake(thread);
	}
	return iob;
}

struct iob_s *iob_remove_queue(struct iob_queue_s *iobq)
{
	k_spinlock_key_t key;

	if (iobq == NULL) {
		return NULL;
	}
	key = k_spin_lock(&places.lock);
	if (iobq->qh_head == NULL) {
		k_spin_unlock(&places.lock, key);
		return NULL;
	}
	return take_out(iobq, &iobq->qh_head, NULL, key);
}

void iob_free_queue(struct iob_queue_s *qhead)
{
	struct iob_queue_s all = {NULL, NULL};
	struct iob_s *iob;

	/* What others add from now on stays. */
	(void)iob_concat_queue(&all, qhead);
	while ((iob = iob_remove_queue(&all)) != NULL) {
		iob_free_chain(iob);
	}
}

void iob_free_queue_qentry(struct iob_s *iob, struct iob_queue_s *iobq)
{
	struct iob_qentry_s *before = NULL;
	struct iob_qentry_s **link;
	k_spinlock_key_t key;

	if (iob == NULL || iobq == NULL) {
		return;
	}
	key = k_spin_lock(&places.lock);
	for (link = &iobq->qh_head; *link != NULL; link = &before->qe_flink) {
		if ((*link)->qe_head == iob) {
			iob_free_chain(take_out(iobq, link, before, key));
			return;
		}
		before = *link;
	}
	k_spin_unlock(&places.lock, key);
}

/* ---- looking --------------------------------------------------------------------------------- */

struct iob_s *iob_peek_queue(struct iob_queue_s *iobq)
{
	struct iob_s *iob = NULL;

	if (iobq != NULL) {
		k_spinlock_key_t key = k_spin_lock(&places.lock);

		iob = iobq->qh_head != NULL ? iobq->qh_head->qe_head : NULL;
		k_spin_unlock(&places.lock, key);
	}
	return iob;
}

struct iob_s *iob_trimhead_queue(struct iob_queue_s *qhead, unsigned int trimlen)
{
	struct iob_s *iob = iob_peek_queue(qhead);

	if (iob != NULL) {
		struct iob_s *head = iob_trimhead(iob, trimlen);
		k_spinlock_key_t key = k_spin_lock(&places.lock);

		if (qhead->qh_head != NULL && qhead->qh_head->qe_head == iob) {
			qhead->qh_head->qe_head = head;
		}
		k_spin_unlock(&places.lock, key);
		iob = head;
	}
	return iob;
}

/* How many chains, and how many bytes in *@p bytes. */
static unsigned int measure(struct iob_queue_s *queue, unsigned int *bytes)
{
	unsigned int count = 0;
	k_spinlock_key_t key;

	*bytes = 0;
	if (queue == NULL) {
		return 0;
	}
	key = k_spin_lock(&places.lock);
	for (const struct iob_qentry_s *e = queue->qh_head; e != NULL; e = e->qe_flink) {
		*bytes += e->qe_head->io_pktlen;
		count++;
	}
	k_spin_unlock(&places.lock, key);
	return count;
}

unsigned int iob_get_queue_size(struct iob_queue_s *queue)
{
	unsigned int bytes;

	(void)measure(queue, &bytes);
	return bytes;
}

unsigned int iob_get_queue_entry_count(struct iob_queue_s *queue)
{
	unsigned int bytes;

	return measure(queue, &bytes);
}

/* Walk the free places. @return how many there are, -EFAULT if a link is damaged. */
static int walk(void)
{
	k_spinlock_key_t key = k_spin_lock(&places.lock);
	const struct iob_qentry_s *e = places.free;
	int count = 0;

	while (e != NULL && count >= 0) {
		count = count < CONFIG_IOB_NCHAINS && IS_ARRAY_ELEMENT(entries, e) ? count + 1
										   : -EFAULT;
		e = e->qe_flink;
	}
	k_spin_unlock(&places.lock, key);
	return count;
}

int iob_qentry_navail(void)
{
	return walk();
}

int iob_queue_check(void)
{
	return MIN(walk(), 0);
}
