/* SPDX-License-Identifier: Apache-2.0 */
/** @file One thread uses a context nearly alone; others come now and then. */
#include "../support/crew.h"
#include "../support/device.h"

#define ENTRIES 8
#define BURST   400 /* enough to be the owner of the lock, every time for the first few */
#define BURSTS  150

RTIO_DEFINE(owned, ENTRIES, ENTRIES);

static uint32_t stop;
static uint32_t refused;

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&owned);
}

ZTEST_SUITE(rtio_owner, NULL, NULL, NULL, after, NULL);

/* A completion from the pool, through the queue, and back. */
static void go_round(void)
{
	struct rtio_cqe *cqe = rtio_cqe_acquire(&owned);

	if (cqe == NULL) {
		(void)atomic32_add_relaxed(&refused, 1);
	} else {
		rtio_cqe_produce(&owned, cqe);
	}
	while (cqe != NULL && (cqe = rtio_cqe_consume(&owned)) == NULL) {
		/* Another one has taken it, and will leave its own. */
		k_yield();
		break;
	}
	rtio_cqe_release(&owned, cqe);
}

static void visitor(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		go_round();
		go_round();
		k_busy_wait(30);
	}
}

static void flush(void)
{
	struct rtio_cqe *cqe;

	while ((cqe = rtio_cqe_consume(&owned)) != NULL) {
		rtio_cqe_release(&owned, cqe);
	}
}

/* Whoever owns the lock gives way to whoever comes, in the middle of anything. */
ZTEST(rtio_owner, test_visitors)
{
	stop = 0;
	refused = 0;
	/* No visitor becomes the owner. */
	for (int i = 0; i < BURST; i++) {
		go_round();
	}
	crew_start(visitor, NULL, NULL, NULL, 0);
	crew_start(visitor, NULL, NULL, NULL, 0);
	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			go_round();
		}
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	flush();
	/* As many as were put in can be taken out: none is lost, and none is there twice. */
	zassert_equal(atomic_get(&owned.xcqcnt), 0);
}

static void waiter(void *p1, void *p2, void *p3)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_block(&owned);

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_not_null(cqe);
	zassert_equal(cqe->result, 5);
	rtio_cqe_release(&owned, cqe);
	(void)atomic32_add_relaxed(&refused, 1);
}

/* The owner finds those who began to wait, and wakes them. */
ZTEST(rtio_owner, test_waiters)
{
	for (int round = 0; round < 20; round++) {
		refused = 0;
		for (int i = 0; i < BURST; i++) {
			go_round();
		}
		crew_start(waiter, NULL, NULL, NULL, 0);
		crew_start(waiter, NULL, NULL, NULL, 0);
		if (round % 2 == 0) {
			k_sleep(K_MSEC(1));
		}
		rtio_cqe_submit(&owned, 5, NULL, 0);
		rtio_cqe_submit(&owned, 5, NULL, 0);
		crew_join();
		zassert_equal(refused, 2);
	}
}

/* ---- an owner that has the lock for long ------------------------------------------------------- */

#define MANY  4096
#define SPARE 8

RTIO_DEFINE(large, MANY, SPARE);

static struct device_sim dev;
static uint32_t came;
static uint32_t wrong;

static void check(bool right)
{
	if (!right) {
		(void)atomic32_add_relaxed(&wrong, 1);
	}
}

/* Puts in a few, and sees them come as they were. */
static void copier(void *p1, void *p2, void *p3)
{
	struct rtio_sqe sqes[SPARE / 2];
	struct rtio_cqe *cqe;
	uintptr_t number = 0;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		uint32_t answers = 0;

		dev.started = 0;
		for (size_t i = 0; i < ARRAY_SIZE(sqes); i++) {
			rtio_sqe_prep_nop(&sqes[i], &dev.iodev, (void *)(MANY + ++number));
		}
		zassert_ok(rtio_sqe_copy_in(&large, sqes, ARRAY_SIZE(sqes)));
		zassert_ok(rtio_submit(&large, 0));
		while ((cqe = rtio_cqe_consume(&large)) != NULL) {
			uintptr_t of = (uintptr_t)cqe->userdata;

			check(of <= MANY + number && of > MANY + number - ARRAY_SIZE(sqes));
			answers++;
			rtio_cqe_release(&large, cqe);
		}
		/* All, or none: the other one may have dropped them. */
		check(answers == dev.started && answers % ARRAY_SIZE(sqes) == 0);
		(void)atomic32_add_relaxed(&came, answers);
		k_busy_wait(20);
	}
}

/* Nobody gets a request that the owner of the lock is just taking. */
ZTEST(rtio_owner, test_long_sections)
{
	static struct rtio_sqe *sqes[MANY - SPARE];

	device_init(&dev);
	stop = 0;
	came = 0;
	wrong = 0;
	crew_start(copier, NULL, NULL, NULL, 0);
	for (int round = 0; round < 150 || atomic32_load_relaxed(&came) == 0; round++) {
		zassert_ok(rtio_sqe_acquire_array(&large, ARRAY_SIZE(sqes), sqes));
		for (uintptr_t i = 0; i < ARRAY_SIZE(sqes); i++) {
			rtio_sqe_prep_nop(sqes[i], &dev.iodev, (void *)i);
		}
		for (uintptr_t i = 0; i < ARRAY_SIZE(sqes); i++) {
			check(sqes[i]->userdata == (void *)i);
		}
		rtio_sqe_drop_all(&large);
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_equal(wrong, 0);
	expect_home(&large);
}
