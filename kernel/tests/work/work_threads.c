/* SPDX-License-Identifier: Apache-2.0 */

/* Work and threads at the same time, on the real clock. */

#include <zephyr/ztest.h>

#include "../support/crew.h"
#include "hold.h"

#define RACES 100000

static uint32_t running; /* 1 while the handler runs */
static uint32_t runs;    /* plainly: sync calls order it */
static uint32_t spins;

static void handler(struct k_work *work)
{
	zassert_equal(atomic32_exchange(&running, 1), 0, "entered twice");
	ARG_UNUSED(work);
	for (uint32_t i = runs % 700; i > 0; i--) {
		compiler_barrier();
	}
	runs++;
	atomic32_store_relaxed(&running, 0);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	queue_begin();
	runs = 0;
	spins = crew_seed();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	queue_end();
}

static void spin(uint32_t most)
{
	for (uint32_t i = crew_random(&spins) % most; i > 0; i--) {
		compiler_barrier();
	}
}

ZTEST_SUITE(work_threads, NULL, NULL, before, after, NULL);

/* After the call nobody uses the item: its memory is filled with something else each time. */
ZTEST(work_threads, test_cancel_sync_against_run)
{
	struct k_work_sync sync;
	struct k_work work;
	uint32_t late = 0;

	for (uint32_t i = 0; i < RACES; i++) {
		k_work_init(&work, handler);
		zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
		spin(20000);
		late += k_work_cancel_sync(&work, &sync) ? 0 : 1;
		zassert_equal(atomic32_load_relaxed(&running), 0, "still runs");
		zassert_equal(k_work_busy_get(&work), 0);
		memset(&work, 0xa5, sizeof(work));
	}
	TC_PRINT("%u of %u had run, %u were over\n", runs, RACES, late);
	zassert_true(runs >= late && runs > 0);
}

ZTEST(work_threads, test_flush_against_run)
{
	struct k_work_sync sync;
	struct k_work work;

	for (uint32_t i = 0; i < RACES / 4; i++) {
		k_work_init(&work, handler);
		zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
		spin(5000);
		(void)k_work_flush(&work, &sync);
		zassert_equal(runs, i + 1);
		memset(&work, 0xa5, sizeof(work));
	}
}

static void must_not_run(struct k_work *work)
{
	zassert_unreachable("item %p of an earlier life ran", (void *)work);
}

ZTEST(work_threads, test_cancel_delayable_sync_against_expiry)
{
	const struct k_work_delayable trap = {
		.work = {.handler = must_not_run, .queue = &queue, .flags = K_WORK_DELAYED},
		.queue = &queue,
	};
	struct k_work_delayable dwork;
	struct k_work_sync sync;

	for (uint32_t i = 0; i < RACES; i++) {
		k_work_init_delayable(&dwork, handler);
		zassert_equal(k_work_schedule_for_queue(&queue, &dwork,
							K_TICKS(1 + crew_random(&spins) % 3)),
			      1);
		spin(30000);
		(void)k_work_cancel_delayable_sync(&dwork, &sync);
		zassert_equal(atomic32_load_relaxed(&running), 0, "still runs");
		zassert_equal(k_work_delayable_busy_get(&dwork), 0);
		/* An end of the delay that still looked at it would find this. */
		dwork = trap;
		spin(300);
	}
	TC_PRINT("%u of %u had run\n", runs, RACES);
	zassert_true(runs > 0);
}

/* The end of a delay that was canceled a moment ago is not taken for that of the next one. */
ZTEST(work_threads, test_schedule_anew_against_expiry)
{
	struct k_work_delayable dwork;
	struct k_work_sync sync;

	k_work_init_delayable(&dwork, handler);
	for (uint32_t i = 0; i < RACES; i++) {
		uint32_t before_it;

		zassert_equal(k_work_schedule_for_queue(&queue, &dwork,
							K_TICKS(1 + crew_random(&spins) % 3)),
			      1);
		spin(30000);
		if (k_work_cancel_delayable(&dwork) == 0) {
			before_it = runs;
			zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_SECONDS(1000)),
				      1);
			spin(2000);
			zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED,
				      "too early");
			zassert_equal(runs, before_it);
		}
		(void)k_work_cancel_delayable_sync(&dwork, &sync);
	}
}

