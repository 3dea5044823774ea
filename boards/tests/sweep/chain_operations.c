/* SPDX-License-Identifier: Apache-2.0 */
/** @file What an ISR may do with I/O buffers, with the entries that it makes in the books. */
#include "chain_books.h"

#include <iob/chain.h>
#include <iob/notifier.h>

#include <errno.h>
#include <string.h>

#include "worlds.h"

void chain_enter(struct account *a, struct iob_s *iob)
{
	struct chain_book *book = chain_book_of(a);

	book->held[book->count++] = (struct held){
		.iob = iob,
		.first = iob->io_pktlen > 0 && iob->io_len > 0 ? *IOB_DATA(iob) : 0,
		.len = (uint16_t)iob->io_pktlen,
	};
}

static void leave(struct account *a, uint32_t index)
{
	struct chain_book *book = chain_book_of(a);

	book->count--;
	memmove(&book->held[index], &book->held[index + 1],
		(book->count - index) * sizeof(book->held[0]));
}

static bool has(const struct account *a, uint32_t count)
{
	return chain_book_of(a)->count >= count;
}

static bool has_room(const struct account *a)
{
	return chain_book_of(a)->count < CHAINS_HELD;
}

static struct held *first_of(struct account *a)
{
	return &chain_book_of(a)->held[0];
}

/* ---- the pool -------------------------------------------------------------------------------- */

static void alloc(struct account *a, bool throttled)
{
	struct iob_s *iob;

	if (!has_room(a)) {
		return;
	}
	/* In an ISR what waits elsewhere does not. */
	iob = k_is_in_isr() ? iob_alloc(throttled) : iob_tryalloc(throttled);
	a->result = iob != NULL;
	if (iob != NULL) {
		a->wrong += iob->io_flink != NULL || iob->io_len != 0 || iob->io_pktlen != 0;
		chain_enter(a, iob);
	}
}

static void tryalloc(struct account *a)
{
	alloc(a, false);
}

static void tryalloc_throttled(struct account *a)
{
	alloc(a, true);
}

static void tryalloc_chain(struct account *a)
{
	struct iob_s *iob = has_room(a) ? iob_tryalloc_chain(3, false) : NULL;

	a->result = iob != NULL;
	if (iob != NULL) {
		a->wrong += iob_count(iob) != 3;
		chain_enter(a, iob);
	}
}

/* The first buffer of its newest chain. */
static void free_one(struct account *a)
{
	struct chain_book *book = chain_book_of(a);
	struct held *held = &book->held[book->count - 1];
	uint32_t len;

	if (book->count == 0) {
		return;
	}
	len = held->iob->io_len;
	held->iob = iob_free(held->iob);
	held->first += len;
	held->len -= len;
	a->result = held->iob != NULL;
	book->count -= held->iob == NULL;
}

static void free_chain(struct account *a)
{
	if (has(a, 1)) {
		struct iob_s *iob = first_of(a)->iob;

		leave(a, 0);
		iob_free_chain(iob);
	}
}

static void navail(struct account *a)
{
	a->result = iob_navail(true);
}

#ifdef CONFIG_IOB_STATS
static void getstats(struct account *a)
{
	struct iob_stats_s stats;

	iob_getstats(&stats);
	a->wrong += stats.ntotal != CONFIG_IOB_NBUFFERS || stats.nwait != 0;
	a->result = stats.nfree;
}
#endif

/* ---- data ------------------------------------------------------------------------------------ */

void chain_make(struct account *a, uint8_t first, uint32_t len)
{
	struct iob_s *iob = iob_tryalloc(false);

	if (iob == NULL || (len > 0 && iob_trycopyin(iob, chain_bytes(first), len, 0, false) < 0)) {
		a->wrong++;
	} else {
		chain_enter(a, iob);
	}
}

static void append(struct account *a)
{
	struct held *held = first_of(a);

	if (has(a, 1) && held->len < 2 * CHAIN_BYTES) {
		a->result = (k_is_in_isr() ? iob_copyin : iob_trycopyin)(
			held->iob, chain_bytes(held->first + held->len), 8, held->len, false);
		a->wrong += a->result != 8 && a->result != -ENOMEM;
		held->len = (uint16_t)held->iob->io_pktlen;
	}
}

static void copyout(struct account *a)
{
	const struct held *held = first_of(a);
	uint8_t bytes[CHAIN_BYTES];

	if (has(a, 1)) {
		a->result = iob_copyout(bytes, held->iob, sizeof(bytes), 0);
		a->wrong += a->result != (int)MIN(sizeof(bytes), held->len) ||
			    memcmp(bytes, chain_bytes(held->first), (size_t)a->result) != 0;
	}
}

