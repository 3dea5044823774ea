/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Waiting for buffers and for memory: how long, and who is served first. On the virtual clock,
 * where every wait ends at exactly its tick.
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#define COUNT 2
#define SIZE  16

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, SIZE, 0, NULL);
NET_BUF_POOL_VAR_DEFINE(var_pool, COUNT, 512, 0, NULL);

#define THREADS 5
static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 65536);
static struct k_thread threads[THREADS];

static int64_t began;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_start();
	began = k_uptime_ticks();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_stop();
}

/* Ticks since the test began. */
static int64_t passed(void)
{
	return k_uptime_ticks() - began;
}

static k_tid_t start(int i, k_thread_entry_t entry, void *arg, int prio)
{
	return k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), entry, arg,
			       NULL, NULL, prio, 0, K_NO_WAIT);
}

static void join_all(int count)
{
	for (int i = 0; i < count; i++) {
		zassert_ok(k_thread_join(&threads[i], K_SECONDS(60)));
	}
}

/* ---- timeouts -------------------------------------------------------------------------------- */

static struct net_buf *all[COUNT];

static void take_all(struct net_buf_pool *from, size_t size)
{
	for (int i = 0; i < COUNT; i++) {
		all[i] = net_buf_alloc_len(from, size, K_NO_WAIT);
		zassert_not_null(all[i]);
	}
}

static void give_all(void)
{
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(all[i]);
	}
}

ZTEST(net_buf_waiting, test_timeouts_are_exact)
{
	uint8_t data[4];

	take_all(&pool, SIZE);
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	zassert_equal(passed(), 0);
	zassert_is_null(net_buf_alloc(&pool, K_TICKS(1)));
	zassert_equal(passed(), 1);
	zassert_is_null(net_buf_alloc_len(&pool, 3, K_TICKS(1000)));
	zassert_equal(passed(), 1001);
	zassert_is_null(net_buf_alloc_with_data(&pool, data, sizeof(data), K_TICKS(20)));
	zassert_equal(passed(), 1021);
	zassert_is_null(net_buf_clone(all[0], K_TICKS(30)));
	zassert_equal(passed(), 1051);
	zassert_is_null(net_buf_alloc(&pool, K_TIMEOUT_ABS_TICKS(began + 1100)));
	zassert_equal(passed(), 1100);
	zassert_is_null(net_buf_alloc(&pool, K_TIMEOUT_ABS_TICKS(began + 1050)), "in the past");
	zassert_equal(passed(), 1100);
	give_all();
}

static void give_after(void *buf, void *ticks, void *unused)
{
	ARG_UNUSED(unused);
	k_sleep(K_TICKS((intptr_t)ticks));
	net_buf_unref(buf);
}

static void start_give_after(int i, struct net_buf *buf, intptr_t ticks)
{
	zassert_not_null(k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
					 give_after, buf, (void *)ticks, NULL, 5, 0, K_NO_WAIT));
}

ZTEST(net_buf_waiting, test_a_release_ends_the_wait)
{
	struct net_buf *buf;

	take_all(&pool, SIZE);
	start_give_after(0, all[0], 70);
	buf = net_buf_alloc(&pool, K_TICKS(100));
	zassert_equal_ptr(buf, all[0], "handed over");
	zassert_equal(passed(), 70);
	zassert_equal(buf->ref, 1);
	zassert_equal(buf->len, 0);
	zassert_equal(buf->size, SIZE);
	join_all(1);
	all[0] = buf;

	start_give_after(0, all[1], 5);
	buf = net_buf_alloc(&pool, K_FOREVER);
	zassert_equal_ptr(buf, all[1]);
	zassert_equal(passed(), 75);
	join_all(1);
	give_all();
}

/* One timeout for both: what waiting for the buffer took is not there for the memory. */
ZTEST(net_buf_waiting, test_timeout_is_a_total)
{
	struct net_buf *buf;

	take_all(&var_pool, 150);
	/* A buffer comes after 60 ticks, with too little memory; more would come after 200. */
	start_give_after(0, all[0], 60);
	start_give_after(1, all[1], 200);
	buf = net_buf_alloc_len(&var_pool, 300, K_TICKS(100));
	zassert_is_null(buf);
	zassert_equal(passed(), 100);
	zassert_equal(net_buf_pool_free_count(&var_pool), 1, "the buffer went home again");
	buf = net_buf_alloc_len(&var_pool, 300, K_TICKS(150));
	zassert_not_null(buf);
	zassert_equal(passed(), 200);
	join_all(2);
	net_buf_unref(buf);
}

static void free_after(void *block, void *ticks, void *unused)
{
	ARG_UNUSED(unused);
	k_sleep(K_TICKS((intptr_t)ticks));
	k_heap_free(&net_buf_mem_pool_var_pool, block);
}

/* The same for the copy that a clone needs. */
ZTEST(net_buf_waiting, test_timeout_of_a_clone_is_a_total)
{
	static uint8_t data[300];
	struct net_buf *buf = net_buf_alloc_with_data(&var_pool, data, sizeof(data), K_NO_WAIT);
	struct net_buf *other = net_buf_alloc_len(&var_pool, 0, K_NO_WAIT);
	void *block = k_heap_alloc(&net_buf_mem_pool_var_pool, 250, K_NO_WAIT);
	struct net_buf *clone;

	zassert_not_null(buf);
	zassert_not_null(other);
	zassert_not_null(block);
	start_give_after(0, other, 50);
	zassert_not_null(k_thread_create(&threads[1], stacks[1], K_THREAD_STACK_SIZEOF(stacks[1]),
					 free_after, block, (void *)(intptr_t)200, NULL, 5, 0,
					 K_NO_WAIT));
	zassert_is_null(net_buf_clone(buf, K_TICKS(100)));
	zassert_equal(passed(), 100);
	clone = net_buf_clone(buf, K_TICKS(150));
	zassert_not_null(clone);
	zassert_equal(passed(), 200);
	join_all(2);
	net_buf_unref(clone);
	net_buf_unref(buf);
}