#define SHARED 8

static struct k_work_delayable shared[SHARED];
static uint32_t inside[SHARED];
static uint32_t done[SHARED];

static void handle_shared(struct k_work *work)
{
	size_t i = (size_t)(k_work_delayable_from_work(work) - shared);

	zassert_equal(atomic32_exchange(&inside[i], 1), 0, "entered twice");
	done[i]++;
	if (done[i] % 5 == 0) {
		(void)k_work_reschedule_for_queue(&queue, &shared[i], K_TICKS(done[i] % 3));
	}
	atomic32_store_release(&inside[i], 0);
}

static void anything(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();
	struct k_work_sync sync;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < 6000; i++) {
		struct k_work_delayable *d = &shared[crew_random(&random) % SHARED];

		switch (crew_random(&random) % 10) {
		case 0:
			(void)k_work_submit_to_queue(&queue, &d->work);
			break;
		case 1:
		case 2:
			(void)k_work_schedule_for_queue(&queue, d,
							K_TICKS(crew_random(&random) % 30));
			break;
		case 3:
		case 4:
			(void)k_work_reschedule_for_queue(&queue, d,
							  K_TICKS(crew_random(&random) % 30));
			break;
		case 5:
			(void)k_work_cancel_delayable(d);
			break;
		case 6:
			(void)k_work_cancel_delayable_sync(d, &sync);
			break;
		case 7:
			(void)k_work_flush_delayable(d, &sync);
			break;
		case 8:
			(void)k_work_flush(&d->work, &sync);
			break;
		default:
			(void)k_work_delayable_busy_get(d);
			(void)k_work_delayable_remaining_get(d);
			if (i % 64 == 0) {
				(void)k_work_queue_drain(&queue, false);
			}
		}
	}
}

ZTEST(work_threads, test_anybody_anything)
{
	struct k_work_sync sync;

	for (int i = 0; i < SHARED; i++) {
		k_work_init_delayable(&shared[i], handle_shared);
	}
	for (int i = 0; i < 4; i++) {
		crew_start(anything, NULL, NULL, NULL, i);
	}
	crew_join();
	for (int i = 0; i < SHARED; i++) {
		/* Its handler may have begun another delay while this one was canceled. */
		while (k_work_cancel_delayable_sync(&shared[i], &sync)) {
		}
		zassert_equal(k_work_delayable_busy_get(&shared[i]), 0);
	}
}

#define EACH 5000

struct counted {
	struct k_work work;
	uint32_t runs;
};

static struct counted counted[4];

static void count(struct k_work *work)
{
	CONTAINER_OF(work, struct counted, work)->runs++;
}

static void submit_often(void *p1, void *p2, void *p3)
{
	struct counted *c = p1;
	struct k_work_sync sync;
	uint32_t accepted = 0;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < EACH; i++) {
		accepted += k_work_submit_to_queue(&queue, &c->work) > 0 ? 1 : 0;
	}
	(void)k_work_flush(&c->work, &sync);
	zassert_equal(c->runs, accepted, "a submission was lost");
}

/* Each accepted submission runs once. */
ZTEST(work_threads, test_none_is_lost)
{
	for (int i = 0; i < 4; i++) {
		k_work_init(&counted[i].work, count);
		counted[i].runs = 0;
		crew_start(submit_often, &counted[i], NULL, NULL, 0);
	}
	crew_join();
}

/* Queues that come and go. */
ZTEST(work_threads, test_start_and_stop)
{
	struct k_work work;

	for (uint32_t i = 0; i < 200; i++) {
		k_work_init(&work, handler);
		zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
		queue_end();
		zassert_equal(runs, i + 1);
		memset(&queue, 0xa5, sizeof(queue));
		queue_begin();
	}
}
