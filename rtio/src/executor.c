/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Execution of all that is not plain (plain.c): chains, if only of one. run_request() starts one request
 * after the other and returns as soon as one does not end at once; the end of that one, wherever it
 * comes, calls run_request() for the rest. A request ends "at once" when it does so while it is held (see
 * internal.h), so that run_request() is a loop, not a recursion.
 */
#include "internal.h"

static void run_request(struct rtio *r, struct rtio_iodev_sqe *s, int before);

/* ---- the end of a request ---------------------------------------------------------------------- */

/* What the end of @p s, with @p result, is called. Context locked. */
static int final_result(const struct rtio_iodev_sqe *s, int result)
{
	uint32_t status = status_get(s);

	if (result >= 0 && (s->sqe.flags & RTIO_SQE_MULTISHOT) != 0 &&
	    (status & (MARK_ASKED | MARK_LATE)) != 0) {
		result = -ECANCELED;
	}
	return result == -ECANCELED && (status & MARK_LATE) != 0 ? -ETIMEDOUT : result;
}

/* Answer one request. @return whether it is to start again. */
static bool finish_one(struct rtio *r, struct rtio_iodev_sqe *s, int result)
{
	k_spinlock_key_t key = rtio_lock(r);
	bool pooled = (s->sqe.flags & RTIO_SQE_MEMPOOL_BUFFER) != 0;
	struct rtio_split *split =
		(s->sqe.flags & RTIO_SQE_PART) != 0 ? (struct rtio_split *)s->sqe.userdata : NULL;
	bool again;

	result = final_result(s, result);
	again = result >= 0 && (s->sqe.flags & RTIO_SQE_MULTISHOT) != 0;
	if ((s->sqe.flags & RTIO_SQE_NO_RESPONSE) == 0) {
		uint32_t flags = pooled && result >= 0 ? rtio_mempool_flags(s) : 0;

		if (answer(r, result, s->sqe.userdata, flags) && flags != 0) {
			s->sqe.rx.buf = NULL;
			s->sqe.rx.buf_len = 0;
		}
	}
	if (pooled && s->sqe.rx.buf != NULL) {
		/* Nobody was told of the memory. */
		unlock_ended(r, key);
		rtio_mempool_drop(s);
		key = rtio_lock(r);
	}
	if (again) {
		status_set(s, STATE_LINKED);
	} else {
		sqe_put(r, s);
	}
	unlock_ended(r, key);
	if (split != NULL && !again) {
		split->ended(split, result);
	}
	return again;
}

/*
 * Make one of a transaction that begins with @p s, so that to cancel a member cancels it all; or
 * dissolve it. Context locked.   @return whether a member has been cancelled.
 */
static bool unite(struct rtio *r, struct rtio_iodev_sqe *s, bool apart)
{
	int32_t head = (int32_t)(s - r->sqes);
	bool asked = false;

	while (rtio_txn_next(s) != NULL) {
		s = rtio_txn_next(s);
		asked = asked || (status_get(s) & MARK_ASKED) != 0;
		s->result = head;
		status_set(s, STATE_LINKED | (apart ? MARK_DONE : MARK_MEMBER));
	}
	return asked;
}

static __attribute__((noinline)) void dissolve(struct rtio *r, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = rtio_lock(r);

	(void)unite(r, s, true);
	rtio_unlock(r, key);
}

/*
 * The request @p s, or the transaction that begins with it, has ended. Answer for it.
 * @return what to start next; *@p before: what the chain has come to.
 */
