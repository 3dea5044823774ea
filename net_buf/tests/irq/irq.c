/* SPDX-License-Identifier: Apache-2.0 */
/** @file Every call that is legal in an ISR, in one; and those that would have to wait. */
#include <zephyr/ztest.h>
#include <zephyr/irq_offload.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/net_buf/watch.h>

#include "../support/misuse.h"

#define SIZE 16

static bool destroyed_in_isr;

static void on_destroy(struct net_buf *buf)
{
	destroyed_in_isr = k_is_in_isr();
	net_buf_destroy(buf);
}

NET_BUF_POOL_FIXED_DEFINE(pool, 3, SIZE, 4, on_destroy);
NET_BUF_POOL_VAR_DEFINE(var_pool, 3, 512, 4, on_destroy);
NET_BUF_POOL_EXTERNAL_DEFINE(external_pool, 2, 0, NULL);

static bool passed; /* what the routine found */

static void in_isr(irq_offload_routine_t routine, const void *arg)
{
	passed = false;
	irq_offload(routine, arg);
	zassert_true(passed);
}

static void whole_life(const void *arg)
{
	struct net_buf_pool *from = (struct net_buf_pool *)(uintptr_t)arg;
	struct net_buf *buf = net_buf_alloc_len(from, SIZE, K_NO_WAIT);
	struct net_buf *clone = buf != NULL ? net_buf_clone(buf, K_NO_WAIT) : NULL;
	struct net_buf *frag = net_buf_alloc_len(from, SIZE, K_NO_WAIT);

	if (buf == NULL || clone == NULL || frag == NULL) {
		return;
	}
	if (net_buf_alloc(from, K_NO_WAIT) != NULL || net_buf_clone(buf, K_NO_WAIT) != NULL) {
		return;
	}
	passed = net_buf_ref(buf) == buf && net_buf_ref_add(buf, 5);
	net_buf_ref_drop(buf, 6);
	net_buf_add_le32(frag, 1);
	net_buf_frag_add(buf, frag);
	net_buf_unref(buf);
	net_buf_unref(clone);
	passed = passed && destroyed_in_isr && net_buf_pool_free_count(from) == 3;
}

ZTEST(net_buf_irq, test_whole_life)
{
	in_isr(whole_life, &pool);
	in_isr(whole_life, &var_pool);
}

static struct net_buf *held;

static void release_held(const void *arg)
{
	ARG_UNUSED(arg);
	destroyed_in_isr = false;
	net_buf_unref(held);
	passed = true;
}

/* The thread's buffer, its last reference dropped in an ISR, and the other way round. */
ZTEST(net_buf_irq, test_last_reference)
{
	held = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_not_null(net_buf_ref(held));
	net_buf_unref(held);
	in_isr(release_held, NULL);
	zassert_true(destroyed_in_isr);

	held = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_not_null(net_buf_ref(held));
	in_isr(release_held, NULL);
	zassert_false(destroyed_in_isr);
	net_buf_unref(held);
	zassert_false(destroyed_in_isr);
}

static void on_release(void *data, size_t size, void *arg)
{
	ARG_UNUSED(data);
	ARG_UNUSED(size);
	*(bool *)arg = k_is_in_isr();
}

ZTEST(net_buf_irq, test_storage_released)
{
	static uint8_t storage[4];
	bool released_in_isr = false;

	held = net_buf_alloc_with_release(&external_pool, storage, 4, on_release, &released_in_isr,
					  K_NO_WAIT);
	in_isr(release_held, NULL);
	zassert_true(released_in_isr);
}

static unsigned int assertions_in_isr;

static void wait_forever(const void *arg)
{
	unsigned int before = misuse_assertions;

	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	passed = net_buf_alloc(&pool, K_FOREVER) == NULL;
	ztest_set_assert_valid(true);
	passed = net_buf_alloc_len(&pool, 3, K_MSEC(10)) == NULL && passed;
	ztest_set_assert_valid(false);
	assertions_in_isr = misuse_assertions - before;
}

/* A wait in an ISR is a fault; with assertions off it is no wait. */
ZTEST(net_buf_irq, test_an_isr_does_not_wait)
{
	struct net_buf *bufs[3];

	for (int i = 0; i < 3; i++) {
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	in_isr(wait_forever, NULL);
	zassert_equal(assertions_in_isr, IS_ENABLED(CONFIG_ASSERT) ? 2 : 0);
	for (int i = 0; i < 3; i++) {
		net_buf_unref(bufs[i]);
	}
}

static void allocate_forever(const void *arg)
{
	ARG_UNUSED(arg);
	held = net_buf_alloc(&pool, K_FOREVER);
	passed = held != NULL;
}

/* Where nothing has to be waited for there is no fault. */
ZTEST(net_buf_irq, test_an_isr_need_not_wait)
{
	in_isr(allocate_forever, NULL);
	net_buf_unref(held);
}

ZTEST_SUITE(net_buf_irq, NULL, NULL, NULL, NULL, NULL);