/* Appending needs several buffers: all within the one timeout. */
ZTEST(net_buf_waiting, test_timeout_of_append_is_a_total)
{
	static uint8_t bytes[4 * SIZE];
	struct net_buf *head;

	take_all(&pool, SIZE);
	start_give_after(0, all[1], 40);
	head = all[0];
	zassert_equal(net_buf_append_bytes(head, sizeof(bytes), bytes, K_TICKS(100), NULL, NULL),
		      2 * SIZE);
	zassert_equal(passed(), 100);
	join_all(1);
	net_buf_unref(head);
}

/* ---- who is first ---------------------------------------------------------------------------- */

static int order[THREADS]; /* priorities in the order in which they were served */
static struct k_spinlock order_lock;
static int served;

static void wait_for_one(void *prio, void *unused1, void *unused2)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_FOREVER);
	k_spinlock_key_t key = k_spin_lock(&order_lock);

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	order[served++] = (int)(intptr_t)prio;
	k_spin_unlock(&order_lock, key);
	k_sleep(K_TICKS(10));
	net_buf_unref(buf);
}

static void start_waiter(int i, int prio)
{
	zassert_not_null(start(i, wait_for_one, (void *)(intptr_t)prio, prio));
	k_sleep(K_TICKS(1)); /* it waits now */
}

ZTEST(net_buf_waiting, test_by_priority_then_first_come)
{
	static const int prios[THREADS] = {7, 3, 9, 3, 1};
	static const int expected[THREADS] = {1, 3, 3, 7, 9};

	served = 0;
	take_all(&pool, SIZE);
	for (int i = 0; i < THREADS; i++) {
		start_waiter(i, prios[i]);
	}
	zassert_equal(served, 0);
	/* One buffer, handed from one to the next. */
	net_buf_unref(all[0]);
	join_all(THREADS);
	for (int i = 0; i < THREADS; i++) {
		zassert_equal(order[i], expected[i], "number %d has priority %d", i, order[i]);
	}
	net_buf_unref(all[1]);
}

ZTEST(net_buf_waiting, test_every_release_serves_one)
{
	served = 0;
	take_all(&pool, SIZE);
	start_waiter(0, 4);
	start_waiter(1, 4);
	net_buf_frag_add(all[0], all[1]);
	net_buf_unref(all[0]);
	k_sleep(K_TICKS(1));
	zassert_equal(served, 2);
	zassert_equal(net_buf_pool_free_count(&pool), 0, "neither of them came home");
	join_all(2);
}

/* Who gives up in time is not served, and takes nothing. */
ZTEST(net_buf_waiting, test_a_timeout_leaves_the_queue)
{
	served = 0;
	take_all(&pool, SIZE);
	start_waiter(0, 6);
	zassert_is_null(net_buf_alloc(&pool, K_TICKS(50)));
	net_buf_unref(all[0]);
	k_sleep(K_TICKS(1));
	zassert_equal(served, 1);
	join_all(1);
	zassert_equal(net_buf_pool_free_count(&pool), 1);
	net_buf_unref(all[1]);
}

ZTEST(net_buf_waiting, test_an_aborted_thread_leaves_the_queue)
{
	served = 0;
	take_all(&pool, SIZE);
	start_waiter(0, 1);
	start_waiter(1, 6);
	k_thread_abort(&threads[0]);
	zassert_ok(k_thread_join(&threads[0], K_SECONDS(1)));
	net_buf_unref(all[0]);
	join_all(2);
	zassert_equal(served, 1);
	zassert_equal(order[0], 6);
	net_buf_unref(all[1]);
}

/* ---- a buffer on its way home ---------------------------------------------------------------- */

static K_FIFO_DEFINE(dying);

static void destroy_later(struct net_buf *buf)
{
	net_buf_put(&dying, buf);
}

NET_BUF_POOL_FIXED_DEFINE(deferred_pool, 1, SIZE, 0, destroy_later);

static void undertaker(void *count, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (intptr_t i = 0; i < (intptr_t)count; i++) {
		struct net_buf *buf = net_buf_get(&dying, K_FOREVER);

		k_sleep(K_TICKS(25));
		net_buf_destroy(buf);
	}
}

/* Who waits is served when another thread brings it home, not when the last reference went. */
ZTEST(net_buf_waiting, test_destroyed_by_another_thread)
{
	struct net_buf *buf = net_buf_alloc(&deferred_pool, K_NO_WAIT);

	zassert_not_null(start(0, undertaker, (void *)(intptr_t)3, 5));
	net_buf_unref(buf);
	zassert_is_null(net_buf_alloc(&deferred_pool, K_TICKS(24)));
	zassert_equal_ptr(net_buf_alloc(&deferred_pool, K_FOREVER), buf);
	zassert_equal(passed(), 25);
	net_buf_unref(buf);
	zassert_equal_ptr(net_buf_alloc(&deferred_pool, K_TICKS(26)), buf);
	zassert_equal(passed(), 50);
	net_buf_unref(buf);
	join_all(1);
}

ZTEST_SUITE(net_buf_waiting, NULL, NULL, before, after, NULL);