static void clone(struct account *a)
{
	struct iob_s *iob = has(a, 1) && has_room(a) ? iob_tryalloc(true) : NULL;

	if (iob != NULL) {
		struct held *held = first_of(a);

		a->result = iob_clone(held->iob, iob, true, k_is_in_isr());
		a->wrong += a->result != 0 && a->result != -ENOMEM;
		a->wrong += a->result == 0 && iob->io_pktlen != held->len;
		chain_enter(a, iob);
	}
}

static void trimhead_by(struct account *a, uint32_t by)
{
	struct held *held = first_of(a);

	if (has(a, 1)) {
		uint32_t n = MIN(by, held->len);

		held->iob = iob_trimhead(held->iob, by);
		held->first += n;
		held->len -= n;
	}
}

static void trimhead(struct account *a)
{
	trimhead_by(a, 7);
}

static void trimtail(struct account *a)
{
	struct held *held = first_of(a);

	if (has(a, 1)) {
		held->len -= MIN(7U, held->len);
		held->iob = iob_trimtail(held->iob, 7);
		if (held->iob == NULL) {
			a->wrong += held->len != 0;
			leave(a, 0);
		}
	}
}

static void pack(struct account *a)
{
	if (has(a, 1)) {
		first_of(a)->iob = iob_pack(first_of(a)->iob);
	}
}

/* The chain loses its first bytes, and then fits into fewer buffers. */
static void trim_and_pack(struct account *a)
{
	trimhead(a);
	pack(a);
}

static void contig(struct account *a)
{
	trimhead_by(a, 2);
	if (has(a, 1)) {
		uint32_t len = MIN(first_of(a)->len, CONFIG_IOB_BUFSIZE);

		a->result = iob_contig(first_of(a)->iob, len);
		a->wrong += a->result != 0;
	}
}

static void resize(struct account *a, uint32_t len)
{
	struct held *held = first_of(a);
	int got;

	if (!has(a, 1)) {
		return;
	}
	pack(a); /* so that no byte moves */
	got = iob_update_pktlen(held->iob, len, true);
	a->result = got;
	a->wrong += got < 0 || got > (int)len;
	if (got > held->len) {
		a->wrong += iob_trycopyin(held->iob, chain_bytes(held->first + held->len),
					  (uint32_t)got - held->len, held->len, false) < 0;
	}
	held->len = (uint16_t)got;
}

static void grow(struct account *a)
{
	resize(a, CHAIN_BYTES + 8);
}

static void shrink(struct account *a)
{
	resize(a, 3);
}

static void reserve(struct account *a)
{
	struct held *held = first_of(a);

	if (has(a, 1) && held->iob->io_offset == 0 && held->iob->io_len > 2) {
		iob_reserve(held->iob, 2);
		held->first += 2;
		held->len -= 2;
	}
}

static void concat(struct account *a)
{
	struct held *held = first_of(a);

	if (has(a, 2) && held[1].first == (uint8_t)(held[0].first + held[0].len)) {
		iob_concat(held[0].iob, held[1].iob);
		held[0].len += held[1].len;
		leave(a, 1);
	}
}

/* ---- queues ---------------------------------------------------------------------------------- */

void chain_add(struct account *a)
{
	struct chain_book *book = chain_book_of(a);

	if (has(a, 1)) {
		a->result = (k_is_in_isr() ? iob_add_queue : iob_tryadd_queue)(first_of(a)->iob,
									       &chain_queue);
		a->wrong += a->result != 0 && a->result != -ENOMEM;
		if (a->result == 0) {
			book->added++;
			book->added_bytes += first_of(a)->len;
			leave(a, 0);
		}
	}
}

static void remove_queue(struct account *a)
{
	struct chain_book *book = chain_book_of(a);
	struct iob_s *iob = has_room(a) ? iob_remove_queue(&chain_queue) : NULL;

	a->result = iob != NULL;
	if (iob != NULL) {
		chain_enter(a, iob);
		book->removed++;
		book->removed_bytes += iob->io_pktlen;
	}
}

static void peek_queue(struct account *a)
{
	a->result = iob_peek_queue(&chain_queue) != NULL;
}

static void queue_size(struct account *a)
{
	a->result = (int)iob_get_queue_size(&chain_queue);
}

static void queue_count(struct account *a)
{
	a->result = (int)iob_get_queue_entry_count(&chain_queue);
}

static void free_entry(struct account *a)
{
	ARG_UNUSED(a);
	if (chain_marked != NULL) {
		chain_marked_gone = true;
		iob_free_queue_qentry(chain_marked, &chain_queue);
	}
}

