/* SPDX-License-Identifier: Apache-2.0 */
/** @file I/O buffers: set up, and put away. */
#include "chain_books.h"

#include <iob/chain.h>
#include <iob/inspect.h>
#ifdef CONFIG_IOB_ALLOC
#include <iob/external.h>
#endif
#ifdef CONFIG_IOB_NOTIFIER
#include <iob/notifier.h>
#endif

#include <pool.h>

#include <string.h>

#define LEVEL 6

struct chain_book chain_books[PARTIES];
struct iob_queue_s chain_queue;
struct iob_queue_s chain_other;
struct iob_s *chain_hoard;
struct iob_s *chain_marked;
bool chain_marked_gone;
bool chain_queue_freed;
uint32_t chain_level;
uint32_t chain_armed;

#ifdef CONFIG_IOB_BUDGETS
struct iob_budget chain_budget = {.name = "budget", .reserve = 2, .limit = 4};
#endif

#ifdef CONFIG_IOB_ALLOC
struct iob_s chain_external[PARTIES];
uint32_t chain_external_out;

static uint8_t payload[PARTIES][8];

static void external_freed(void *iob)
{
	ARG_UNUSED(iob);
	chain_books[k_is_in_isr() ? ISR : MAIN].external++;
}
#endif

const uint8_t *chain_bytes(uint32_t first)
{
	static uint8_t bytes[256 + 2 * CHAIN_BYTES];

	if (bytes[1] == 0) {
		for (uint32_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = (uint8_t)i;
		}
	}
	return &bytes[first & 0xff];
}

void chain_init(void)
{
	(void)chain_bytes(0);
#ifdef CONFIG_IOB_BUDGETS
	(void)iob_budget_register(&chain_budget);
#endif
}

struct chain_scene chains_scene(const struct chain_scene *main, const struct chain_scene *isr)
{
	return (struct chain_scene){
		.level = choose(main->level, isr->level, LEVEL),
		.queued = choose(main->queued, isr->queued, 1),
		.others = choose(main->others, isr->others, 1),
		.armed = choose(main->armed, isr->armed, 0),
		.chains = main->chains + isr->chains,
		.singles = main->singles + isr->singles,
		.budgeted = main->budgeted + isr->budgeted,
		.external = main->external + isr->external,
	};
}

/* ---- before an operation --------------------------------------------------------------------- */

static void prepare_party(enum party party, const struct chain_scene *scene)
{
	struct account *a = &accounts[party];
	uint8_t first = (uint8_t)(party * 80);

	for (uint32_t i = 0; i < scene->chains; i++) {
		chain_make(a, (uint8_t)(first + i * CHAIN_BYTES), CHAIN_BYTES);
	}
#ifdef CONFIG_IOB_ALLOC
	if (scene->external > 0) {
		struct iob_s *iob = iob_init_external(&chain_external[party], payload[party],
						      sizeof(payload[party]), external_freed);

		chain_make(a, first, 5);
		iob_concat(chain_books[party].held[chain_books[party].count - 1].iob, iob);
		iob_concat(iob, iob_tryalloc(false));
		chain_external_out++;
	}
#endif
	for (uint32_t i = 0; i < scene->singles; i++) {
		chain_make(a, 0, 0);
	}
	for (uint32_t i = 0; i < scene->budgeted; i++) {
		chain_budget_alloc(a);
		chain_books[party].refused = 0;
	}
}

static void prepare_queues(uint32_t queued, uint32_t others)
{
	struct account *s = &accounts[SCENE];

	for (uint32_t i = 0; i < queued; i++) {
		chain_make(s, (uint8_t)(i * CHAIN_BYTES), CHAIN_BYTES / 2);
		chain_marked = i == 1 ? chain_books[SCENE].held[0].iob : NULL;
		chain_add(s);
	}
	for (uint32_t i = 0; i < others; i++) {
		s->wrong += iob_tryadd_queue(iob_tryalloc(false), &chain_other) != 0;
		chain_books[SCENE].added++;
	}
}

