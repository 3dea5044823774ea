/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the tests of the guide's code blocks have in common. */
#ifndef SURROUNDINGS_H_
#define SURROUNDINGS_H_

#include <zephyr/ztest.h>
#include <zephyr/logging/log.h>
#include <zephyr/packet_io/packet_io.h>

LOG_MODULE_REGISTER(guide, LOG_LEVEL_INF);

/* A handler that only counts; the counter is its sink's user data. */
static inline void count_packet(struct packet_sink *sink, struct net_buf *buf)
{
	zassert_not_null(buf);
	(void)atomic_inc((atomic_t *)sink->user_data);
}

/* A packet whose data is the given bytes. */
static inline struct net_buf *packet_of(struct net_buf_pool *pool, const void *data, size_t len)
{
	struct net_buf *buf = net_buf_alloc(pool, K_NO_WAIT);

	zassert_not_null(buf, "the pool is empty");
	(void)net_buf_add_mem(buf, data, len);
	return buf;
}

/* Send such a packet and keep nothing of it. */
static inline int send_bytes(struct packet_source *source, struct net_buf_pool *pool,
			     const void *data, size_t len)
{
	return packet_source_send_consume(source, packet_of(pool, data, len), K_NO_WAIT);
}

/* Every buffer of the pool is at home: all of them can be had. */
static inline void check_all_home(struct net_buf_pool *pool)
{
	struct net_buf *bufs[128];
	size_t n = 0;

	while (n < ARRAY_SIZE(bufs) && (bufs[n] = net_buf_alloc(pool, K_NO_WAIT)) != NULL) {
		n++;
	}
	zassert_equal(n, pool->buf_count, "%u of %u buffers are at home", (unsigned int)n,
		      (unsigned int)pool->buf_count);
	while (n > 0) {
		net_buf_unref(bufs[--n]);
	}
}

static struct k_thread block_thread;
static K_THREAD_STACK_DEFINE(block_stack, 4096);

static inline void block_entry(void *function, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	((void (*)(void))(uintptr_t)function)();
}

/* Run a thread function of the block, which may never return. */
static inline void start(void (*function)(void))
{
	(void)k_thread_create(&block_thread, block_stack, K_THREAD_STACK_SIZEOF(block_stack),
			      block_entry, (void *)(uintptr_t)function, NULL, NULL,
			      K_PRIO_PREEMPT(5), 0, K_NO_WAIT);
}

/* It has come to its end by itself. */
static inline void check_ended(void)
{
	zassert_ok(k_thread_join(&block_thread, K_SECONDS(10)), "the thread does not end");
}

/* End it where it waits. */
static inline void stop(void)
{
	k_thread_abort(&block_thread);
	check_ended();
}

/* Wait until a counter has come to a value. */
static inline void wait_until(const atomic_t *counter, atomic_val_t value)
{
	for (int i = 0; atomic_get(counter) < value; i++) {
		zassert_true(i < 10000, "nothing more happens, at %ld of %ld",
			     (long)atomic_get(counter), (long)value);
		(void)k_msleep(1);
	}
}

ZTEST_SUITE(guide, NULL, NULL, NULL, NULL, NULL);

#endif /* SURROUNDINGS_H_ */
