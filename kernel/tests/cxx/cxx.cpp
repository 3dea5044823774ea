/* SPDX-License-Identifier: Apache-2.0 */

/* The kernel from C++: every header, every macro that defines something, at file scope. */

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

K_SEM_DEFINE(a_sem, 1, 2);
K_MUTEX_DEFINE(a_mutex);
K_QUEUE_DEFINE(a_queue);
K_FIFO_DEFINE(a_fifo);
K_LIFO_DEFINE(a_lifo);
K_MSGQ_DEFINE(a_msgq, sizeof(uint32_t), 4, 4);
K_HEAP_DEFINE(a_heap, 1024);
K_MEM_SLAB_DEFINE(a_slab, 32, 2, 8);
K_MEM_SLAB_DEFINE_STATIC(a_static_slab, 32, 2, 8);

static unsigned int init_runs;

static int init()
{
	init_runs++;
	return 0;
}

SYS_INIT(init, APPLICATION, 5);

#ifdef CONFIG_MULTITHREADING

static void thread_entry(void *p1, void *, void *)
{
	k_sem_give(static_cast<k_sem *>(p1));
}

K_THREAD_DEFINE(a_thread, 1024, thread_entry, &a_sem, nullptr, nullptr, 5, 0, 0);

#endif

struct thing {
	int number;
};

static const STRUCT_SECTION_ITERABLE(thing, first_thing) = {1};
static const STRUCT_SECTION_ITERABLE(thing, second_thing) = {2};

#ifdef CONFIG_POLL
static struct k_poll_signal a_signal = K_POLL_SIGNAL_INITIALIZER(a_signal);
static struct k_poll_event events[] = {
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &a_signal),
	K_POLL_EVENT_STATIC_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &a_sem,
					3),
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_FIFO_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &a_fifo),
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &a_msgq),
};
#endif

ZTEST_SUITE(cxx, nullptr, nullptr, nullptr, nullptr, nullptr);

ZTEST(cxx, test_objects)
{
	struct item {
		void *reserved;
		int value;
	} item = {nullptr, 5};
	uint32_t message = 7;
	void *block = nullptr;

	zassert_equal(init_runs, 1U);
#ifdef CONFIG_MULTITHREADING
	zassert_ok(k_thread_join(a_thread, K_FOREVER));
#else
	k_sem_give(&a_sem);
#endif
	zassert_equal(k_sem_count_get(&a_sem), 2U);
	zassert_ok(k_sem_take(&a_sem, K_MSEC(1)));
	zassert_ok(k_mutex_lock(&a_mutex, K_FOREVER));
	zassert_ok(k_mutex_unlock(&a_mutex));
	k_fifo_put(&a_fifo, &item);
	zassert_equal(k_fifo_get(&a_fifo, K_NO_WAIT), &item);
	k_lifo_put(&a_lifo, &item);
	zassert_equal(k_lifo_get(&a_lifo, K_NO_WAIT), &item);
	k_queue_append(&a_queue, &item);
	zassert_true(k_queue_remove(&a_queue, &item));
	zassert_ok(k_msgq_put(&a_msgq, &message, K_NO_WAIT));
	message = 0;
	zassert_ok(k_msgq_get(&a_msgq, &message, K_USEC(5)));
	zassert_equal(message, 7U);
	block = k_heap_alloc(&a_heap, 100, K_NO_WAIT);
	zassert_not_null(block);
	k_heap_free(&a_heap, block);
	zassert_ok(k_mem_slab_alloc(&a_slab, &block, K_NO_WAIT));
	k_mem_slab_free(&a_slab, block);
	zassert_ok(k_mem_slab_alloc(&a_static_slab, &block, K_NO_WAIT));
	k_mem_slab_free(&a_static_slab, block);
}

static int a_thing_of_the_timer;

static void timer_expired(k_timer *timer)
{
	zassert_equal(k_timer_user_data_get(timer), &a_thing_of_the_timer);
}

static void work_runs(k_work *work)
{
	(void)work;
}

K_TIMER_DEFINE(a_timer, timer_expired, nullptr);
K_WORK_DEFINE(a_work, work_runs);
K_WORK_DELAYABLE_DEFINE(a_delayable_work, work_runs);

ZTEST(cxx, test_time)
{
	k_work_sync sync;

	k_timer_user_data_set(&a_timer, &a_thing_of_the_timer);
	k_timer_start(&a_timer, K_TICKS(1), K_NO_WAIT);
	zassert_equal(k_timer_status_sync(&a_timer), 1U);
	k_timer_stop(&a_timer);
	zassert_equal(k_work_submit(&a_work), 1);
	zassert_equal(k_work_schedule(&a_delayable_work, K_SECONDS(100)), 1);
	zassert_true(k_work_cancel_delayable_sync(&a_delayable_work, &sync));
	zassert_false(k_work_delayable_is_pending(&a_delayable_work));
	(void)k_work_flush(&a_work, &sync);
	zassert_false(k_work_is_pending(&a_work));
}

ZTEST(cxx, test_section)
{
	int sum = 0;

	STRUCT_SECTION_FOREACH(thing, t) {
		sum += t->number;
	}
	zassert_equal(sum, 3);
	zassert_equal(first_thing.number + second_thing.number, 3);
}

#ifdef CONFIG_POLL
ZTEST(cxx, test_poll)
{
	struct k_poll_event event;

	k_sem_reset(&a_sem);
	zassert_equal(k_poll(events, ARRAY_SIZE(events), K_NO_WAIT), -EAGAIN);
	zassert_ok(k_poll_signal_raise(&a_signal, 9));
	zassert_ok(k_poll(events, ARRAY_SIZE(events), K_FOREVER));
	zassert_equal(events[0].state, K_POLL_STATE_SIGNALED);
	zassert_equal(events[0].signal->result, 9);
	zassert_equal(events[1].tag, 3U);
	k_poll_event_init(&event, K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &a_signal);
	zassert_ok(k_poll(&event, 1, K_NO_WAIT));
}
#endif
