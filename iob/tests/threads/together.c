/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Threads that truly run side by side, and an interrupt beside them: one pool, one queue. Nothing is
 * lost, nobody has what another has, and whoever waits is served.
 */
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <iob/chain.h>
#include <iob/inspect.h>

#include <string.h>

#include "../support/chains.h"
#include "../support/team.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define ROUNDS 2000
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ROUNDS 2000
#endif
#endif
#ifndef ROUNDS
#define ROUNDS 10000
#endif

ZTEST_SUITE(iob_together, NULL, NULL, NULL, NULL, NULL);

static uint32_t gate; /* threads that have begun */

static void everybody_together(uint32_t count)
{
	(void)atomic32_add_relaxed(&gate, 1);
	team_spin(&gate, count);
}

/* Runs behind all interrupts that were raised. */
static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

/* ---- one pool, everybody --------------------------------------------------------------------- */

static struct iob_s *parked; /* left by one context for another */
static uint32_t interrupts;

/* Mark a chain as mine from end to end; nobody else may have touched it in between. */
static void use(struct iob_s *chain, uint8_t mark)
{
	for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
		if (iob->io_len != 0 || iob->io_offset != 0) {
			ztest_test_expect_fail();
		}
		iob->io_len = BUFSIZE;
		memset(iob->io_data, mark, BUFSIZE);
	}
	for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
		for (int i = 0; i < BUFSIZE; i++) {
			if (iob->io_data[i] != mark) {
				ztest_test_expect_fail();
			}
		}
	}
}

/* One turn of any context: some buffers for itself, and some for whoever looks next. */
static void turn(uint8_t mark, uint32_t random, bool may_wait)
{
	bool throttled = (random & 1) != 0;
	struct iob_s *chain;
	struct iob_s *found;

	switch (random >> 8 & 3) {
	case 0:
		chain = iob_tryalloc_chain(1 + (random >> 16) % 10, throttled);
		break;
	case 1:
		chain = may_wait ? iob_alloc(throttled) : iob_tryalloc(throttled);
		break;
	case 2:
		chain = may_wait ? iob_timedalloc(throttled, 1) : iob_tryalloc(throttled);
		break;
	default:
		chain = iob_tryalloc(throttled);
		break;
	}
	if (chain == NULL) {
		return;
	}
	use(chain, mark);
	if ((random >> 12 & 3) == 0) {
		chain = iob_free(chain);
	}
	found = __atomic_exchange_n(&parked, chain, __ATOMIC_ACQ_REL);
	iob_free_chain(found);
}

static void busy(void *mark, void *unused1, void *unused2)
{
	uint32_t state = 0x9e3779b9 * (uint32_t)(uintptr_t)mark;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	everybody_together(3);
	for (int i = 0; i < ROUNDS; i++) {
		turn((uint8_t)(uintptr_t)mark, team_random(&state), true);
		if (i % 16 == 0) {
			iob_free_chain(__atomic_exchange_n(&parked, NULL, __ATOMIC_ACQ_REL));
		}
	}
	iob_free_chain(__atomic_exchange_n(&parked, NULL, __ATOMIC_ACQ_REL));
}

static void busy_isr(void *unused)
{
	static uint32_t state = 77;

	ARG_UNUSED(unused);
	turn(0xaa, team_random(&state), false);
	(void)atomic32_add_relaxed(&interrupts, 1);
}

/* With the pool so small for them that everybody waits now and then. */
ZTEST(iob_together, test_threads_and_an_interrupt_on_one_pool)
{
	static struct port_irq irq = {.routine = busy_isr};
	struct iob_s *rest = chain_leave(THROTTLE + 14);

	gate = 0;
	interrupts = 0;
	for (int i = 1; i <= 3; i++) {
		(void)team_start(busy, (void *)(uintptr_t)i, NULL, NULL, 4 + i);
	}
	for (int i = 0; i < ROUNDS; i++) {
		port_irq_raise(&irq);
		turn(0x55, (uint32_t)i * 2654435761U, false);
		/* Or the last thread waits for what lies there. */
		iob_free_chain(__atomic_exchange_n(&parked, NULL, __ATOMIC_ACQ_REL));
	}
	irq_offload(nothing, NULL);
	iob_free_chain(__atomic_exchange_n(&parked, NULL, __ATOMIC_ACQ_REL));
	team_join();
	iob_free_chain(__atomic_exchange_n(&parked, NULL, __ATOMIC_ACQ_REL));
	zassert_true(interrupts > 0);
	zassert_equal(iob_navail(false), THROTTLE + 14);
	iob_free_chain(rest);
}

