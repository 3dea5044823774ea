/* SPDX-License-Identifier: Apache-2.0 */

#include "reference.h"

static bool by_device(const struct request *q)
{
	return q->kind == AT_ONCE || q->kind == HELD || q->kind == READ;
}

static void note_start(struct reference *m, int n, int result)
{
	m->starts[m->started++] = (struct event){n, result, false};
}

static void answer(struct reference *m, int n, int result, bool block)
{
	struct request *q = &m->request[n];
	bool told = false;

	if ((q->flags & RTIO_SQE_NO_RESPONSE) == 0) {
		if (m->queued < m->cqes) {
			m->answers[m->answered++] = (struct event){n, result, block};
			m->queued++;
			told = true;
		} else {
			m->lost++;
		}
	}
	if (block && !told) {
		m->blocks++;
	}
}

/* ---- time ------------------------------------------------------------------------------------ */

/* From now on the deadline of @p q is a moment. @return whether it has passed. */
static bool deadline_passed(const struct reference *m, struct request *q)
{
	if (q->due == NEVER && q->timeout != NEVER) {
		q->due = m->now + q->timeout;
	}
	return q->due <= m->now;
}

static void arm(struct reference *m, struct request *q, int64_t expires)
{
	q->expires = expires;
	q->armed = m->timers++;
}

/* Those behind the transaction that begins with @p n have its deadline, or their own if that is earlier. */
static void hand_deadline_on(struct reference *m, int n)
{
	struct request *q = &m->request[n];
	struct request *next;

	while (n != NOBODY && (m->request[n].flags & RTIO_SQE_TRANSACTION) != 0) {
		n = m->request[n].next;
	}
	n = n != NOBODY ? m->request[n].next : NOBODY;
	(void)deadline_passed(m, q);
	if (n != NOBODY && q->due != NEVER) {
		next = &m->request[n];
		(void)deadline_passed(m, next);
		next->due = MIN(next->due, q->due);
	}
}

/* ---- one after the other --------------------------------------------------------------------- */

/* Whether a member of the transaction that begins with @p n was cancelled. */
static bool any_asked(const struct reference *m, int n)
{
	for (; n != NOBODY; n = m->request[n].next) {
		if (m->request[n].asked) {
			return true;
		}
		if ((m->request[n].flags & RTIO_SQE_TRANSACTION) == 0) {
			break;
		}
	}
	return false;
}

/* @return whether it is over already, with *@p result. */
static bool start(struct reference *m, int n, int before, int *result)
{
	struct request *q = &m->request[n];

	*result = -ECANCELED;
	if (before < 0) {
		if (q->kind == CALLBACK) {
			note_start(m, n, before);
		}
		return true;
	}
	if (deadline_passed(m, q)) {
		*result = -ETIMEDOUT;
		return true;
	}
	if (any_asked(m, n)) {
		return true;
	}
	for (int i = n; i != NOBODY; i = m->request[i].next) {
		m->request[i].head = n;
		if ((m->request[i].flags & RTIO_SQE_TRANSACTION) == 0) {
			break;
		}
	}
	q->place = ACTIVE;
	arm(m, q, q->due);
	if (q->kind == DELAY) {
		q->too_long = q->due < m->now + q->delay;
		q->expires = MIN(q->due, m->now + q->delay);
	}
	*result = q->kind == CALLBACK ? 0 : q->kind == UNKNOWN ? -EINVAL : q->result;
	if (by_device(q) || q->kind == CALLBACK) {
		note_start(m, n, q->kind == CALLBACK ? before : 0);
	}
	if (q->kind == AWAIT && q->signalled) {
		*result = 0;
		return true;
	}
	return q->kind != AWAIT && q->kind != HELD && q->kind != READ && q->kind != DELAY;
}

/* Take @p n out of those that wait. @return whether it was one. */
static bool stop_waiting(struct reference *m, int n)
{
	uint32_t i = 0;

	while (i < m->waits && m->waiting[i] != n) {
		i++;
	}
	if (i == m->waits) {
		return false;
	}
	m->waits--;
	for (; i < m->waits; i++) {
		m->waiting[i] = m->waiting[i + 1];
	}
	return true;
}

/* @return what to start next, or NOBODY. */
static int finish(struct reference *m, int n, int result, int *before)
{
	bool stopped = m->request[n].asked || m->request[n].late;
	bool more = true;
	int next = n;

	m->request[n].expires = NEVER;
	hand_deadline_on(m, n);
	if (*before >= 0) {
		*before = stopped && result >= 0 ? -ECANCELED : result;
	}
	while (more) {
		struct request *q = &m->request[next];
		bool multishot = (q->flags & RTIO_SQE_MULTISHOT) != 0;
		bool block = false;

		if (q->kind == READ && q->place == ACTIVE && result >= 0 && m->blocks > 0) {
			block = true;
			m->blocks--;
		} else if (q->kind == READ && q->place == ACTIVE && result >= 0) {
			result = -ENOMEM;
			*before = result;
		}
		if (multishot && result >= 0 && stopped) {
			result = -ECANCELED;
			m->blocks += block ? 1 : 0;
			block = false;
		}
		if (q->late && result == -ECANCELED) {
			result = -ETIMEDOUT;
		}
		answer(m, next, result, block);
		if (multishot && result >= 0) {
			q->place = LINKED;
			return next;
		}
		q->place = OVER;
		result = result < 0 ? -ECANCELED : result;
		more = (q->flags & RTIO_SQE_TRANSACTION) != 0 && q->next != NOBODY;
		next = q->next;
	}
	if (next == NOBODY) {
		*before = 0;
		if (m->waits > 0 && m->running <= m->limit) {
			next = m->waiting[0];
			(void)stop_waiting(m, next);
		} else {
			m->running--;
		}
	}
	return next;
}

