/* SPDX-License-Identifier: Apache-2.0 */
/** @file Who waits for what a bridge gives back, and threads that let go in any order. */
#include "../support/fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>
#include <iob/chain.h>

#include <errno.h>

#define STACK_SIZE 65536
#define TEAM       4

static K_THREAD_STACK_ARRAY_DEFINE(stacks, TEAM, STACK_SIZE);
static struct k_thread threads[TEAM];
static unsigned int started;
static int64_t began;

static void start(k_thread_entry_t entry, void *arg)
{
	(void)k_thread_create(&threads[started], stacks[started], STACK_SIZE, entry, arg, NULL,
			      NULL, 5, 0, K_NO_WAIT);
	started++;
}

static void join(void)
{
	for (unsigned int i = 0; i < started; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	started = 0;
}

static int64_t passed_ms(void)
{
	return k_uptime_get() - began;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	ring_begin(0);
	port_clock_virtual_start();
	began = k_uptime_get();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_stop();
}

ZTEST_SUITE(bridge_waiting, NULL, NULL, before, after, NULL);

/* What a waiting thread got; NULL before. */
static void *got;

static void settle(void)
{
	k_sleep(K_TICKS(1));
}

/* ---- I/O buffers ----------------------------------------------------------------------------- */

static void wait_for_iob(void *throttled, void *unused2, void *unused3)
{
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	got = iob_alloc(throttled != NULL);
}

static void release_in_isr(const void *buf)
{
	net_buf_unref((struct net_buf *)(uintptr_t)buf);
}

/* The last of three holders wakes who waits; in an ISR, too. */
static void wait_for_last_holder(bool in_isr)
{
	struct iob_s *chain = chain_make(LENS(10));
	struct net_buf *buf = net_buf_from_iob(views, chain, K_NO_WAIT);
	struct net_buf *clone = net_buf_clone(buf, K_NO_WAIT);
	struct iob_s *rest = iob_tryalloc_chain((unsigned int)iob_navail(false), false);

	got = NULL;
	zassert_equal_ptr(net_buf_ref(buf), buf);
	start(wait_for_iob, NULL);
	settle();
	net_buf_unref(buf);
	net_buf_unref(buf);
	settle();
	zassert_is_null(got);
	if (in_isr) {
		irq_offload(release_in_isr, clone);
	} else {
		net_buf_unref(clone);
	}
	join();
	zassert_equal_ptr(got, chain, "handed over");
	iob_free_chain(rest);
	zassert_is_null(iob_free(got));
}

ZTEST(bridge_waiting, test_iob_waiter)
{
	wait_for_last_holder(false);
}

ZTEST(bridge_waiting, test_iob_waiter_served_from_an_isr)
{
	wait_for_last_holder(true);
}

#if CONFIG_IOB_THROTTLE > 0
/* A whole packet goes: the reserve first, then who is throttled. */
ZTEST(bridge_waiting, test_throttled_waiter)
{
	struct iob_s *rest;
	struct net_buf *buf;

	rest = iob_tryalloc_chain(CONFIG_IOB_NBUFFERS - CONFIG_IOB_THROTTLE - 1, false);
	buf = net_buf_from_iob(views, chain_make(LENS(1, 1)), K_NO_WAIT);
	got = NULL;
	start(wait_for_iob, &got);
	settle();
	zassert_is_null(got);
	buf = net_buf_frag_del(NULL, buf);
	settle();
	zassert_is_null(got);
	net_buf_unref(buf);
	join();
	zassert_not_null(got);
	zassert_is_null(iob_free(got));
	iob_free_chain(rest);
}
#endif

/* ---- room in a ring -------------------------------------------------------------------------- */

static void wait_for_room(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	got = mpsc_pbuf_alloc(&ring, 40, K_FOREVER);
}

ZTEST(bridge_waiting, test_producer_waits_for_room)
{
	struct net_buf *first;
	struct net_buf *second;
	struct record *record;

	zassert_true(record_put(30, 1));
	zassert_true(record_put(30, 2));
	first = net_buf_from_mpsc(views, &ring, record_claim(), K_NO_WAIT);
	second = net_buf_from_mpsc(views, &ring, record_claim(), K_NO_WAIT);
	got = NULL;
	start(wait_for_room, NULL);
	settle();
	net_buf_unref(second);
	settle();
	zassert_is_null(got, "the room behind the first is not back");
	net_buf_unref(first);
	join();
	record = got;
	zassert_not_null(record);
	record->wlen = 40;
	mpsc_pbuf_commit(&ring, got);
	mpsc_pbuf_free(&ring, record_claim());
}

/* ---- waits of the bridges themselves --------------------------------------------------------- */

ZTEST(bridge_waiting, test_timeout_for_net_bufs)
{
	struct iob_s *chain = chain_make(LENS(1, 2, 3));
	struct net_buf *rest = pool_leave(views, 2);

	zassert_is_null(net_buf_from_iob(views, chain, K_MSEC(50)));
	zassert_equal(passed_ms(), 50);
	zassert_equal(net_buf_pool_free_count(views), 2);
	zassert_equal(iob_count(chain), 3);
	zassert_is_null(net_buf_from_iob(views, chain, K_NO_WAIT));
	zassert_equal(passed_ms(), 50);
	net_buf_unref(rest);
	iob_free_chain(chain);
}

static int64_t gave_up; /* when, in ms */

static void wrap_for_50_ms(void *chain, void *unused2, void *unused3)
{
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	got = net_buf_from_iob(views, chain, K_MSEC(50));
	gave_up = passed_ms();
}

/* One that comes meanwhile does not make the wait for the next one longer. */
ZTEST(bridge_waiting, test_timeout_for_net_bufs_is_a_total)
{
	struct iob_s *chain = chain_make(LENS(1, 2, 3));
	struct net_buf *rest = pool_leave(views, 0);

	start(wrap_for_50_ms, chain);
	k_sleep(K_MSEC(30));
	rest = net_buf_frag_del(NULL, rest);
	join();
	zassert_is_null(got);
	zassert_equal(gave_up, 50);
	net_buf_unref(rest);
	iob_free_chain(chain);
}

static void wrap_waiting(void *chain, void *unused2, void *unused3)
{
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	got = net_buf_from_iob(views, chain, K_FOREVER);
}

ZTEST(bridge_waiting, test_net_bufs_come_one_by_one)
{
	struct iob_s *chain = chain_make(LENS(1, 2, 3));
	struct net_buf *rest = pool_leave(views, 0);

	got = NULL;
	start(wrap_waiting, chain);
	for (int i = 0; i < 3; i++) {
		settle();
		zassert_is_null(got);
		rest = net_buf_frag_del(NULL, rest);
	}
	join();
	zassert_equal(net_buf_frags_len(got), 6);
	zassert_equal_ptr(((struct net_buf *)got)->data, chain->io_data + 8);
	net_buf_unref(got);
	net_buf_unref(rest);
}

ZTEST(bridge_waiting, test_claimed_packet_waits_for_a_net_buf)
{
	struct net_buf *rest = pool_leave(views, 0);
	const union mpsc_pbuf_generic *packet;

	zassert_true(record_put(3, 1));
	packet = record_claim();
	zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_MSEC(7)));
	zassert_equal(passed_ms(), 7);
	net_buf_unref(rest);
	mpsc_pbuf_free(&ring, packet);
}

