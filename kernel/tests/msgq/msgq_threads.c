/* SPDX-License-Identifier: Apache-2.0 */

/* k_msgq between threads, and between threads and ISRs. Waits are exact, on the virtual clock. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

#define SLOTS 4

static uint32_t ring[SLOTS];
static struct k_msgq q;

/* What a call in a thread of the crew did. */
struct call {
	uint32_t msg;
	k_timeout_t timeout;
	int ret;
	int64_t end;    /* when it returned */
	uint32_t order; /* how many had returned before it */
};

static struct call calls[CREW_MAX];
static uint32_t returned;

static void note(struct call *call, int ret)
{
	call->ret = ret;
	call->end = k_uptime_ticks();
	call->order = atomic32_add_relaxed(&returned, 1);
}

static void getter(void *p1, void *p2, void *p3)
{
	struct call *call = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	note(call, k_msgq_get(&q, &call->msg, call->timeout));
}

static void putter(void *p1, void *p2, void *p3)
{
	struct call *call = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	note(call, k_msgq_put(&q, &call->msg, call->timeout));
}

/* Start call number @p i of the crew and see it block. */
static k_tid_t block(k_thread_entry_t entry, int i, uint32_t msg, k_timeout_t timeout, int prio)
{
	k_tid_t id;

	calls[i] = (struct call){.msg = msg, .timeout = timeout, .ret = 1};
	id = crew_start(entry, &calls[i], NULL, NULL, prio);
	crew_settle();
	zassert_equal(calls[i].ret, 1, "call %d did not block", i);
	return id;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	k_msgq_init(&q, (char *)ring, sizeof(uint32_t), SLOTS);
	returned = 0;
}

static void fill_up(void)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		zassert_ok(k_msgq_put(&q, &i, K_NO_WAIT));
	}
}

static void put(uint32_t msg)
{
	zassert_ok(k_msgq_put(&q, &msg, K_NO_WAIT));
}

static uint32_t get(void)
{
	uint32_t msg = UINT32_MAX;

	zassert_ok(k_msgq_get(&q, &msg, K_NO_WAIT));
	return msg;
}

ZTEST_SUITE(msgq_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(msgq_threads, test_message_is_handed_over)
{
	block(getter, 0, 0, K_FOREVER, 0);
	put(7);
	/* It has gone to the thread already, although that has not run: nobody else can have it. */
	zassert_equal(k_msgq_num_used_get(&q), 0);
	zassert_equal(k_msgq_get(&q, &(uint32_t){0}, K_NO_WAIT), -ENOMSG);
	crew_join();
	zassert_ok(calls[0].ret);
	zassert_equal(calls[0].msg, 7);
}

ZTEST(msgq_threads, test_front_message_is_handed_over)
{
	uint32_t msg = 8;

	block(getter, 0, 0, K_FOREVER, 0);
	zassert_ok(k_msgq_put_front(&q, &msg));
	zassert_equal(k_msgq_num_used_get(&q), 0);
	crew_join();
	zassert_ok(calls[0].ret);
	zassert_equal(calls[0].msg, 8);
}

ZTEST(msgq_threads, test_putter_fills_the_gap)
{
	fill_up();
	block(putter, 0, 100, K_FOREVER, 0);
	block(putter, 1, 101, K_FOREVER, 0);
	for (uint32_t i = 0; i < 2; i++) {
		zassert_equal(get(), i);
		/* Taken in at once: still full, so nobody can push in. */
		zassert_equal(k_msgq_num_used_get(&q), SLOTS);
		zassert_equal(k_msgq_put_front(&q, &(uint32_t){0}), -ENOMSG);
		crew_settle();
		zassert_ok(calls[i].ret);
	}
	zassert_equal(get(), 2);
	zassert_equal(get(), 3);
	zassert_equal(get(), 100);
	zassert_equal(get(), 101);
	zassert_equal(k_msgq_num_used_get(&q), 0);
	crew_join();
}

static const int prios[] = {5, 3, 5, -2, 3, 14, -2};
/* In which order they are served: by priority, of equals the first. */
static const int served[] = {3, 6, 1, 4, 0, 2, 5};

ZTEST(msgq_threads, test_getters_by_priority)
{
	for (int i = 0; i < (int)ARRAY_SIZE(prios); i++) {
		block(getter, i, 0, K_FOREVER, prios[i]);
	}
	for (uint32_t n = 0; n < ARRAY_SIZE(served); n++) {
		put(n);
		crew_settle();
		zassert_ok(calls[served[n]].ret);
		zassert_equal(calls[served[n]].msg, n);
	}
	crew_join();
}

ZTEST(msgq_threads, test_putters_by_priority)
{
	fill_up();
	for (int i = 0; i < (int)ARRAY_SIZE(prios); i++) {
		block(putter, i, 100 + (uint32_t)i, K_FOREVER, prios[i]);
	}
	for (uint32_t n = 0; n < SLOTS; n++) {
		zassert_equal(get(), n);
	}
	for (uint32_t n = 0; n < ARRAY_SIZE(served); n++) {
		zassert_equal(get(), 100 + (uint32_t)served[n]);
	}
	crew_join();
}

ZTEST(msgq_threads, test_priority_counts_when_served)
{
	k_tid_t late;

	block(getter, 0, 0, K_FOREVER, 3);
	late = block(getter, 1, 0, K_FOREVER, 4);
	k_thread_priority_set(late, 2);
	put(1);
	put(0);
	crew_join();
	zassert_equal(calls[0].msg, 0);
	zassert_equal(calls[1].msg, 1);
}

/* How calls end that nobody serves: by their timeout, exactly. */
static void check_timeouts(k_thread_entry_t entry)
{
	static const int64_t ticks[] = {1, 2, 999, 1000, 1001, 86400LL * 1000000};
	int64_t began;

	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		calls[i] = (struct call){.timeout = K_TICKS(ticks[i])};
		calls[8 + i] = (struct call){
			.timeout = K_TIMEOUT_ABS_TICKS(k_uptime_ticks() + ticks[i]),
		};
	}
	began = k_uptime_ticks();
	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		crew_start(entry, &calls[i], NULL, NULL, 0);
		crew_start(entry, &calls[8 + i], NULL, NULL, 0);
	}
	crew_join();
	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		zassert_equal(calls[i].ret, -EAGAIN);
		zassert_equal(calls[i].end, began + ticks[i]);
		zassert_equal(calls[8 + i].ret, -EAGAIN);
		zassert_equal(calls[8 + i].end, began + ticks[i]);
	}
}