static struct rtio_iodev_sqe *finish(struct rtio *r, struct rtio_iodev_sqe *s, int result,
				     int *before)
{
	bool part = (s->sqe.flags & RTIO_SQE_PART) != 0;
	struct rtio_iodev_sqe *next;
	bool together;

	if (*before >= 0) {
		bool stop = (status_get(s) & (MARK_ASKED | MARK_LATE)) != 0;

		*before = stop && result >= 0 ? -ECANCELED : result;
	}
#ifdef CONFIG_RTIO_DEADLINE
	if ((s->sqe.flags & RTIO_SQE_DEADLINE) != 0) {
		for (next = s; next != NULL && rtio_txn_next(next) != NULL;) {
			next = rtio_txn_next(next);
		}
		rtio_deadline_end(s, next != NULL ? next->next : NULL);
	}
#endif
	if ((s->sqe.flags & RTIO_SQE_TRANSACTION) != 0) {
		dissolve(r, s);
	}
	do {
		together = (s->sqe.flags & RTIO_SQE_TRANSACTION) != 0;
		next = s->next;
		if (finish_one(r, s, result)) {
			return s;
		}
		if (result < 0) {
			result = -ECANCELED;
		}
		s = next;
	} while (together && next != NULL);
	if (next == NULL) {
		*before = 0;
		next = part || r->executor == NULL ? NULL : r->executor->ops->next(r);
	}
	return next;
}

void rtio_ended(struct rtio *r, struct rtio_iodev_sqe *s, int result)
{
	int before = 0;
	struct rtio_iodev_sqe *next = finish(r, s, result, &before);

	run_request(r, next, before);
}

/* Give up a hold. @return whether the request has ended and is the caller's to finish. */
static bool let_go(struct rtio_iodev_sqe *s, int *result)
{
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);
	uint32_t status = status_get(s) - HOLD;
	bool over = (status & MARK_DONE) != 0 && status < HOLD;

	status_set(s, status);
	*result = s->result;
	rtio_unlock(r, key);
	return over;
}

void rtio_executor_let_go(struct rtio_iodev_sqe *s)
{
	struct rtio *r = s->r;
	int result;

	if (let_go(s, &result)) {
		rtio_ended(r, s, result);
	}
}

/* ---- the beginning ----------------------------------------------------------------------------- */

static void own_operation(struct rtio *r, struct rtio_iodev_sqe *s, int before)
{
	if (s->sqe.op == RTIO_OP_CALLBACK) {
		s->sqe.callback.callback(r, &s->sqe, before, s->sqe.callback.arg0);
		rtio_iodev_sqe_ok(s, 0);
	} else if (s->sqe.op == RTIO_OP_AWAIT && s->sqe.await.callback != NULL) {
		s->sqe.await.callback(s, NULL); /* z_rtio_await_begin() */
#ifdef CONFIG_RTIO_DEADLINE
	} else if (s->sqe.op == RTIO_OP_DELAY) {
		rtio_delay_begin(s);
#endif
	} else {
		rtio_iodev_sqe_err(s, -EINVAL);
	}
}

/* Make @p s active and held, unless it has been cancelled. */
static bool begin(struct rtio *r, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = rtio_lock(r);
	uint32_t status = status_get(s);
	bool go = (status & MARK_ASKED) == 0 && !unite(r, s, false);

	if (go) {
		status_set(s, STATE_ACTIVE | HOLD);
	}
	rtio_unlock(r, key);
	return go;
}

/* Start @p s. @return whether it has ended, with *@p result, and is the caller's to finish. */
static bool start_request(struct rtio *r, struct rtio_iodev_sqe *s, int before, int *result)
{
	*result = -ECANCELED;
	if (before < 0) {
		if (s->sqe.op == RTIO_OP_CALLBACK && s->sqe.iodev == NULL) {
			s->sqe.callback.callback(r, &s->sqe, before, s->sqe.callback.arg0);
		}
		return true;
	}
#ifdef CONFIG_RTIO_DEADLINE
	if ((s->sqe.flags & RTIO_SQE_DEADLINE) != 0 && rtio_deadline_passed(s)) {
		*result = -ETIMEDOUT;
		return true;
	}
#endif
	if (!begin(r, s)) {
		return true;
	}
#ifdef CONFIG_RTIO_DEADLINE
	if ((s->sqe.flags & RTIO_SQE_DEADLINE) != 0) {
		rtio_deadline_begin(s);
	}
#endif
	if (s->sqe.iodev != NULL) {
		if (r->executor == NULL || r->executor->begin == NULL ||
		    !r->executor->begin(r->executor, s)) {
			s->sqe.iodev->api->submit(s);
		}
	} else {
		own_operation(r, s, before);
	}
	return let_go(s, result);
}