static void free_queue(struct account *a)
{
	ARG_UNUSED(a);
	chain_queue_freed = true;
	iob_free_queue(&chain_queue);
}

static void concat_queue(struct account *a)
{
	a->result = iob_concat_queue(&chain_queue, &chain_other);
}

static void trimhead_queue(struct account *a)
{
	struct iob_s *iob = iob_peek_queue(&chain_queue);

	if (iob != NULL) {
		uint32_t before = iob->io_pktlen;

		iob = iob_trimhead_queue(&chain_queue, 6);
		chain_book_of(a)->removed_bytes += before - iob->io_pktlen;
	}
}

/* ---- options --------------------------------------------------------------------------------- */

#ifdef CONFIG_IOB_BUDGETS
void chain_budget_alloc(struct account *a)
{
	struct iob_s *iob;

	if (has_room(a)) {
		iob = iob_budget_alloc(&chain_budget, K_NO_WAIT);
		a->result = iob != NULL;
		chain_book_of(a)->refused += iob == NULL;
		if (iob != NULL) {
			a->wrong += iob_budget_of(iob) != &chain_budget;
			chain_enter(a, iob);
		}
	}
}

static void budget_get(struct account *a)
{
	struct iob_budget_numbers numbers;

	a->wrong += iob_budget_get(&chain_budget, &numbers) != 0 ||
		    numbers.held > chain_budget.limit || numbers.peak < numbers.held;
	a->result = (int)numbers.held;
}
#else
void chain_budget_alloc(struct account *a)
{
	ARG_UNUSED(a);
}
#endif

#ifdef CONFIG_IOB_NOTIFIER
void chain_worker(void *unused)
{
	ARG_UNUSED(unused);
	chain_books[k_is_in_isr() ? ISR : MAIN].ran++;
}

static void notifier_setup(struct account *a)
{
	int key = iob_notifier_setup(LPWORK, chain_worker, NULL);

	a->wrong += key <= 0 && key != -ENOMEM;
	a->result = key > 0;
	chain_book_of(a)->setups += key > 0;
}

/* One that the scene has set up. */
static void notifier_teardown(struct account *a)
{
	struct chain_book *book = chain_book_of(a);

	book->disarmed++;
	book->called_off++;
	iob_notifier_teardown(book->key);
}

static void notifier_run(struct account *a)
{
	chain_book_of(a)->disarmed++;
	(void)iob_notifier_run(LPWORK);
}
#endif

/* ---- the list -------------------------------------------------------------------------------- */

/* What differs from this. */
#define POOL(...)  {.level = 6, .queued = 1, .others = 1, .armed = 0, __VA_ARGS__}
#define LIST(...)  __VA_ARGS__

/* One that has to do with the pool, with the queues, with what the party has for itself. */
#define ENTRY(_name, _run, _differs, _uses, ...)                                                   \
	{.name = "iob-" _name,                                                                     \
	 .run = _run,                                                                              \
	 .scene = {ANY, .chain = POOL(LIST _differs)},                                             \
	 .uses = _uses,                                                                            \
	 __VA_ARGS__}
#define ON_POOL(_name, _run, _differs, ...)   ENTRY(_name, _run, _differs, USES_POOL, __VA_ARGS__)
#define ON_QUEUES(_name, _run, _differs, ...) ENTRY(_name, _run, _differs, USES_QUEUE, __VA_ARGS__)
#define ON_BOTH(_name, _run, _differs, ...)                                                        \
	ENTRY(_name, _run, _differs, USES_POOL | USES_QUEUE, __VA_ARGS__)
#define ON_ITS_OWN(_name, _run, _differs, ...) ENTRY(_name, _run, _differs, USES_ITSELF, __VA_ARGS__)

#define IN_STEPS .steps = true
#define TAKES    .takes = TAKES_QUEUE

