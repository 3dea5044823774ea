/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests by priority. */
#include "internal.h"

unsigned int rtio_prio_band(const struct rtio_iodev_sqe *s)
{
	return s->sqe.prio / (256 / RTIO_PRIO_BANDS);
}

void rtio_prio_queue_put_band(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe,
			      unsigned int band)
{
	iodev_sqe->q.next = NULL;
	if (q->band[band].first == NULL) {
		q->band[band].first = &iodev_sqe->q;
		q->band[band].passed = 0;
	} else {
		q->band[band].last->next = &iodev_sqe->q;
	}
	q->band[band].last = &iodev_sqe->q;
}

void rtio_prio_queue_put(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe)
{
	rtio_prio_queue_put_band(q, iodev_sqe, rtio_prio_band(iodev_sqe));
}

/* @return the band that is served next, RTIO_PRIO_BANDS if all are empty. */
static unsigned int next_band(const struct rtio_prio_queue *q)
{
	unsigned int next = RTIO_PRIO_BANDS;
	uint32_t longest = CONFIG_RTIO_PRIO_BOUND - 1;
	bool due = false;

	for (unsigned int i = 0; i < RTIO_PRIO_BANDS; i++) {
		if (q->band[i].first == NULL) {
			continue;
		}
		if (q->band[i].passed > longest) {
			longest = q->band[i].passed;
			due = true;
			next = i;
		} else if (!due) {
			next = i;
		}
	}
	return next;
}

struct rtio_iodev_sqe *rtio_prio_queue_get(struct rtio_prio_queue *q)
{
	unsigned int band = next_band(q);
	struct mpsc_node *node;

	if (band == RTIO_PRIO_BANDS) {
		return NULL;
	}
	node = q->band[band].first;
	q->band[band].first = node->next;
	q->band[band].passed = 0;
	for (unsigned int i = 0; i < RTIO_PRIO_BANDS; i++) {
		if (i != band && q->band[i].first != NULL) {
			q->band[i].passed++;
		}
	}
	return CONTAINER_OF(node, struct rtio_iodev_sqe, q);
}

bool rtio_prio_queue_remove_band(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe,
				 unsigned int band)
{
	struct mpsc_node *before = NULL;

	for (struct mpsc_node *n = q->band[band].first; n != NULL; before = n, n = n->next) {
		if (n != &iodev_sqe->q) {
			continue;
		}
		if (before != NULL) {
			before->next = n->next;
		} else {
			q->band[band].first = n->next;
		}
		if (q->band[band].last == n) {
			q->band[band].last = before;
		}
		return true;
	}
	return false;
}

bool rtio_prio_queue_remove(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe)
{
	return rtio_prio_queue_remove_band(q, iodev_sqe, rtio_prio_band(iodev_sqe));
}

bool rtio_iodev_queue_put(struct rtio_iodev_queue *q, struct rtio_iodev_sqe *iodev_sqe)
{
	k_spinlock_key_t key = k_spin_lock(&q->lock);
	bool idle = q->current == NULL;

	if (idle) {
		q->current = iodev_sqe;
	} else {
		rtio_prio_queue_put(&q->waiting, iodev_sqe);
	}
	k_spin_unlock(&q->lock, key);
	return idle;
}

struct rtio_iodev_sqe *rtio_iodev_queue_next(struct rtio_iodev_queue *q)
{
	k_spinlock_key_t key = k_spin_lock(&q->lock);
	struct rtio_iodev_sqe *next = rtio_prio_queue_get(&q->waiting);

	q->current = next;
	k_spin_unlock(&q->lock, key);
	return next;
}

bool rtio_iodev_queue_cancel(struct rtio_iodev_queue *q, struct rtio_iodev_sqe *iodev_sqe)
{
	k_spinlock_key_t key = k_spin_lock(&q->lock);
	bool waited = q->current != iodev_sqe && rtio_prio_queue_remove(&q->waiting, iodev_sqe);

	k_spin_unlock(&q->lock, key);
	return waited;
}
