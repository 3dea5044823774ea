/* SPDX-License-Identifier: Apache-2.0 */
/** @file Queues of chains. One lock guards the places and all queues, so that they may be shared. */
#include "pool.h"

#include <iob/inspect.h>
#include <zephyr/init.h>

#include <errno.h>

struct iob_pool iob_places;

static struct iob_qentry_s entries[CONFIG_IOB_NCHAINS];

static int initialize_places(void)
{
	lists_begin(&iob_places);
	for (unsigned int i = 0; i < CONFIG_IOB_NCHAINS; i++) {
		push(&iob_places, &entries[i]);
	}
	level_set(&iob_places, CONFIG_IOB_NCHAINS);
	return 0;
}

SYS_INIT_NAMED(iob_queues, initialize_places, PRE_KERNEL_1, 0);

bool iob_is_place(const void *node)
{
	return IS_ARRAY_ELEMENT(entries, node);
}

/* ---- adding ---------------------------------------------------------------------------------- */

static int add_until(struct iob_s *iob, struct iob_queue_s *q, int64_t deadline)
{
	struct iob_qentry_s *entry;
	k_spinlock_key_t key;

	if (iob == NULL || q == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&iob_places.lock);
	/* Below 0 while perhaps somebody waits. */
	if (likely((int32_t)iob_places.level > 0)) {
		level_set(&iob_places, iob_places.level - 1);
		entry = pop(&iob_places);
	} else {
		k_spin_unlock(&iob_places.lock, key);
		entry = iob_pool_get(&iob_places, false, deadline);
		if (entry == NULL) {
			iob_report("there is no place in a queue", iob);
			return -ENOMEM;
		}
		key = k_spin_lock(&iob_places.lock);
	}
	entry->qe_flink = NULL;
	entry->qe_head = iob;
	if (q->qh_head == NULL) {
		q->qh_head = entry;
	} else {
		q->qh_tail->qe_flink = entry;
	}
	q->qh_tail = entry;
	k_spin_unlock(&iob_places.lock, key);
	return 0;
}

int iob_add_queue(struct iob_s *iob, struct iob_queue_s *iobq)
{
	return add_until(iob, iobq, PORT_FOREVER);
}

int iob_tryadd_queue(struct iob_s *iob, struct iob_queue_s *iobq)
{
	return add_until(iob, iobq, 0);
}

int iob_concat_queue(struct iob_queue_s *dest, struct iob_queue_s *src)
{
	k_spinlock_key_t key;

	if (dest == NULL || src == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&iob_places.lock);
	if (src != dest && src->qh_head != NULL) {
		if (dest->qh_head == NULL) {
			dest->qh_head = src->qh_head;
		} else {
			dest->qh_tail->qe_flink = src->qh_head;
		}
		dest->qh_tail = src->qh_tail;
		IOB_QINIT(src);
	}
	k_spin_unlock(&iob_places.lock, key);
	return 0;
}

/* ---- taking out ------------------------------------------------------------------------------ */

/* Take out what *@p link points to, @p before being in front of it. Locked on entry, not on return. */
static struct iob_s *take_out(struct iob_queue_s *q, struct iob_qentry_s **link,
			      struct iob_qentry_s *before, k_spinlock_key_t key)
{
	struct iob_qentry_s *entry = *link;
	struct iob_s *iob = entry->qe_head;

	*link = entry->qe_flink;
	if (q->qh_tail == entry) {
		q->qh_tail = before;
	}
	if (unlikely((int32_t)iob_places.level < 0)) {
		iob_pool_route(&iob_places, entry, key);
		return iob;
	}
	push(&iob_places, entry);
	level_set(&iob_places, iob_places.level + 1);
	k_spin_unlock(&iob_places.lock, key);
	return iob;
}

struct iob_s *iob_remove_queue(struct iob_queue_s *iobq)
{
	k_spinlock_key_t key;

	if (iobq == NULL) {
		return NULL;
	}
	key = k_spin_lock(&iob_places.lock);
	if (iobq->qh_head == NULL) {
		k_spin_unlock(&iob_places.lock, key);
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
	key = k_spin_lock(&iob_places.lock);
	for (link = &iobq->qh_head; *link != NULL; link = &before->qe_flink) {
		if ((*link)->qe_head == iob) {
			iob_free_chain(take_out(iobq, link, before, key));
			return;
		}
		before = *link;
	}
	k_spin_unlock(&iob_places.lock, key);
}

/* ---- looking --------------------------------------------------------------------------------- */

struct iob_s *iob_peek_queue(struct iob_queue_s *iobq)
{
	struct iob_s *iob = NULL;

	if (iobq != NULL) {
		k_spinlock_key_t key = k_spin_lock(&iob_places.lock);

		iob = iobq->qh_head != NULL ? iobq->qh_head->qe_head : NULL;
		k_spin_unlock(&iob_places.lock, key);
	}
	return iob;
}

struct iob_s *iob_trimhead_queue(struct iob_queue_s *qhead, unsigned int trimlen)
{
	struct iob_s *iob = iob_peek_queue(qhead);

	if (iob != NULL) {
		struct iob_s *rest;
		struct iob_s *head = iob_trim_front(iob, trimlen, &rest);
		k_spinlock_key_t key = k_spin_lock(&iob_places.lock);

		if (qhead->qh_head != NULL && qhead->qh_head->qe_head == iob) {
			qhead->qh_head->qe_head = head;
		}
		k_spin_unlock(&iob_places.lock, key);
		/* Not before: others look at the head of a queue. */
		iob_free_chain(rest);
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
	key = k_spin_lock(&iob_places.lock);
	for (const struct iob_qentry_s *e = queue->qh_head; e != NULL; e = e->qe_flink) {
		*bytes += e->qe_head->io_pktlen;
		count++;
	}
	k_spin_unlock(&iob_places.lock, key);
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

int iob_qentry_navail(void)
{
	/* Relaxed: the answer is old before the caller has it. */
	return (int)(atomic32_load_relaxed(&iob_places.level) & ~POOL_WAITING);
}