/* ---- timeouts that race with frees ----------------------------------------------------------- */

#define RACES (ROUNDS / 40)

static uint32_t may_ask;
static uint32_t asked;
static uint32_t answered;

static void ask(void *throttled, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (uint32_t i = 1; i <= RACES; i++) {
		struct iob_s *iob;

		team_spin(&may_ask, i);
		atomic32_store_release(&asked, i);
		iob = iob_timedalloc(throttled != NULL, 1);
		if (iob != NULL) {
			(void)iob_free(iob);
		}
		atomic32_store_release(&answered, i);
	}
}

/* A buffer comes free just when who waits for it gives up: it is got, or it is home. */
ZTEST(iob_together, test_timeouts_race_with_frees)
{
	for (int throttled = 0; throttled <= (THROTTLE > 0 ? 1 : 0); throttled++) {
		const int left = throttled ? THROTTLE : 0;
		struct iob_s *rest = chain_leave((unsigned int)left);
		uint32_t state = 4711;

		may_ask = 0;
		asked = 0;
		answered = 0;
		(void)team_start(ask, throttled ? &asked : NULL, NULL, NULL, 5);
		for (uint32_t i = 1; i <= RACES; i++) {
			atomic32_store_release(&may_ask, i);
			team_spin(&asked, i);
			/* About the millisecond that it waits. */
			port_clock_busy_wait(950 + team_random(&state) % 150);
			rest = iob_free(rest);
			team_spin(&answered, i);
			zassert_ok(iob_check());
			zassert_equal(iob_navail(false), left + 1, "round %u", i);
			iob_concat(rest, iob_tryalloc(false));
		}
		team_join();
		iob_free_chain(rest);
	}
}

/* ---- one queue ------------------------------------------------------------------------------- */

#if CONFIG_IOB_NCHAINS > 0

static struct iob_queue_s q;
static uint32_t put_in; /* chains */
static uint32_t producers;

static void produce(bool may_wait)
{
	struct iob_s *iob = may_wait ? iob_alloc(false) : iob_tryalloc(false);

	if (iob == NULL) {
		return;
	}
	iob->io_len = 1;
	iob->io_pktlen = 1;
	if ((may_wait ? iob_add_queue(iob, &q) : iob_tryadd_queue(iob, &q)) == 0) {
		(void)atomic32_add_relaxed(&put_in, 1);
	} else {
		(void)iob_free(iob);
	}
}

static void producer(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	everybody_together(2);
	for (int i = 0; i < ROUNDS; i++) {
		produce(i % 2 != 0);
	}
	(void)atomic32_sub_acq_rel(&producers, 1);
}

static void produce_in_isr(void *unused)
{
	ARG_UNUSED(unused);
	produce(false);
}

/* Producers on threads and in an ISR, one consumer, nothing around the calls. */
ZTEST(iob_together, test_one_queue)
{
	static struct port_irq irq = {.routine = produce_in_isr};
	uint32_t taken_out = 0;

	IOB_QINIT(&q);
	gate = 0;
	put_in = 0;
	producers = 2;
	(void)team_start(producer, NULL, NULL, NULL, 5);
	(void)team_start(producer, NULL, NULL, NULL, 6);
	while (atomic32_load_acquire(&producers) > 0) {
		struct iob_s *iob;

		port_irq_raise(&irq);
		while ((iob = iob_remove_queue(&q)) != NULL) {
			zassert_equal(iob->io_pktlen, 1);
			(void)iob_free(iob);
			taken_out++;
		}
	}
	team_join();
	irq_offload(nothing, NULL);
	taken_out += iob_get_queue_entry_count(&q);
	zassert_equal(iob_get_queue_size(&q), iob_get_queue_entry_count(&q));
	iob_free_queue(&q);
	zassert_equal(taken_out, put_in);
}

#endif

/* ---- freed twice at once --------------------------------------------------------------------- */

#ifndef CONFIG_ASSERT

static struct iob_s *common;
static uint32_t go;
static uint32_t done;

static void free_common(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		team_spin(&go, i);
		(void)iob_free(common);
		atomic32_store_release(&done, i);
	}
}

/* By two threads: it is free once. */
ZTEST(iob_together, test_freed_twice_at_once)
{
	go = 0;
	done = 0;
	(void)team_start(free_common, NULL, NULL, NULL, 5);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		common = iob_tryalloc(false);
		atomic32_store_release(&go, i);
		(void)iob_free(common);
		team_spin(&done, i);
		zassert_equal(iob_navail(false), NBUFFERS);
	}
	team_join();
}

#endif
