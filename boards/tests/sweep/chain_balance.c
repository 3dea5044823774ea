/* SPDX-License-Identifier: Apache-2.0 */
/** @file The balance of I/O buffers: each is in one place, and each chain is whole. */
#include "chain_books.h"

#include <iob/inspect.h>
#include <pool.h>
#ifdef CONFIG_IOB_NOTIFIER
#include <iob/notifier.h>
#endif

#include <string.h>

#define SUM(field) (chain_books[SCENE].field + chain_books[MAIN].field + chain_books[ISR].field)

/* Where each buffer has been seen. */
static uint8_t seen[CONFIG_IOB_NBUFFERS];
static uint32_t external_seen;
static uint32_t owned_seen;

/* @return whether it may be there: a buffer that has not been seen anywhere else. */
static bool see(const struct iob_s *iob)
{
#ifdef CONFIG_IOB_ALLOC
	for (uint32_t i = 0; i < PARTIES; i++) {
		if (iob == &chain_external[i]) {
			external_seen++;
			return true;
		}
	}
#endif
	return from_pool(iob) && seen[index_of(iob)]++ == 0;
}

/* ---- the pool -------------------------------------------------------------------------------- */

static const char *check_home(void)
{
	uintptr_t link = iob_pool.free[0];
	uint32_t home = 0;

	while (link != LINK_END) {
		struct iob_s *iob = linked(link);

		if ((link & 1) == 0 || !see(iob)) {
			return "the list of free buffers is damaged";
		}
		home++;
		link = *link_of(iob);
	}
	if (iob_pool.level > CONFIG_IOB_NBUFFERS || (uint32_t)iob_nfree() != home) {
		return "the number of buffers at home";
	}
	return iob_check() != 0 ? "the lists of what is free" : NULL;
}

/* ---- chains ---------------------------------------------------------------------------------- */

/* A chain in use: each buffer seen once, the length right, the bytes in order. */
static const char *check_chain(const struct iob_s *head, uint32_t *len)
{
	uint32_t bytes = 0;
	uint8_t next = 0;

	for (const struct iob_s *iob = head; iob != NULL; iob = iob->io_flink) {
		if (!see(iob)) {
			return "a buffer is in two places, or nowhere";
		}
#ifdef CONFIG_IOB_BUDGETS
		owned_seen += from_pool(iob) && iob_budgets.owners[index_of(iob)] == &chain_budget;
#endif
		if (iob->io_offset + iob->io_len > IOB_BUFSIZE(iob)) {
			return "a buffer holds more than it can";
		}
		for (uint32_t i = 0; i < iob->io_len; i++) {
			uint8_t byte = IOB_DATA(iob)[i];

			if (bytes++ > 0 && byte != next) {
				return "data has become other data";
			}
			next = (uint8_t)(byte + 1);
		}
	}
	*len = bytes;
	return head != NULL && head->io_pktlen != bytes ? "io_pktlen" : NULL;
}

static const char *check_held(void)
{
	const char *fault = NULL;
	uint32_t len;

	for (uint32_t p = 0; p < PARTIES; p++) {
		for (uint32_t i = 0; i < chain_books[p].count && fault == NULL; i++) {
			const struct held *held = &chain_books[p].held[i];

			fault = check_chain(held->iob, &len);
			if (fault == NULL && len != held->len) {
				fault = "a chain is not as long as it should be";
			}
			if (fault == NULL && len > 0 && held->iob->io_len > 0 &&
			    *IOB_DATA(held->iob) != held->first) {
				fault = "a chain has become another";
			}
		}
	}
	return fault != NULL ? fault : check_chain(chain_hoard, &len);
}

/* ---- queues ---------------------------------------------------------------------------------- */

static const char *check_queue(const struct iob_queue_s *q, uint32_t *count, uint32_t *bytes)
{
	const struct iob_qentry_s *last = NULL;
	const char *fault = NULL;
	uint32_t len;

	*count = 0;
	*bytes = 0;
	for (const struct iob_qentry_s *e = q->qh_head; e != NULL; e = e->qe_flink) {
		if (!iob_is_place(e) || ++*count > CONFIG_IOB_NCHAINS) {
			return "a queue is damaged";
		}
		fault = fault != NULL ? fault : check_chain(e->qe_head, &len);
		*bytes += fault == NULL ? len : 0;
		last = e;
	}
	if (last != NULL && q->qh_tail != last) {
		return "the end of a queue";
	}
	return fault;
}

static const char *check_queues(void)
{
	uint32_t count;
	uint32_t bytes;
	uint32_t others;
	uint32_t none;
	const char *fault = check_queue(&chain_queue, &count, &bytes);

	if (fault == NULL) {
		fault = check_queue(&chain_other, &others, &none);
	}
	if (fault != NULL) {
		return fault;
	}
	if (count + others + (uint32_t)iob_qentry_navail() != CONFIG_IOB_NCHAINS) {
		return "the places of queues";
	}
	if (chain_marked_gone) {
		count++;
		bytes += CHAIN_BYTES / 2;
	}
	if (!chain_queue_freed && count + others != SUM(added) - SUM(removed)) {
		return "the number of chains";
	}
	if (!chain_queue_freed && bytes != SUM(added_bytes) - SUM(removed_bytes)) {
		return "the bytes in the queue";
	}
	return NULL;
}

/* ---- options --------------------------------------------------------------------------------- */

static const char *check_budget(void)
{
#ifdef CONFIG_IOB_BUDGETS
	uint32_t held = chain_budget.held;
	uint32_t kept = held < chain_budget.reserve ? chain_budget.reserve - held : 0;

	if (held != owned_seen) {
		return "what a budget holds";
	}
	if (iob_budgets.kept != kept) {
		return "what is kept for a budget";
	}
	if (held > chain_budget.limit || held > chain_budget.peak ||
	    chain_budget.peak > chain_budget.limit) {
		return "the limit of a budget";
	}
	if (chain_budget.refused != SUM(refused)) {
		return "what a budget refused";
	}
#endif
	return NULL;
}

/* When the number of free buffers has risen past a multiple, somebody was told. */
static const char *check_notifier(void)
{
#ifdef CONFIG_IOB_NOTIFIER
	if (chain_armed > 0 && SUM(disarmed) == 0 &&
	    iob_pool.level / CONFIG_IOB_NOTIFIER_DIV > chain_level / CONFIG_IOB_NOTIFIER_DIV &&
	    iob_notifier_run(LPWORK) < chain_armed) {
		return "nobody was told that buffers have come free";
	}
#endif
	return NULL;
}

const char *chain_fault(void)
{
	const char *fault;

	memset(seen, 0, sizeof(seen));
	external_seen = 0;
	owned_seen = 0;
	fault = check_home();
	if (fault == NULL) {
		fault = check_held();
	}
	if (fault == NULL) {
		fault = check_queues();
	}
	for (uint32_t i = 0; i < CONFIG_IOB_NBUFFERS && fault == NULL; i++) {
		fault = seen[i] == 0 ? "a buffer is lost" : NULL;
	}
#ifdef CONFIG_IOB_ALLOC
	if (fault == NULL && external_seen + SUM(external) != chain_external_out) {
		fault = "a buffer that is not the pool's is lost";
	}
#endif
	if (fault == NULL) {
		fault = check_budget();
	}
	return fault != NULL ? fault : check_notifier();
}
