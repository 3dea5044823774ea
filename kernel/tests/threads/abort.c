/* SPDX-License-Identifier: Apache-2.0 */

/* Ending a thread in each call that can block, and at every other moment. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

static struct k_sem sem;
static struct k_mutex mutex;
static struct k_msgq empty;
static struct k_msgq full;
static struct k_fifo fifo;
static struct k_heap heap;
static struct k_mem_slab slab;
static char rings[2][4];
static char __aligned(8) memory[256];
static char __aligned(8) blocks[32];
static struct k_thread *never_ends;
static uint32_t went_on;

static void in_sleep(void)
{
	k_sleep(K_FOREVER);
}

static void in_short_sleep(void)
{
	k_sleep(K_SECONDS(1));
}

static void in_sem(void)
{
	(void)k_sem_take(&sem, K_FOREVER);
}

static void in_mutex(void)
{
	(void)k_mutex_lock(&mutex, K_FOREVER);
}

static void in_get(void)
{
	char msg[4];

	(void)k_msgq_get(&empty, msg, K_FOREVER);
}

static void in_put(void)
{
	(void)k_msgq_put(&full, "abc", K_FOREVER);
}

static void in_fifo(void)
{
	(void)k_fifo_get(&fifo, K_FOREVER);
}

static void in_heap(void)
{
	(void)k_heap_alloc(&heap, sizeof(memory), K_FOREVER);
}

static void in_slab(void)
{
	void *block;

	(void)k_mem_slab_alloc(&slab, &block, K_FOREVER);
}

static void in_join(void)
{
	(void)k_thread_join(never_ends, K_FOREVER);
}

#ifdef CONFIG_POLL
static void in_poll(void)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &empty),
	};

	(void)k_poll(events, ARRAY_SIZE(events), K_FOREVER);
}
#endif

static void (*const blocking[])(void) = {
	in_sleep, in_short_sleep, in_sem,  in_mutex, in_get,
	in_put,   in_fifo,        in_heap, in_slab,  in_join,
#ifdef CONFIG_POLL
	in_poll,
#endif
};

static void go(void *p1, void *p2, void *p3)
{
	uint32_t *wait_for = p2;

	ARG_UNUSED(p3);
	while (wait_for != NULL && atomic32_load_acquire(wait_for) == 0) {
		k_yield();
	}
	blocking[POINTER_TO_UINT(p1)]();
	(void)atomic32_add_relaxed(&went_on, 1);
}

static void prepare(void)
{
	void *block;

	zassert_ok(k_sem_init(&sem, 0, 1));
	zassert_ok(k_mutex_init(&mutex));
	zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
	k_msgq_init(&empty, rings[0], 4, 1);
	k_msgq_init(&full, rings[1], 4, 1);
	zassert_ok(k_msgq_put(&full, "xyz", K_NO_WAIT));
	k_fifo_init(&fifo);
	k_heap_init(&heap, memory, sizeof(memory));
	zassert_ok(k_mem_slab_init(&slab, blocks, 32, 1));
	zassert_ok(k_mem_slab_alloc(&slab, &block, K_NO_WAIT));
	never_ends = k_current_get();
	went_on = 0;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	prepare();
}

static void end(void *fixture)
{
	crew_virtual_end(fixture);
	(void)k_mutex_unlock(&mutex);
}

ZTEST_SUITE(abort, NULL, NULL, begin, end, NULL);

/* Nobody is left in any object, and all of them still work. */
static void check_objects(void)
{
	char msg[4];

	zassert_true(wait_q_empty(&sem.takers));
	zassert_true(wait_q_empty(&mutex.waiters));
	zassert_true(wait_q_empty(&empty.getters));
	zassert_true(wait_q_empty(&full.putters));
	zassert_equal(empty.waiting, 0);
	zassert_equal(full.waiting, 0);
	zassert_true(wait_q_empty(&fifo._queue.getters));
	zassert_true(wait_q_empty(&heap.waiters));
	zassert_true(wait_q_empty(&slab.waiters));
	zassert_true(wait_q_empty(&never_ends->joiners));
	zassert_ok(k_msgq_get(&full, msg, K_NO_WAIT));
	zassert_mem_equal(msg, "xyz", 4);
	zassert_equal(k_msgq_get(&full, msg, K_NO_WAIT), -ENOMSG);
	k_sem_give(&sem);
	zassert_equal(k_sem_count_get(&sem), 1);
}