static void run(struct reference *m, int n, int before)
{
	int result;

	while (n != NOBODY && start(m, n, before, &result)) {
		n = finish(m, n, result, &before);
	}
}

void reference_end(struct reference *m, int n, int result)
{
	int before = 0;
	int next = finish(m, n, result, &before);

	run(m, next, before);
}

/* Cut the chain before the transaction with the first withdrawn member. @return its head. */
static int withdraw(struct reference *m, int first)
{
	int before = NOBODY; /* the last one before the transaction looked at */
	int from = first;    /* where that one begins */

	for (int n = first; n != NOBODY; n = m->request[n].next) {
		if (m->request[n].withdrawn) {
			for (int i = from; i != NOBODY; i = m->request[i].next) {
				m->request[i].place = OVER;
			}
			if (before == NOBODY) {
				return NOBODY;
			}
			m->request[before].next = NOBODY;
			return first;
		}
		if ((m->request[n].flags & RTIO_SQE_TRANSACTION) == 0) {
			before = n;
			from = m->request[n].next;
		}
	}
	return first;
}

void reference_submit(struct reference *m, int first)
{
	for (int n = first; n != NOBODY; n = m->request[n].next) {
		m->request[n].place = LINKED;
	}
	first = withdraw(m, first);
	if (first == NOBODY) {
		return;
	}
	if (m->limit != 0 && m->running >= m->limit) {
		(void)deadline_passed(m, &m->request[first]);
		arm(m, &m->request[first], m->request[first].due);
		m->waiting[m->waits++] = first;
		return;
	}
	m->running++;
	run(m, first, 0);
}

/* @p n, cancelled or late, stops if it can. */
static void stop(struct reference *m, int n)
{
	const struct request *q = &m->request[n];

	if (stop_waiting(m, n)) {
		m->running++;
		run(m, n, 0);
	} else if (q->place == ACTIVE && !q->deaf) {
		reference_end(m, n, -ECANCELED);
	}
}

/* @return the one whose timer expires first, by @p to; NOBODY if none does. */
static int first_due(const struct reference *m, int64_t to)
{
	int first = NOBODY;

	for (int n = 0; n < REQUESTS; n++) {
		const struct request *q = &m->request[n];
		const struct request *f = &m->request[first != NOBODY ? first : n];

		if (q->place != UNUSED && q->expires != NEVER && q->expires <= to &&
		    (first == NOBODY || q->expires < f->expires ||
		     (q->expires == f->expires && q->armed < f->armed))) {
			first = n;
		}
	}
	return first;
}

bool reference_is_due(const struct reference *m)
{
	return first_due(m, m->now) != NOBODY;
}

void reference_advance(struct reference *m, int64_t to)
{
	int n;

	while ((n = first_due(m, to)) != NOBODY) {
		struct request *q = &m->request[n];

		m->now = MAX(m->now, q->expires);
		q->expires = NEVER;
		if (q->kind == DELAY && q->place == ACTIVE) {
			reference_end(m, n, q->too_long ? -ETIMEDOUT : 0);
		} else {
			q->late = true;
			stop(m, n);
		}
	}
	m->now = to;
}

int reference_cancel(struct reference *m, int n)
{
	struct request *q = &m->request[n];

	if (q->place == UNUSED || q->place == OVER) {
		return -ENOENT;
	}
	if (q->asked) {
		return -EALREADY;
	}
	q->asked = true;
	m->request[q->head].asked = true;
	stop(m, q->head);
	return 0;
}

int reference_signal(struct reference *m, int n)
{
	struct request *q = &m->request[n];

	if (q->place == UNUSED || q->place == OVER) {
		return -ENOENT;
	}
	if (q->kind != AWAIT) {
		return -EINVAL;
	}
	q->signalled = true;
	if (q->place == ACTIVE) {
		reference_end(m, n, 0);
	}
	return 0;
}

uint32_t reference_cancel_all(struct reference *m, bool all)
{
	uint32_t asked = 0;
	uint32_t entry = 0;

	for (;;) {
		int next = NOBODY;

		/* The live one with the lowest entry from here on. */
		for (int n = 0; n < REQUESTS; n++) {
			const struct request *q = &m->request[n];

			if (q->place != UNUSED && q->place != OVER && (all || by_device(q)) &&
			    (uint32_t)q->handle >= entry &&
			    (next == NOBODY ||
			     (uint32_t)q->handle < (uint32_t)m->request[next].handle)) {
				next = n;
			}
		}
		if (next == NOBODY) {
			return asked;
		}
		entry = (uint32_t)m->request[next].handle + 1;
		asked += reference_cancel(m, next) == 0 ? 1 : 0;
	}
}

uint32_t reference_in_use(const struct reference *m)
{
	uint32_t count = 0;

	for (int n = 0; n < REQUESTS; n++) {
		count += m->request[n].place != UNUSED && m->request[n].place != OVER ? 1 : 0;
	}
	return count;
}
