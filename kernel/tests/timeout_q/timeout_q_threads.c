/* SPDX-License-Identifier: Apache-2.0 */

/* Timeouts and threads at the same time, on the real clock. */

#include <zephyr/ztest.h>

#include <kernel/timeout_q.h>

#include "../support/crew.h"

#define RACES 100000

static struct timeout_node node;
static uint32_t expiries; /* written by the function, plainly: abort_sync orders it */
static uint32_t in_function;

static void expired(struct timeout_node *n)
{
	zassert_equal(n, &node);
	atomic32_store_relaxed(&in_function, 1);
	for (uint32_t spin = expiries++ % 512; spin > 0; spin--) {
		compiler_barrier();
	}
	atomic32_store_relaxed(&in_function, 0);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(&node, 0, sizeof(node));
	expiries = 0;
}

ZTEST_SUITE(timeout_q_threads, NULL, NULL, before, NULL, NULL);

/* Abort against expiry: exactly one of the two has it, and after the call nobody uses the node. */
ZTEST(timeout_q_threads, test_abort_sync_against_expiry)
{
	uint32_t random = crew_seed();
	uint32_t aborted = 0;

	for (uint32_t i = 1; i <= RACES; i++) {
		(void)timeout_q_add(&node, expired, k_uptime_ticks() + crew_random(&random) % 4);
		for (uint32_t spin = crew_random(&random) % 30000; spin > 0; spin--) {
			compiler_barrier();
		}
		aborted += timeout_q_abort_sync(&node) ? 1 : 0;
		zassert_equal(expiries + aborted, i);
		zassert_equal(atomic32_load_relaxed(&in_function), 0, "still runs");
		/* Its memory is ours again: a sanitizer sees who uses it. */
		memset(&node, 0, sizeof(node));
	}
	TC_PRINT("%u of %u aborted\n", aborted, RACES);
	zassert_true(aborted > 0);
}

struct worker {
	struct timeout_node node;
	uint32_t added;
	uint32_t aborted;
	uint32_t expired; /* written by its function */
};

static struct worker workers[4];

static void worker_expired(struct timeout_node *n)
{
	(void)atomic32_add_relaxed(&CONTAINER_OF(n, struct worker, node)->expired, 1);
}

static void work(void *p1, void *p2, void *p3)
{
	struct worker *w = p1;
	uint32_t random = crew_seed();

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < RACES / 10; i++) {
		uint32_t what = crew_random(&random) % 4;

		if (what < 3) {
			w->aborted += timeout_q_add(&w->node, worker_expired,
						    k_uptime_ticks() + crew_random(&random) % 50)
					      ? 1
					      : 0;
			w->added++;
		} else {
			w->aborted += timeout_q_abort(&w->node) ? 1 : 0;
		}
	}
	w->aborted += timeout_q_abort_sync(&w->node) ? 1 : 0;
	zassert_equal(w->added, w->aborted + atomic32_load_relaxed(&w->expired));
}

ZTEST(timeout_q_threads, test_threads)
{
	memset(workers, 0, sizeof(workers));
	for (size_t i = 0; i < ARRAY_SIZE(workers); i++) {
		crew_start(work, &workers[i], NULL, NULL, 0);
	}
	crew_join();
}

static uint32_t served;

static void always_due(struct timeout_node *n)
{
	if (atomic32_load_relaxed(&served) == 0) {
		(void)timeout_q_add(n, always_due, 0);
	}
}

static void serve(const void *arg)
{
	ARG_UNUSED(arg);
	atomic32_store_relaxed(&served, 1);
}

/* What is always due does not keep other interrupts out. */
ZTEST(timeout_q_threads, test_always_due)
{
	atomic32_store_relaxed(&served, 0);
	(void)timeout_q_add(&node, always_due, 0);
	k_sleep(K_MSEC(2));
	port_irq_offload(serve, NULL);
	(void)timeout_q_abort_sync(&node);
}

static uint32_t entered;
static uint32_t leave;

static void slow(struct timeout_node *n)
{
	atomic32_store_release(&entered, 1);
	while (atomic32_load_acquire(&leave) == 0) {
	}
	/* Adds itself once more: who waits takes it out. */
	(void)timeout_q_add(n, slow, k_uptime_ticks() + CONFIG_SYS_CLOCK_TICKS_PER_SEC);
}

static void wait_for_slow(void *p1, void *p2, void *p3)
{
	bool was = timeout_q_abort_sync(&node);

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_equal(atomic32_load_acquire(&leave), 1, "did not wait");
	if (was) {
		(void)atomic32_add_relaxed(p1, 1);
	}
}

ZTEST(timeout_q_threads, test_several_wait_for_the_function)
{
	uint32_t took_out = 0;

	atomic32_store_relaxed(&entered, 0);
	atomic32_store_relaxed(&leave, 0);
	(void)timeout_q_add(&node, slow, 0);
	while (atomic32_load_acquire(&entered) == 0) {
	}
	zassert_false(timeout_q_abort(&node), "waits, or takes what runs");
	for (int i = 0; i < 3; i++) {
		crew_start(wait_for_slow, &took_out, NULL, NULL, 0);
	}
	k_sleep(K_MSEC(5));
	atomic32_store_release(&leave, 1);
	crew_join();
	zassert_equal(took_out, 1, "the one that it added was taken out %u times", took_out);
	zassert_false(timeout_q_pending(&node, NULL));
}