ZTEST(abort, test_in_each_call)
{
	k_tid_t ids[ARRAY_SIZE(blocking)];

	for (uintptr_t i = 0; i < ARRAY_SIZE(blocking); i++) {
		ids[i] = crew_start(go, UINT_TO_POINTER(i), NULL, NULL, 0);
	}
	crew_settle();
	for (size_t i = 0; i < ARRAY_SIZE(blocking); i++) {
		zassert_equal(k_thread_join(ids[i], K_NO_WAIT), -EBUSY);
		k_thread_abort(ids[i]);
		k_thread_abort(ids[i]);
		zassert_ok(k_thread_join(ids[i], K_FOREVER));
		k_thread_abort(ids[i]);
	}
	crew_join();
	zassert_equal(went_on, 0);
	check_objects();
}

ZTEST(abort, test_before_each_call)
{
	static uint32_t may_go;
	k_tid_t ids[ARRAY_SIZE(blocking)];

	may_go = 0;
	for (uintptr_t i = 0; i < ARRAY_SIZE(blocking); i++) {
		ids[i] = crew_start(go, UINT_TO_POINTER(i), &may_go, NULL, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(blocking); i++) {
		k_thread_abort(ids[i]);
	}
	atomic32_store_release(&may_go, 1);
	crew_join();
	zassert_equal(went_on, 0);
	check_objects();
}

static void count_up(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)atomic32_add_relaxed(&went_on, 1);
}

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_thread thread;

static void create(k_thread_entry_t entry, void *p1, k_timeout_t delay)
{
	zassert_not_null(
		k_thread_create(&thread, stack, sizeof(stack), entry, p1, NULL, NULL, 0, 0, delay));
}

ZTEST(abort, test_before_the_start)
{
	create(count_up, NULL, K_FOREVER);
	crew_settle();
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	create(count_up, NULL, K_TICKS(1000));
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	create(count_up, NULL, K_FOREVER);
	k_thread_abort(&thread);
	k_thread_start(&thread);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	k_sleep(K_TICKS(2000));
	zassert_equal(went_on, 0);
}

static void end_myself(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_thread_abort(k_current_get());
	(void)atomic32_add_relaxed(&went_on, 1);
}

ZTEST(abort, test_self)
{
	create(end_myself, NULL, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(went_on, 0);
}

static void take_twice(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	if (k_sem_take(&sem, K_FOREVER) == 0) {
		(void)atomic32_add_relaxed(&went_on, 1);
	}
	(void)k_sem_take(&sem, K_FOREVER);
	(void)atomic32_add_relaxed(&went_on, 100);
}

/* What a wait has brought is not lost, and the next wait ends the thread. */
ZTEST(abort, test_together_with_a_wakeup)
{
	for (int i = 0; i < 120; i++) {
		uint32_t before = went_on;
		uint32_t got;

		create(take_twice, NULL, K_NO_WAIT);
		if (i % 4 < 2) {
			crew_settle();
		}
		if (i % 2 == 0) {
			k_sem_give(&sem);
			k_thread_abort(&thread);
		} else {
			k_thread_abort(&thread);
			k_sem_give(&sem);
		}
		zassert_ok(k_thread_join(&thread, K_FOREVER));
		got = went_on - before;
		zassert_true(got <= 1);
		zassert_equal(k_sem_count_get(&sem), 1 - got);
		k_sem_reset(&sem);
	}
}

static void finish(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
}

/* A thread that ends by itself at the same moment; then its memory has another use. */
ZTEST(abort, test_together_with_the_end)
{
	for (int i = 0; i < 120; i++) {
		create(finish, NULL, K_NO_WAIT);
		for (int n = 0; n < i % 16; n++) {
			k_yield();
		}
		k_thread_abort(&thread);
		zassert_ok(k_thread_join(&thread, K_FOREVER));
		memset(&thread, 0xff, sizeof(thread));
	}
}

/* As above, with the abort in one thread and the join in another. */
static void abort_it(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_thread_abort(&thread);
	atomic32_store_release(p1, 1);
}

ZTEST(abort, test_by_another_thread)
{
	for (int i = 0; i < 60; i++) {
		uint32_t aborted = 0;

		create(i % 2 != 0 ? finish : take_twice, NULL, K_NO_WAIT);
		crew_start(abort_it, &aborted, NULL, NULL, 0);
		zassert_ok(k_thread_join(&thread, K_FOREVER));
		crew_join();
		zassert_equal(atomic32_load_acquire(&aborted), 1);
	}
}
