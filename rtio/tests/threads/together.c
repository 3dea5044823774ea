/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several threads and an interrupt on one context at once. */
#include "../support/crew.h"
#include "../support/device.h"

#include <zephyr/irq_offload.h>
#include <zephyr/rtio/work.h>

#define SQ 24
#define ROUNDS 3000
/* Of less time than a test has: for threads that, on a busy machine, get nowhere near their rounds. */
#define SHARE_MS 5000

RTIO_DEFINE_WITH_MEMPOOL(shared, SQ, SQ, 16, 16, 4);

static struct device_sim dev;
static uint32_t stop;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
	stop = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&shared);
}

ZTEST_SUITE(rtio_threads, NULL, NULL, before, after, NULL);

/* Ends what is held, in a thread or in an ISR. */
static void ender(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		if (!device_end(&dev, 1)) {
			k_yield();
		}
	}
	while (device_end(&dev, 1)) {
	}
}

static struct port_irq irq;

static void end_in_irq(void *arg)
{
	ARG_UNUSED(arg);
	(void)device_end(&dev, 2);
	if (atomic32_load_acquire(&stop) == 0) {
		port_irq_raise(&irq);
	}
}

/* Behind all interrupts raised before. */
static void settle_irq(const void *arg)
{
	ARG_UNUSED(arg);
}

static uint32_t answered;
static uint32_t given;
static uint32_t to_answer; /* 0: more is being given */
static uint32_t copiers;   /* at work */
static uint32_t enough;    /* has been given, for a busy machine */

/* Ends that were consumed or lost. */
static uint32_t accounted(void)
{
	return atomic32_load_relaxed(&answered) + (uint32_t)atomic_get(&shared.xcqcnt);
}

static bool is_more_to_come(void)
{
	uint32_t all = atomic32_load_acquire(&to_answer);

	return all == 0 || accounted() < all;
}

static void copier(void *p1, void *p2, void *p3)
{
	uint32_t done = 0;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (done < ROUNDS && atomic32_load_relaxed(&enough) == 0) {
		struct rtio_sqe sqes[3];

		for (int i = 0; i < 3; i++) {
			rtio_sqe_prep_nop(&sqes[i], &dev.iodev, NULL);
			sqes[i].flags |= i < 2 ? RTIO_SQE_CHAINED : 0;
		}
		if (rtio_sqe_copy_in(&shared, sqes, 3) != 0) {
			k_yield();
			continue;
		}
		zassert_ok(rtio_submit(&shared, 0));
		done += 3;
		(void)atomic32_add_relaxed(&given, 3);
	}
	(void)atomic32_sub_acq_rel(&copiers, 1);
}

static void consumer(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (is_more_to_come()) {
		struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&shared, K_MSEC(1));

		if (cqe != NULL) {
			zassert_true(cqe->result == 1 || cqe->result == 2);
			rtio_cqe_release(&shared, cqe);
			(void)atomic32_add_relaxed(&answered, 1);
		}
	}
}

/*
 * Two copy chains in, one acquires; two threads and an interrupt end them, two threads consume: all are
 * answered once.
 */
ZTEST(rtio_threads, test_all_at_once)
{
	uint32_t done = 0;

	dev.later = true;
	answered = 0;
	atomic_set(&shared.xcqcnt, 0);
	atomic_set(&shared.cq_count, 0);
	given = 0;
	to_answer = 0;
	copiers = 2;
	enough = 0;
	crew_start(ender, NULL, NULL, NULL, 0);
	crew_start(ender, NULL, NULL, NULL, 0);
	crew_start(copier, NULL, NULL, NULL, 0);
	crew_start(copier, NULL, NULL, NULL, 0);
	crew_start(consumer, NULL, NULL, NULL, 0);
	crew_start(consumer, NULL, NULL, NULL, 0);
	irq = (struct port_irq){.routine = end_in_irq};
	port_irq_raise(&irq);
	while (crew_goes_on(done, ROUNDS)) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&shared);

		if (sqe == NULL) {
			k_yield();
			continue;
		}
		rtio_sqe_prep_nop(sqe, &dev.iodev, NULL);
		zassert_ok(rtio_submit(&shared, done % 4 == 0 ? 1 : 0));
		done++;
	}
	while (atomic32_load_acquire(&copiers) != 0) {
		atomic32_store_relaxed(&enough, crew_goes_on(1, 2) ? 0 : 1);
		k_yield();
	}
	atomic32_store_release(&to_answer, given + done);
	while (is_more_to_come()) {
		k_yield();
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	/* One that had not seen it may have raised itself once more: that one has. */
	irq_offload(settle_irq, NULL);
	irq_offload(settle_irq, NULL);
	zassert_equal(accounted(), to_answer, "each ended once, answered or counted as lost");
	zassert_equal((uint32_t)atomic_get(&shared.cq_count), to_answer);
}