#ifdef CONFIG_IOB_NOTIFIER
static void prepare_notifier(uint32_t armed)
{
	for (uint32_t i = 0; i < armed; i++) {
		chain_books[MAIN].key = iob_notifier_setup(LPWORK, chain_worker, NULL);
		chain_books[ISR].key = chain_books[MAIN].key;
	}
	chain_armed = armed;
}
#endif

void chain_prepare(const struct scene *scene, const struct scene *main, const struct scene *isr)
{
	memset(chain_books, 0, sizeof(chain_books));
	chain_marked = NULL;
	chain_marked_gone = false;
	chain_queue_freed = false;
	prepare_party(MAIN, &main->chain);
	prepare_party(ISR, &isr->chain);
	prepare_queues((uint32_t)scene->chain.queued, (uint32_t)scene->chain.others);
	chain_hoard = NULL;
	if (iob_navail(false) > scene->chain.level) {
		chain_hoard = iob_tryalloc_chain(
			(unsigned int)(iob_navail(false) - scene->chain.level), false);
	}
	chain_level = (uint32_t)iob_navail(false);
	accounts[SCENE].wrong += chain_level != (uint32_t)scene->chain.level;
#ifdef CONFIG_IOB_BUDGETS
	chain_budget.refused = 0;
	chain_budget.peak = chain_budget.held;
#endif
#ifdef CONFIG_IOB_NOTIFIER
	prepare_notifier((uint32_t)scene->chain.armed);
#endif
}

/* ---- behind it ------------------------------------------------------------------------------- */

#ifdef CONFIG_IOB_NOTIFIER
/*
 * All buffers have come home, past a multiple of the divisor: so whoever was set up is due now, or has
 * run. @return whether that is so, and as many can be set up as there is room for.
 */
static bool settle_notifier(void)
{
	int keys[CONFIG_IOB_NOTIFIER_MAX];
	uint32_t setups = chain_armed;
	uint32_t ran = 0;
	bool home = true;

	(void)iob_notifier_run(LPWORK);
	for (uint32_t p = 0; p < PARTIES; p++) {
		setups += chain_books[p].setups;
		ran += chain_books[p].ran;
		home = home && chain_books[p].called_off == 0;
	}
	home = !home || ran == setups;
	for (uint32_t i = 0; i < ARRAY_SIZE(keys); i++) {
		keys[i] = iob_notifier_setup(LPWORK, chain_worker, NULL);
		home = home && keys[i] > 0;
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(keys); i++) {
		iob_notifier_teardown(keys[i]);
	}
	return home;
}
#endif

bool chain_settle(void)
{
	bool home = true;

	for (uint32_t p = 0; p < PARTIES; p++) {
		while (chain_books[p].count > 0) {
			iob_free_chain(chain_books[p].held[--chain_books[p].count].iob);
		}
	}
	iob_free_queue(&chain_queue);
	iob_free_queue(&chain_other);
	iob_free_chain(chain_hoard);
#ifdef CONFIG_IOB_BUDGETS
	home = chain_budget.held == 0;
#endif
#ifdef CONFIG_IOB_NOTIFIER
	home = settle_notifier() && home;
#endif
#ifdef CONFIG_IOB_ALLOC
	home = home && chain_books[MAIN].external + chain_books[ISR].external == chain_external_out;
	chain_external_out = 0;
#endif
	return home && iob_nfree() == CONFIG_IOB_NBUFFERS &&
	       iob_qentry_navail() == CONFIG_IOB_NCHAINS && iob_check() == 0;
}

/* How long a queue is, which may be damaged. */
static void look_at(const struct iob_queue_s *q, uint32_t *count, uint32_t *bytes)
{
	const struct iob_qentry_s *e = q->qh_head;

	*count = 0;
	*bytes = 0;
	while (iob_is_place(e) && iob_in_pool(e->qe_head) && *count < CONFIG_IOB_NCHAINS) {
		(*count)++;
		*bytes += e->qe_head->io_pktlen;
		e = e->qe_flink;
	}
}

void chain_outcome(struct outcome *outcome)
{
	uint32_t others_bytes;

	outcome->chain.home = (uint32_t)iob_nfree();
	look_at(&chain_queue, &outcome->chain.queued, &outcome->chain.bytes);
	look_at(&chain_other, &outcome->chain.others, &others_bytes);
}
