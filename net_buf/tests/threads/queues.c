/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers through FIFOs and lists, between threads and interrupts. */
#include <zephyr/ztest.h>
#include <zephyr/irq_offload.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include "../support/misuse.h"

#define COUNT  8
#define ROUNDS 20000

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, 16, 0, NULL);

static K_THREAD_STACK_DEFINE(stack, 65536);
static struct k_thread thread;

static void start(k_thread_entry_t entry)
{
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), entry, NULL,
					 NULL, NULL, 5, 0, K_NO_WAIT));
}

static K_FIFO_DEFINE(there);
static K_FIFO_DEFINE(back);

/* Send every packet back, its header first dropped and then replaced. */
static void echo(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (;;) {
		struct net_buf *buf = net_buf_get(&there, K_FOREVER);

		if (buf->len == 0) {
			net_buf_unref(buf);
			return;
		}
		net_buf_push_be16(buf, (uint16_t)~net_buf_pull_be16(buf));
		net_buf_put(&back, buf);
	}
}

ZTEST(net_buf_queues, test_net_buf_3)
{
	uint16_t sent = 0;

	start(echo);
	for (uint16_t i = 0; i < ROUNDS / 4; i++) {
		struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
		struct net_buf *frag = net_buf_alloc(&pool, K_NO_WAIT);

		if (buf == NULL || frag == NULL) {
			net_buf_drop(&buf);
			net_buf_drop(&frag);
		} else {
			net_buf_reserve(buf, 4);
			net_buf_add_be16(buf, i);
			net_buf_add_u8(frag, (uint8_t)i);
			net_buf_frag_add(buf, frag);
			net_buf_put(&there, buf);
			sent++;
		}
		buf = net_buf_get(&back, sent >= 3 ? K_FOREVER : K_NO_WAIT);
		if (buf != NULL) {
			uint16_t number = (uint16_t)~net_buf_pull_be16(buf);

			zassert_equal(net_buf_frags_len(buf), 1, "the fragments came along");
			zassert_equal(buf->frags->data[0], (uint8_t)number);
			net_buf_unref(buf);
			sent--;
		}
	}
	net_buf_put(&there, net_buf_alloc(&pool, K_FOREVER));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	for (struct net_buf *buf; (buf = net_buf_get(&back, K_NO_WAIT)) != NULL;) {
		net_buf_unref(buf);
		sent--;
	}
	zassert_equal(sent, 0);
}

ZTEST(net_buf_queues, test_get_gives_up)
{
	port_clock_virtual_start();
	{
		int64_t began = k_uptime_ticks();

		zassert_is_null(net_buf_get(&back, K_TICKS(17)));
		zassert_equal(k_uptime_ticks() - began, 17);
	}
	port_clock_virtual_stop();
}

/* ---- lists ----------------------------------------------------------------------------------- */

static sys_slist_t list;
static uint32_t put;
static uint32_t begun;
static uint32_t done;

static void check_packet(struct net_buf *buf)
{
	if (buf->frags == NULL || buf->frags->frags != NULL ||
	    buf->data[0] != buf->frags->data[0]) {
		ztest_test_expect_fail();
	}
	net_buf_unref(buf);
}

static void put_packet(uint8_t mark)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
	struct net_buf *frag = net_buf_alloc(&pool, K_NO_WAIT);

	if (buf == NULL || frag == NULL) {
		net_buf_drop(&buf);
		net_buf_drop(&frag);
		return;
	}
	net_buf_add_u8(buf, mark);
	net_buf_add_u8(frag, mark);
	net_buf_frag_add(buf, frag);
	net_buf_slist_put(&list, buf);
	(void)atomic32_add_relaxed(&put, 1);
}

/* Runs behind all interrupts that were raised. */
static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

static void put_isr(void *arg)
{
	struct net_buf *buf;

	put_packet((uint8_t)(uintptr_t)arg);
	buf = net_buf_slist_get(&list);
	if (buf != NULL) {
		check_packet(buf);
	}
}

static void put_and_get(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	atomic32_store_release(&begun, 1);
	for (int i = 0; i < ROUNDS; i++) {
		struct net_buf *buf;

		put_packet((uint8_t)i);
		buf = net_buf_slist_get(&list);
		if (buf != NULL) {
			check_packet(buf);
		}
	}
	atomic32_store_release(&done, 1);
}

/* A thread, the test and an interrupt put chains into one list and take them out. */
ZTEST(net_buf_queues, test_list_between_contexts)
{
	static struct port_irq irq = {.routine = put_isr, .arg = (void *)0x77};
	struct net_buf *buf;

	sys_slist_init(&list);
	put = 0;
	begun = 0;
	done = 0;
	start(put_and_get);
	while (atomic32_load_acquire(&begun) == 0) {
		k_yield();
	}
	while (atomic32_load_acquire(&done) == 0) {
		port_irq_raise(&irq);
		buf = net_buf_slist_get(&list);
		if (buf != NULL) {
			check_packet(buf);
		}
	}
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	irq_offload(nothing, NULL);
	while ((buf = net_buf_slist_get(&list)) != NULL) {
		check_packet(buf);
	}
	zassert_true(put > 0);
}

ZTEST(net_buf_queues, test_misuse)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	sys_slist_init(&list);
	MISUSE(net_buf_slist_put(NULL, buf));
	MISUSE(net_buf_slist_put(&list, NULL));
	MISUSE(zassert_is_null(net_buf_slist_get(NULL)));
	zassert_is_null(net_buf_slist_get(&list));
	MISUSE(net_buf_put(NULL, buf));
	MISUSE(net_buf_put(&there, NULL));
	MISUSE(zassert_is_null(net_buf_get(NULL, K_FOREVER)));
	zassert_is_null(net_buf_get(&there, K_NO_WAIT));
	zassert_equal(buf->ref, 1, "it is still the caller's");
	net_buf_unref(buf);
}

ZTEST_SUITE(net_buf_queues, NULL, NULL, NULL, NULL, NULL);