static rtio_sqe_handle_t victim;
static struct k_spinlock victim_lock;
static uint32_t hits;

static void canceller(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		k_spinlock_key_t key = k_spin_lock(&victim_lock);
		rtio_sqe_handle_t handle = victim;

		k_spin_unlock(&victim_lock, key);
		if (rtio_cancel(&shared, handle) == 0) {
			(void)atomic32_add_relaxed(&hits, 1);
		}
	}
}

/* Cancel races with the end, and with the next use of the entry: one answer each. */
ZTEST(rtio_threads, test_cancel_races_with_end)
{
	uint32_t i = 0;

	dev.later = true;
	hits = 0;
	crew_start(ender, NULL, NULL, NULL, 0);
	crew_start(canceller, NULL, NULL, NULL, 0);
	crew_start(canceller, NULL, NULL, NULL, 0);
	for (; crew_goes_on(i, ROUNDS); i++) {
		bool chain = i % 2 != 0;
		uint32_t n = chain ? 3 : 1;
		struct rtio_sqe *sqes[3];
		k_spinlock_key_t key;
		bool failed = false;

		zassert_ok(rtio_sqe_acquire_array(&shared, n, sqes));
		for (uintptr_t j = 0; j < n; j++) {
			rtio_sqe_prep_nop(sqes[j], &dev.iodev, UINT_TO_POINTER(j));
			sqes[j]->flags |= j + 1 < n ? RTIO_SQE_CHAINED : 0;
		}
		key = k_spin_lock(&victim_lock);
		victim = rtio_sqe_handle(sqes[n / 2]);
		k_spin_unlock(&victim_lock, key);
		zassert_ok(rtio_submit(&shared, n));
		for (uintptr_t j = 0; j < n; j++) {
			struct rtio_cqe *cqe = rtio_cqe_consume(&shared);

			zassert_not_null(cqe);
			zassert_equal(POINTER_TO_UINT(cqe->userdata), j);
			zassert_true(cqe->result == -ECANCELED || (cqe->result == 1 && !failed));
			failed = failed || cqe->result < 0;
			rtio_cqe_release(&shared, cqe);
		}
		zassert_is_null(rtio_cqe_consume(&shared), "one answer each");
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	TC_PRINT("%u of %u were cancelled in time\n", (unsigned int)hits, (unsigned int)i);
}

static uint32_t late;

/* The first failure of a chain says why; what is behind it is cancelled. */
static void expect_race(uint32_t n, int good)
{
	bool failed = false;

	for (uintptr_t i = 0; i < n; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&shared);

		zassert_not_null(cqe);
		zassert_equal(POINTER_TO_UINT(cqe->userdata), i);
		zassert_true(cqe->result == -ECANCELED || (!failed && (cqe->result == good ||
								       cqe->result == -ETIMEDOUT)),
			     "%d", cqe->result);
		failed = failed || cqe->result < 0;
		late += cqe->result == -ETIMEDOUT ? 1 : 0;
		rtio_cqe_release(&shared, cqe);
	}
	zassert_is_null(rtio_cqe_consume(&shared), "one answer each");
}

