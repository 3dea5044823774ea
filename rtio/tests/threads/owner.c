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
	for (uint32_t i = 0; crew_goes_on(i, BURSTS); i++) {
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

#define MANY    16384
#define AT_ONCE 7168 /* by one call: a section that is longer than it takes to revoke the owner */
#define TEST_MS 300

RTIO_DEFINE(large, MANY, 8);

static uint32_t turn; /* the round in which the other one is to come */
static uint32_t came; /* the last one in which it has come */
static uint32_t lost;

/*
 * Copies requests in, once a round. It sleeps before: on a machine with few processors, or a busy one, who
 * wakes up interrupts who runs, in the middle of anything.
 */
static void copier(void *p1, void *p2, void *p3)
{
	static struct rtio_sqe sqes[AT_ONCE];

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (size_t i = 0; i < ARRAY_SIZE(sqes); i++) {
		rtio_sqe_prep_nop(&sqes[i], NULL, NULL);
	}
	while (atomic32_load_acquire(&stop) == 0) {
		uint32_t now = atomic32_load_acquire(&turn);

		if (now != atomic32_load_relaxed(&came)) {
			if (rtio_sqe_copy_in(&large, sqes, ARRAY_SIZE(sqes)) != 0) {
				(void)atomic32_add_relaxed(&lost, 1);
			}
			atomic32_store_release(&came, now);
		}
		k_usleep(50);
	}
}

/* Let the caller own the lock of large, which nobody else uses meanwhile, however often it was taken away. */
static void own_large(void)
{
	large.lock = (struct z_rtio_lock){0};
	for (int i = 0; i < 100; i++) {
		rtio_sqe_drop_all(&large);
	}
}

/* Take and drop until the other one has come. @return whether all requests are there once. */
static bool meet_once(uint32_t round)
{
	static struct rtio_sqe *sqes[AT_ONCE];
	uint32_t home;
	bool met = false;

	own_large();
	atomic32_store_release(&turn, round);
	while (!met) {
		if (rtio_sqe_acquire_array(&large, AT_ONCE, sqes) != 0) {
			return false;
		}
		met = atomic32_load_acquire(&came) == round;
		for (uintptr_t i = 0; i < AT_ONCE; i++) {
			sqes[i]->userdata = (void *)i;
		}
		for (uintptr_t i = 0; i < AT_ONCE; i++) {
			if (sqes[i]->userdata != (void *)i) {
				return false;
			}
		}
		if (!met) {
			rtio_sqe_drop_all(&large);
		}
	}
	home = rtio_sqe_acquirable(&large);
	/* What the other one has copied in may be dropped already. */
	if (home != MANY - AT_ONCE && home != MANY - 2 * AT_ONCE) {
		return false;
	}
	rtio_sqe_drop_all(&large);
	return rtio_sqe_acquirable(&large) == MANY;
}

/*
 * Nobody gets a request that the owner of the lock is just taking; nor does the former owner get one that
 * is being taken. What is there twice is not dropped: it would go home for ever.
 */
ZTEST(rtio_owner, test_long_sections)
{
	int64_t end = k_uptime_get() + TEST_MS;
	bool right = true;

	stop = 0;
	turn = 0;
	came = 0;
	lost = 0;
	crew_start(copier, NULL, NULL, NULL, 0);
	for (uint32_t round = 1; right && k_uptime_get() < end; round++) {
		right = meet_once(round);
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_true(right);
	zassert_equal(lost, 0);
	expect_home(&large);
}