ZTEST(msgq_threads, test_timeouts_are_exact)
{
	check_timeouts(getter);
	fill_up();
	check_timeouts(putter);
	/* Nobody is left in the queue's lists. */
	zassert_equal(k_msgq_num_used_get(&q), SLOTS);
	for (uint32_t i = 0; i < SLOTS; i++) {
		zassert_equal(get(), i);
	}
	put(5);
	zassert_equal(get(), 5);
}

ZTEST(msgq_threads, test_past_deadline_does_not_wait)
{
	int64_t began = k_uptime_ticks();
	uint32_t msg;

	zassert_equal(k_msgq_get(&q, &msg, K_TIMEOUT_ABS_TICKS(0)), -EAGAIN);
	zassert_equal(k_msgq_get(&q, &msg, K_TIMEOUT_ABS_TICKS(began)), -EAGAIN);
	zassert_equal(k_uptime_ticks(), began);
}

ZTEST(msgq_threads, test_forever_outlasts_everything)
{
	block(getter, 0, 0, K_FOREVER, 0);
	k_sleep(K_HOURS(24 * 365 * 100));
	put(1);
	crew_join();
	zassert_ok(calls[0].ret);
}

ZTEST(msgq_threads, test_purge_sends_putters_away)
{
	fill_up();
	for (int i = 0; i < 5; i++) {
		block(putter, i, 100, K_FOREVER, i);
	}
	k_msgq_purge(&q);
	zassert_equal(k_msgq_num_used_get(&q), 0);
	crew_join();
	for (int i = 0; i < 5; i++) {
		zassert_equal(calls[i].ret, -ENOMSG);
	}
	fill_up();
	for (uint32_t i = 0; i < SLOTS; i++) {
		zassert_equal(get(), i);
	}
}

ZTEST(msgq_threads, test_purge_leaves_getters)
{
	block(getter, 0, 0, K_FOREVER, 0);
	k_msgq_purge(&q);
	crew_settle();
	zassert_equal(calls[0].ret, 1);
	put(3);
	crew_join();
	zassert_equal(calls[0].msg, 3);
}

#if CONFIG_HEAP_MEM_POOL_SIZE > 0
ZTEST(msgq_threads, test_no_cleanup_under_a_waiter)
{
	zassert_ok(k_msgq_alloc_init(&q, sizeof(uint32_t), 1));
	block(getter, 0, 0, K_FOREVER, 0);
	zassert_equal(k_msgq_cleanup(&q), -EBUSY);
	put(1);
	crew_join();

	put(1);
	block(putter, 1, 2, K_FOREVER, 0);
	zassert_equal(k_msgq_cleanup(&q), -EBUSY);
	zassert_equal(get(), 1);
	crew_join();
	zassert_ok(k_msgq_cleanup(&q));
}
#endif

static void put_in_isr(const void *arg)
{
	zassert_ok(k_msgq_put(&q, arg, K_NO_WAIT));
}

static void get_in_isr(const void *arg)
{
	zassert_ok(k_msgq_get(&q, *(uint32_t *const *)arg, K_NO_WAIT));
}

ZTEST(msgq_threads, test_isr_serves_threads)
{
	uint32_t msg = 9;
	uint32_t *to = &msg;

	block(getter, 0, 0, K_FOREVER, 0);
	irq_offload(put_in_isr, &msg);
	crew_join();
	zassert_equal(calls[0].msg, 9);

	fill_up();
	block(putter, 1, 10, K_FOREVER, 0);
	irq_offload(get_in_isr, &to);
	zassert_equal(msg, 0);
	crew_join();
	zassert_ok(calls[1].ret);
	zassert_equal(k_msgq_num_used_get(&q), SLOTS);
}