static void run_request(struct rtio *r, struct rtio_iodev_sqe *s, int before)
{
	int result;

	while (s != NULL && start_request(r, s, before, &result)) {
		s = finish(r, s, result, &before);
	}
}

/* ---- chains ------------------------------------------------------------------------------------ */

/* What is linked to a next one, or is the @p last of a transaction, does not start again. */
static void check_flags(struct rtio_iodev_sqe *s, bool last)
{
	uint32_t kinds = s->sqe.flags & (FLAGS_LINK | RTIO_SQE_MULTISHOT);
	bool valid = (kinds & (kinds - 1)) == 0 && !(last && kinds == RTIO_SQE_MULTISHOT);

	__ASSERT(valid, "one of chained, transaction and multishot");
	if (!valid) {
		s->sqe.flags &= (uint16_t)~RTIO_SQE_MULTISHOT;
	}
}

/* Put home, without an answer, what is linked from @p s on. */
static void withdraw(struct rtio *r, struct rtio_iodev_sqe *s)
{
	while (s != NULL) {
		struct rtio_iodev_sqe *next = s->next;
		k_spinlock_key_t key = rtio_lock(r);

		sqe_put(r, s);
		rtio_unlock(r, key);
		s = next;
	}
}

/*
 * Make a chain of what begins with @p head: everything linked to it, without what was withdrawn.
 * *@p rest: what comes behind.   @return its head, NULL if all was withdrawn.
 */
static struct rtio_iodev_sqe *link_chain(struct rtio *r, struct rtio_iodev_sqe *head,
					 struct rtio_iodev_sqe **rest)
{
	struct rtio_iodev_sqe *cut = NULL;    /* the first that was withdrawn */
	struct rtio_iodev_sqe *before = NULL; /* the last of the transactions before this one */
	struct rtio_iodev_sqe *from = head;   /* where this transaction begins */
	struct rtio_iodev_sqe *s = head;

	for (;;) {
		k_spinlock_key_t key = rtio_lock(r);
		bool withdrawn = (status_get(s) & MARK_WITHDRAWN) != 0;

		status_set(s, (status_get(s) & ~STATE_MASK) | STATE_LINKED);
		rtio_unlock(r, key);
		check_flags(s, s != from);
		if (withdrawn && cut == NULL) {
			cut = from;
			if (before != NULL) {
				before->next = NULL;
			} else {
				head = NULL;
			}
		}
		if ((s->sqe.flags & RTIO_SQE_TRANSACTION) == 0) {
			before = cut == NULL ? s : before;
			from = s->next;
		}
		if ((s->sqe.flags & FLAGS_LINK) == 0 || s->next == NULL) {
			break;
		}
		s = s->next;
	}
	*rest = s->next;
	s->next = NULL;
	withdraw(r, cut);
	return head;
}

void rtio_run_removed(struct rtio *r, struct rtio_iodev_sqe *s)
{
	run_request(r, s, 0);
}

struct rtio_iodev_sqe *rtio_submit_chain(struct rtio *r, struct rtio_iodev_sqe *head)
{
	struct rtio_iodev_sqe *rest;

	head = link_chain(r, head, &rest);
	/* Parts belong to a chain that is under way. */
	if (head != NULL && (r->executor == NULL || (head->sqe.flags & RTIO_SQE_PART) != 0 ||
			     r->executor->ops->admit(r, head))) {
		run_request(r, head, 0);
	}
	return rest;
}
