/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The balance of a context: every request is at home, or under way, or has answered, once; every
 * completion is at home, in the queue, or somebody's; every block is in one place.
 */
#include "request_books.h"

#include <internal.h>

/* What is found in the context. */
struct contents {
	uint32_t home;      /* requests in the list of those */
	uint32_t under_way; /* requests that are not at home */
	uint32_t sum;       /* numbers of those, and of completions in the queue */
	uint32_t kept;      /* requests that have begun, at the device that keeps them */
	uint32_t answers;   /* completions in the queue */
	uint32_t repeats;   /* those of requests that went on */
	uint32_t blocks;    /* of either */
};

static const char *check_home(struct contents *all)
{
	const struct rtio_iodev_sqe *s = request_ctx.sqe_free;

	for (; s != NULL; s = s->next) {
		if (s < request_ctx.sqes || s >= &request_ctx.sqes[request_ctx.sqe_fresh] ||
		    status_get(s) != STATE_HOME || ++all->home > REQUESTS) {
			return "the list of requests at home is damaged";
		}
	}
	return NULL;
}

static const char *check_request(struct contents *all, const struct rtio_iodev_sqe *s)
{
	uint32_t status = status_get(s);

	if (status >= HOLD || (status & MARK_DONE) != 0) {
		return "a request has ended and is not over";
	}
	all->under_way++;
	all->sum += (uint32_t)POINTER_TO_UINT(s->sqe.userdata);
	if (s->sqe.op == RTIO_OP_RX && s->sqe.rx.buf != NULL) {
		all->blocks += s->sqe.rx.buf_len / BLOCK_SIZE;
	}
	if ((status & STATE_MASK) == STATE_ACTIVE && s->sqe.iodev == &request_keeper) {
		bool there = false;

		for (uint32_t i = 0; i < request_kept_count; i++) {
			there = there || request_kept[i] == s;
		}
		all->kept++;
		return there ? NULL : "a request has begun, and its device does not have it";
	}
	return NULL;
}

static const char *check_requests(struct contents *all)
{
	const char *fault = check_home(all);
	uint32_t home = 0;

	for (uint32_t i = 0; fault == NULL && i < request_ctx.sqe_fresh; i++) {
		const struct rtio_iodev_sqe *s = &request_ctx.sqes[i];

		if (status_get(s) == STATE_HOME) {
			home++;
		} else {
			fault = check_request(all, s);
		}
	}
	if (fault == NULL && (home != all->home || all->kept != request_kept_count)) {
		fault = home != all->home ? "a request at home is not in the list"
					  : "a device has a request that has not begun";
	}
	return fault;
}

static const char *check_completions(struct contents *all)
{
	const struct mpsc_node *n = request_ctx.cq_first;
	uint32_t home = 0;

	for (; n != NULL; n = n->next) {
		const struct rtio_cqe *cqe = CONTAINER_OF(n, struct rtio_cqe, q);

		if (cqe < request_ctx.cqes || cqe >= &request_ctx.cqes[COMPLETIONS] ||
		    ++all->answers > COMPLETIONS || (n->next == NULL && n != request_ctx.cq_last)) {
			return "the queue of completions is damaged";
		}
		if (request_goes_on(cqe)) {
			all->repeats++;
		} else {
			all->sum += (uint32_t)POINTER_TO_UINT(cqe->userdata);
		}
		all->blocks += RTIO_CQE_FLAG_MEMPOOL_GET_BLK_CNT(cqe->flags);
	}
	for (n = request_ctx.cqe_free; n != NULL; n = n->next) {
		if (++home > COMPLETIONS) {
			return "the list of completions at home is damaged";
		}
	}
	return all->answers + home + SUM(kept_count) != request_ctx.cqe_fresh
		       ? "a completion is nowhere"
		       : NULL;
}

static uint32_t bits(uint32_t word)
{
	uint32_t n = 0;

	for (; word != 0; word &= word - 1) {
		n++;
	}
	return n;
}

const char *request_fault(void)
{
	uint32_t lost = (uint32_t)request_ctx.xcqcnt;
	struct contents all = {0};
	const char *what = check_requests(&all);
	uint32_t missing;

	if (what == NULL) {
		what = check_completions(&all);
	}
	if (what != NULL) {
		return what;
	}
	missing = SUM(submitted) - all.under_way - (all.answers - all.repeats) - SUM(got);
	/* What was lost may have been of a request that went on. */
	if (missing > lost || (missing != lost && SUM(multishots) == 0)) {
		return "a request has not answered once";
	}
	if ((uint32_t)request_ctx.cq_count != all.answers + SUM(got) + SUM(repeats) + lost) {
		return "the number of ends";
	}
	if (lost == 0 && SUM(submitted_sum) != all.sum + SUM(got_sum)) {
		return "requests have become others";
	}
	if (bits(request_ctx.block_pool->used[0]) != request_ctx.block_pool->num_used ||
	    request_ctx.block_pool->num_used != all.blocks + SUM(blocks)) {
		return "a block is nobody's";
	}
	return request_ctx.waiting ? "somebody waits" : NULL;
}
