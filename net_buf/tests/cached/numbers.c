/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A thread that was about to get the last caches when others took them. The linker has the library's calls
 * of port_thread_at_exit() come here, where that thread waits for the others.
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include <pthread.h>

#define COUNT  8
#define OTHERS CONFIG_NET_BUF_POOL_CACHE_THREADS

NET_BUF_POOL_FIXED_DEFINE(numbers_pool, COUNT, 16, 0, NULL);

bool __real_port_thread_at_exit(void (*fn)(void));
bool __wrap_port_thread_at_exit(void (*fn)(void));

static PORT_THREAD_LOCAL bool is_late;
static K_SEM_DEFINE(on_its_way, 0, 1);
static K_SEM_DEFINE(all_taken, 0, 1);

bool __wrap_port_thread_at_exit(void (*fn)(void))
{
	if (is_late) {
		is_late = false;
		k_sem_give(&on_its_way);
		k_sem_take(&all_taken, K_FOREVER);
	}
	return __real_port_thread_at_exit(fn);
}

static void take_and_give(void)
{
	struct net_buf *buf = net_buf_alloc(&numbers_pool, K_FOREVER);

	zassert_not_null(buf);
	net_buf_unref(buf);
}

static void *be_late(void *unused)
{
	is_late = true;
	take_and_give();
	return unused;
}

static K_THREAD_STACK_ARRAY_DEFINE(other_stacks, OTHERS, 65536);
static struct k_thread others[OTHERS];
static K_SEM_DEFINE(has_taken, 0, OTHERS);
static K_SEM_DEFINE(others_may_end, 0, OTHERS);

static void be_early(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	take_and_give();
	k_sem_give(&has_taken);
	k_sem_take(&others_may_end, K_FOREVER);
}

/* It works without, and when it ends it has nothing to return. */
ZTEST(net_buf_numbers, test_others_take_the_last)
{
	pthread_t late;

	zassert_ok(pthread_create(&late, NULL, be_late, NULL));
	zassert_ok(k_sem_take(&on_its_way, K_SECONDS(20)));
	for (int i = 0; i < OTHERS; i++) {
		zassert_not_null(k_thread_create(&others[i], other_stacks[i],
						 K_THREAD_STACK_SIZEOF(other_stacks[i]), be_early,
						 NULL, NULL, NULL, 5, 0, K_NO_WAIT));
		zassert_ok(k_sem_take(&has_taken, K_SECONDS(20)));
	}
	k_sem_give(&all_taken);
	zassert_ok(pthread_join(late, NULL));
	zassert_equal(net_buf_pool_free_count(&numbers_pool), COUNT);
	for (int i = 0; i < OTHERS; i++) {
		k_sem_give(&others_may_end);
	}
	for (int i = 0; i < OTHERS; i++) {
		zassert_ok(k_thread_join(&others[i], K_SECONDS(20)));
	}
	zassert_equal(net_buf_pool_free_count(&numbers_pool), COUNT);
}

ZTEST_SUITE(net_buf_numbers, NULL, NULL, NULL, NULL, NULL);