static void unwrap_for_50_ms(void *buf, void *unused2, void *unused3)
{
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	got = iob_from_net_buf(headers, buf, false, K_MSEC(50));
	gave_up = passed_ms();
}

/* The same with what iob_from_net_buf() needs: headers, or buffers. */
ZTEST(bridge_waiting, test_timeout_for_iobs_is_a_total)
{
	struct net_buf *buf =
		net_buf_from_iob(views, chain_make(LENS(BUFSIZE - 8, BUFSIZE - 3)), K_NO_WAIT);
	struct iob_s *rest = iob_tryalloc_chain((unsigned int)iob_navail(false), false);
	struct iob_s *chain;
	void *taken[HEADERS];
	unsigned int n = 0;

	while (n < HEADERS && k_mem_slab_alloc(headers, &taken[n], K_NO_WAIT) == 0) {
		n++;
	}
	start(unwrap_for_50_ms, buf);
	k_sleep(K_MSEC(30));
	rest = iob_free(rest);
	if (n > 0) {
		k_mem_slab_free(headers, taken[--n]);
	}
	join();
	zassert_is_null(got);
	zassert_equal(gave_up, 50);
	zassert_equal(k_mem_slab_num_used_get(headers), n);
	zassert_equal(net_buf_ref_get(buf), 1);
	while (n > 0) {
		k_mem_slab_free(headers, taken[--n]);
	}
	iob_free_chain(rest);
	chain = iob_from_net_buf(headers, buf, false, K_MSEC(50));
	zassert_not_null(chain);
	zassert_equal(passed_ms(), 50);
	iob_free_chain(chain);
}