/* A deadline races with the end, and with a cancel; a delay, that it is over, with a cancel: one answer each. */
ZTEST(rtio_threads, test_time_races_with_all)
{
	uint32_t i = 0;

	dev.later = true;
	hits = 0;
	late = 0;
	crew_start(ender, NULL, NULL, NULL, 0);
	crew_start(canceller, NULL, NULL, NULL, 0);
	for (; crew_goes_on(i, ROUNDS / 2); i++) {
		bool delay = i % 3 == 2;
		uint32_t n = i % 3 == 1 ? 3 : 1;
		struct rtio_sqe *sqes[3];
		k_spinlock_key_t key;

		zassert_ok(rtio_sqe_acquire_array(&shared, n, sqes));
		for (uintptr_t j = 0; j < n; j++) {
			rtio_sqe_prep_nop(sqes[j], &dev.iodev, UINT_TO_POINTER(j));
			sqes[j]->flags |= j + 1 < n ? RTIO_SQE_CHAINED : 0;
		}
		if (delay) {
			rtio_sqe_prep_delay(sqes[0], K_USEC(i % 40), NULL);
		} else {
			rtio_sqe_set_deadline(sqes[0], K_USEC(i % 40));
		}
		if (delay || i % 2 == 0) {
			key = k_spin_lock(&victim_lock);
			victim = rtio_sqe_handle(sqes[n / 2]);
			k_spin_unlock(&victim_lock, key);
		}
		zassert_ok(rtio_submit(&shared, n));
		expect_race(n, delay ? 0 : 1);
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	TC_PRINT("of %u, %u were cancelled in time, %u late\n", (unsigned int)i, (unsigned int)hits,
		 (unsigned int)late);
}

RTIO_POOL_DEFINE(one, 1, 2, 2);

static void pool_user(void *theirs, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	*(struct rtio **)theirs = rtio_pool_acquire(&one);
}

/*
 * Two want the context in which something has ended since it was released. One of them is held up where it
 * would take that out, the other one, which owns the lock of the context, is not.
 */
ZTEST(rtio_threads, test_pool_is_acquired_by_two)
{
	struct rtio *r = rtio_pool_acquire(&one);
	static struct rtio *theirs;
	struct rtio *mine;
	k_spinlock_key_t free;
	port_key_t key;

	zassert_not_null(r);
	for (int i = 0; i < 100; i++) {
		expect_no_cqe(r);
	}
	dev.later = true;
	(void)device_nop(r, &dev, 1, 0);
	zassert_ok(rtio_submit(r, 0));
	rtio_pool_release(&one, r);
	zassert_true(device_end(&dev, 0));
	dev.later = false;
	theirs = NULL;
	if (atomic32_load_relaxed(&r->lock.owned) == 0) {
		return; /* there are no owners where membarrier(2) is refused */
	}
	key = port_lock(&r->lock.word.word);
	crew_start(pool_user, &theirs, NULL, NULL, 0);
	k_msleep(20);
	if (k_spin_trylock(&one.lock, &free) == 0) {
		k_spin_unlock(&one.lock, free);
		mine = rtio_pool_acquire(&one);
		zassert_not_null(mine);
		(void)device_nop(mine, &dev, 7, 0);
		zassert_ok(rtio_submit(mine, 0));
		port_unlock(&r->lock.word.word, key);
		crew_join();
		expect_cqe(mine, 7, 0);
	} else {
		port_unlock(&r->lock.word.word, key);
		crew_join();
		mine = theirs;
	}
	zassert_not_null(mine);
	zassert_true(theirs == NULL || theirs == mine);
	rtio_pool_release(&one, mine);
}

#define WORK_AT_ONCE 4

RTIO_DEFINE(work_1, WORK_AT_ONCE, WORK_AT_ONCE);
RTIO_DEFINE(work_2, WORK_AT_ONCE, WORK_AT_ONCE);

static void end_of_work(struct rtio_iodev_sqe *s)
{
	rtio_iodev_sqe_ok(s, 0);
}

static void work_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_work_req *req;

	while ((req = rtio_work_req_alloc()) == NULL) {
		k_yield();
	}
	rtio_work_req_submit(req, s, end_of_work);
}