static const struct operation operations[] = {
	ON_POOL("tryalloc", tryalloc, (), .visits = true),
	ON_POOL("tryalloc-last", tryalloc, (.level = 1)),
	ON_POOL("tryalloc-none-left", tryalloc, (.level = 0)),
	ON_POOL("tryalloc-throttled", tryalloc_throttled, (.level = 4)),
	ON_POOL("tryalloc-throttled-at-the-reserve", tryalloc_throttled, (.level = 3)),
	ON_POOL("tryalloc-chain", tryalloc_chain, (.level = 4)),
	ON_POOL("free", free_one, (.singles = 1)),
	ON_POOL("free-head", free_one, (.chains = 1)),
	ON_POOL("free-chain", free_chain, (.chains = 1), .visits = true),
	ON_POOL("free-chain-into-nothing", free_chain, (.level = 0, .chains = 1)),
	ON_POOL("navail", navail, ()),
	ON_QUEUES("tryadd-queue", chain_add, (.chains = 1), .visits = true),
	ON_QUEUES("tryadd-queue-first", chain_add, (.chains = 1, .queued = 0)),
	ON_QUEUES("tryadd-queue-no-place", chain_add, (.chains = 1, .others = 3)),
	ON_QUEUES("remove-queue", remove_queue, (.queued = 2), TAKES),
	ON_QUEUES("remove-queue-last", remove_queue, (.queued = 1), TAKES),
	ON_QUEUES("remove-queue-nothing", remove_queue, (.queued = 0), TAKES),
	ON_QUEUES("peek-queue", peek_queue, (.queued = 1)),
	ON_QUEUES("get-queue-size", queue_size, (.queued = 2)),
	ON_QUEUES("get-queue-entry-count", queue_count, (.queued = 2)),
	ON_QUEUES("concat-queue", concat_queue, (.others = 2)),
	ON_QUEUES("concat-queue-to-nothing", concat_queue, (.queued = 0)),
	ON_BOTH("free-queue-qentry", free_entry, (.queued = 2), TAKES),
	ON_BOTH("free-queue", free_queue, (.queued = 2), IN_STEPS, TAKES),
	ON_BOTH("trimhead-queue", trimhead_queue, (.queued = 2), IN_STEPS, TAKES,
		.alone = TAKES_QUEUE),
#ifdef CONFIG_IOB_STATS
	ON_POOL("getstats", getstats, (), IN_STEPS),
#endif
#ifdef CONFIG_IOB_BUDGETS
	ON_POOL("budget-alloc-kept", chain_budget_alloc, ()),
	ON_POOL("budget-alloc-more", chain_budget_alloc, (.budgeted = 2)),
	ON_POOL("budget-alloc-at-the-limit", chain_budget_alloc, (.budgeted = 4)),
	ON_POOL("free-kept", free_one, (.budgeted = 1)),
	ON_POOL("free-beyond-the-reserve", free_one, (.budgeted = 3), IN_STEPS),
	ON_POOL("budget-get", budget_get, ()),
#endif
#ifdef CONFIG_IOB_NOTIFIER
	ON_POOL("free-telling", free_one, (.singles = 1, .level = 3, .armed = 1)),
	ON_POOL("free-chain-telling", free_chain, (.chains = 1, .level = 6, .armed = 2), IN_STEPS),
	ON_POOL("notifier-setup", notifier_setup, ()),
	ON_POOL("notifier-teardown", notifier_teardown, (.level = 3, .armed = 1)),
	ON_POOL("notifier-run", notifier_run, (.level = 3, .armed = 1), IN_STEPS),
#endif
#ifdef CONFIG_IOB_ALLOC
	ON_POOL("free-chain-with-an-external", free_chain, (.external = 1), IN_STEPS),
#endif
	/* What takes longest comes last. */
	ON_POOL("trycopyin", append, (.chains = 1), IN_STEPS),
	ON_POOL("trycopyin-little-room", append, (.chains = 1, .level = 1), IN_STEPS),
	ON_ITS_OWN("copyout", copyout, (.chains = 1)),
	ON_POOL("tryclone", clone, (.chains = 1), IN_STEPS),
	ON_POOL("tryclone-little-room", clone, (.chains = 1, .level = 5), IN_STEPS),
	ON_POOL("trimhead", trimhead, (.chains = 1)),
	ON_POOL("trimtail", trimtail, (.chains = 1)),
	ON_POOL("pack", trim_and_pack, (.chains = 1), IN_STEPS),
	ON_ITS_OWN("contig", contig, (.chains = 1)),
	ON_POOL("update-pktlen-more", grow, (.chains = 1), IN_STEPS),
	ON_POOL("update-pktlen-less", shrink, (.chains = 1), IN_STEPS),
	ON_ITS_OWN("reserve", reserve, (.chains = 1)),
	ON_ITS_OWN("concat", concat, (.chains = 2)),
};

static void work(struct account *a, uint32_t random)
{
	const struct operation *op = &operations[(random >> 8) % ARRAY_SIZE(operations)];

	if (has(a, CHAINS_HELD / 2)) {
		free_chain(a);
	} else if (op->alone == 0) {
		op->run(a);
	}
}

const struct world chains_world = {
	.operations = operations,
	.count = ARRAY_SIZE(operations),
	.init = chain_init,
	.prepare = chain_prepare,
	.fault = chain_fault,
	.settle = chain_settle,
	.outcome = chain_outcome,
	.work = work,
};