/* ---- letting go in any order ----------------------------------------------------------------- */

static void nothing(void *fixture)
{
	ARG_UNUSED(fixture);
	ring_begin(0);
}

ZTEST_SUITE(bridge_threads, NULL, NULL, nothing, NULL, NULL);

#define ROUNDS  3000
#define HOLDERS 3

K_MSGQ_DEFINE(queue_0, sizeof(void *), 8, 8);
K_MSGQ_DEFINE(queue_1, sizeof(void *), 8, 8);
K_MSGQ_DEFINE(queue_2, sizeof(void *), 8, 8);
static struct k_msgq *const queues[HOLDERS] = {&queue_0, &queue_1, &queue_2};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 16;
}

/* Read every byte, so that a sanitizer sees who has them. */
static uint32_t sum_of(const struct net_buf *buf)
{
	uint32_t sum = 0;

	for (; buf != NULL; buf = buf->frags) {
		for (uint16_t i = 0; i < buf->len; i++) {
			sum += buf->data[i];
		}
	}
	return sum;
}

/* Hold up to three packets, let go of any of them; NULL ends. */
static void hold(void *queue, void *unused2, void *unused3)
{
	struct net_buf *held[3] = {NULL, NULL, NULL};
	uint32_t state = (uint32_t)(uintptr_t)queue;
	struct net_buf *buf;

	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (;;) {
		/* Without a packet to come, what it holds may be what others wait for. */
		bool had_one = k_msgq_get(queue, &buf, K_NO_WAIT) == 0;

		if (!had_one) {
			for (int i = 0; i < 3; i++) {
				net_buf_drop(&held[i]);
			}
			(void)k_msgq_get(queue, &buf, K_FOREVER);
		}
		if (buf == NULL) {
			break;
		}
		state += sum_of(buf) & 1;
		uint32_t slot = next_random(&state) % 3;

		net_buf_drop(&held[slot]);
		held[slot] = buf;
	}
	for (int i = 0; i < 3; i++) {
		net_buf_drop(&held[i]);
	}
}

static struct net_buf *make(uint32_t kind)
{
	static uint32_t id;

	if (kind % 3 == 0) {
		struct iob_s *chain = iob_alloc(false);

		chain->io_len = 5;
		chain->io_flink = iob_alloc(false);
		chain->io_flink->io_len = 6;
		for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
			for (int i = 0; i < 6; i++) {
				iob->io_data[i] = (uint8_t)kind;
			}
		}
		return net_buf_from_iob(views, chain, K_FOREVER);
	}
	if (kind % 3 == 1) {
		struct record *record =
			(struct record *)(void *)mpsc_pbuf_alloc(&ring, 1 + kind % 15, K_FOREVER);

		record->wlen = 1 + kind % 15;
		record->id = id++ & 0xffff;
		for (uint32_t i = 0; i < kind % 15; i++) {
			record->words[i] = kind;
		}
		mpsc_pbuf_commit(&ring, (union mpsc_pbuf_generic *)(void *)record);
		return net_buf_from_mpsc(views, &ring, record_claim(), K_FOREVER);
	}
	struct net_buf *buf = net_buf_alloc(fixed, K_FOREVER);
	struct iob_s *chain;

	net_buf_add_u8(buf, (uint8_t)kind);
	do {
		chain = iob_from_net_buf(headers, buf, false, K_MSEC(1));
	} while (chain == NULL);
	return net_buf_from_iob(views, chain, K_FOREVER);
}

ZTEST(bridge_threads, test_let_go_in_any_order)
{
	uint32_t state = 4711;

	for (int i = 0; i < HOLDERS; i++) {
		start(hold, queues[i]);
	}
	for (int i = 0; i < ROUNDS; i++) {
		struct net_buf *buf = make(next_random(&state));

		zassert_not_null(buf);
		for (int j = 0; j < HOLDERS; j++) {
			struct net_buf *mine = net_buf_ref(buf);

			zassert_ok(k_msgq_put(queues[j], &mine, K_FOREVER));
		}
		net_buf_unref(buf);
	}
	for (int i = 0; i < HOLDERS; i++) {
		struct net_buf *end = NULL;

		zassert_ok(k_msgq_put(queues[i], &end, K_FOREVER));
	}
	join();
}