static const struct rtio_iodev_api work_api = {.submit = work_submit};
static RTIO_IODEV_DEFINE(work_iodev, &work_api, NULL);

static void give_work(void *context, void *p2, void *p3)
{
	int64_t end = k_uptime_get() + SHARE_MS;
	struct rtio *r = context;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < ROUNDS / 2 && k_uptime_get() < end; i++) {
		for (int j = 0; j < WORK_AT_ONCE; j++) {
			rtio_sqe_prep_nop(rtio_sqe_acquire(r), &work_iodev, NULL);
		}
		zassert_ok(rtio_submit(r, 0));
		for (int j = 0; j < WORK_AT_ONCE; j++) {
			rtio_cqe_release(r, rtio_cqe_consume_block(r));
		}
	}
}

/* Two give work, and others do it, at the same time: for the thread sanitizer. */
ZTEST(rtio_threads, test_work_of_two)
{
	crew_start(give_work, &work_1, NULL, NULL, 0);
	crew_start(give_work, &work_2, NULL, NULL, 0);
	crew_join();
	while (rtio_work_req_used_count_get() != 0) {
		k_yield(); /* a piece is home a little later */
	}
}

static uint32_t signals;
static uint32_t noticed; /* of them, at the last end */
static uint32_t gone;    /* of those who signal */

static void signaller(void *handle, void *p2, void *p3)
{
	int64_t end = k_uptime_get() + SHARE_MS;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < ROUNDS && k_uptime_get() < end; i++) {
		uint32_t mine = 0;

		for (int n = 0; n < 3; n++) {
			mine = __atomic_add_fetch(&signals, 1, __ATOMIC_RELAXED);
			zassert_ok(rtio_signal(&shared, *(rtio_sqe_handle_t *)handle));
		}
		while (atomic32_load_acquire(&noticed) < mine) {
			k_yield();
		}
	}
	(void)atomic32_add_relaxed(&gone, 1);
}

/* Of several signals, each comes before an end: whoever looks at an end sees what it was about. */
ZTEST(rtio_threads, test_signals_while_it_starts_again)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&shared);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);
	int64_t last = k_uptime_get();
	bool cancelled = false;
	int result = 0;

	signals = 0;
	noticed = 0;
	gone = 0;
	rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_MULTISHOT;
	zassert_ok(rtio_submit(&shared, 0));
	crew_start(signaller, &handle, NULL, NULL, 0);
	crew_start(signaller, &handle, NULL, NULL, 0);
	while (result == 0) {
		struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&shared, K_MSEC(20));

		if (cqe != NULL) {
			result = cqe->result;
			rtio_cqe_release(&shared, cqe);
			atomic32_store_release(&noticed, atomic32_load_relaxed(&signals));
			last = k_uptime_get();
		}
		zassert_true(k_uptime_get() - last < 20000, "a signal was lost after %u of them",
			     noticed);
		if (!cancelled && atomic32_load_relaxed(&gone) == 2) {
			cancelled = true;
			crew_join();
			zassert_ok(rtio_cancel(&shared, handle));
		}
	}
	zassert_equal(result, -ECANCELED);
}

static void flood(void *handle, void *p2, void *p3)
{
	int64_t end = k_uptime_get() + SHARE_MS;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < 50 * ROUNDS && (i % 64 != 0 || k_uptime_get() < end); i++) {
		zassert_ok(rtio_signal(&shared, *(rtio_sqe_handle_t *)handle));
	}
}

/* To those who signal while it ends, to start again, it is not over. */
ZTEST(rtio_threads, test_signals_in_the_middle_of_an_end)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&shared);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_MULTISHOT | RTIO_SQE_NO_RESPONSE;
	zassert_ok(rtio_submit(&shared, 0));
	crew_start(flood, &handle, NULL, NULL, 0);
	crew_start(flood, &handle, NULL, NULL, 0);
	crew_join();
	zassert_ok(rtio_cancel(&shared, handle));
}
