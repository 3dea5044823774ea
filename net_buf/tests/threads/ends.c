/* SPDX-License-Identifier: Apache-2.0 */
/** @file One thread takes buffers, others give them back: the two ends of a pool. */
#include "together.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

ZTEST_SUITE(net_buf_ends, NULL, NULL, NULL, NULL, NULL);

NET_BUF_POOL_FIXED_DEFINE(passed_pool, 3, SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(waited_pool, 2, SIZE, 0, NULL);

static struct net_buf *passed[3];

static void give_back_all(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (int i = 0; i < 3; i++) {
		net_buf_unref(passed[i]);
	}
}

static void take_all(void)
{
	for (int i = 0; i < 3; i++) {
		passed[i] = net_buf_alloc(&passed_pool, K_NO_WAIT);
		zassert_not_null(passed[i], "buffer %d", i);
	}
	zassert_is_null(net_buf_alloc(&passed_pool, K_NO_WAIT));
}

/* All that is at home can be had at once, whoever brought it there, and is counted. */
ZTEST(net_buf_ends, test_given_back_elsewhere)
{
	take_all();
	start(0, give_back_all, NULL);
	join(0);
	zassert_equal(net_buf_pool_free_count(&passed_pool), 3);
	take_all();
	net_buf_unref(passed[0]);
	zassert_equal(net_buf_pool_free_count(&passed_pool), 1);
	passed[0] = net_buf_alloc(&passed_pool, K_NO_WAIT);
	zassert_not_null(passed[0]);
	give_back_all(NULL, NULL, NULL);
	zassert_equal(net_buf_pool_free_count(&passed_pool), 3);
}

NET_BUF_POOL_FIXED_DEFINE(halves_pool, 64, SIZE, 0, NULL);

static struct net_buf *halves[64];
static uint32_t halves_round; /* written by the test */
static uint32_t halves_back;  /* that have been given back */
static bool halves_last;      /* no round after this one; written by the test before it begins */

static void give_back_halves(void *half, void *unused1, void *unused2)
{
	struct net_buf **bufs = half;
	bool last = false;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (uint32_t i = 1; !last; i++) {
		spin_until(&halves_round, i);
		last = halves_last;
		for (int n = 0; n < 32; n++) {
			net_buf_unref(bufs[n]);
		}
		(void)__atomic_fetch_add(&halves_back, 1, __ATOMIC_RELEASE);
	}
}

/* Two give back at once, neither of which took them. */
ZTEST(net_buf_ends, test_given_back_by_two)
{
	int64_t began = k_uptime_get();

	halves_last = false;
	halves_round = 0;
	halves_back = 0;
	start(0, give_back_halves, &halves[0]);
	start(1, give_back_halves, &halves[32]);
	for (uint32_t i = 1; !halves_last; i++) {
		halves_last = i == ROUNDS / 20 || long_enough(began);
		for (int n = 0; n < 64; n++) {
			halves[n] = net_buf_alloc(&halves_pool, K_NO_WAIT);
			zassert_not_null(halves[n], "round %u, buffer %d", i, n);
		}
		atomic32_store_release(&halves_round, i);
		spin_until(&halves_back, 2 * i);
	}
	join(0);
	join(1);
	zassert_equal(net_buf_pool_free_count(&halves_pool), 64);
}

static uint32_t no_more; /* comes to those places */

/* Give back what comes to a place of passed[], after a while that is different each time. */
static void give_back_each(void *place, void *unused1, void *unused2)
{
	struct net_buf **from = place;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (unsigned int i = 0;; i++) {
		struct net_buf *buf = NULL;
		bool over = false;

		for (unsigned int looks = 0; buf == NULL && !over; looks++) {
			rest(looks);
			over = atomic32_load_acquire(&no_more) != 0;
			buf = __atomic_exchange_n(from, NULL, __ATOMIC_ACQ_REL);
		}
		if (buf == NULL) {
			return;
		}
		for (volatile unsigned int spins = i % 256; spins > 0; spins--) {
		}
		net_buf_unref(buf);
	}
}

/* Wait for buffers while two threads give them back, now and then with a timeout that may pass just then. */
ZTEST(net_buf_ends, test_waited_for_while_they_come_back)
{
	int64_t began = k_uptime_get();

	no_more = 0;
	passed[0] = NULL;
	passed[1] = NULL;
	start(0, give_back_each, &passed[0]);
	start(1, give_back_each, &passed[1]);
	for (int i = 0; i < 2 * ROUNDS && !long_enough(began); i++) {
		struct net_buf *buf = NULL;

		if (i % 16 == 0) {
			buf = net_buf_alloc(&waited_pool, K_USEC(i / 16 % 16));
		}
		if (buf == NULL) {
			buf = net_buf_alloc(&waited_pool, K_SECONDS(20));
			zassert_not_null(buf, "round %d", i);
		}
		for (unsigned int looks = 0;
		     __atomic_load_n(&passed[i % 2], __ATOMIC_RELAXED) != NULL; looks++) {
			rest(looks);
		}
		__atomic_store_n(&passed[i % 2], buf, __ATOMIC_RELEASE);
	}
	atomic32_store_release(&no_more, 1);
	join(0);
	join(1);
	zassert_equal(net_buf_pool_free_count(&waited_pool), 2);
}

#ifdef Z_NET_BUF_POOL_ENDS

static void give_back_one(const void *unused)
{
	ARG_UNUSED(unused);
	net_buf_unref(passed[1]);
}

static void take_patiently(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	passed[0] = net_buf_alloc(&waited_pool, K_SECONDS(1));
}

/* What comes back between the look of one who finds nothing and the beginning of its wait. */
ZTEST(net_buf_ends, test_back_just_before_the_wait)
{
	struct net_buf *bufs[2];
	struct net_buf *back;
	k_spinlock_key_t other;
	k_spinlock_key_t key;

	for (int i = 0; i < 2; i++) {
		bufs[i] = net_buf_alloc(&waited_pool, K_NO_WAIT);
		zassert_not_null(bufs[i]);
	}
	passed[1] = bufs[0];
	passed[0] = NULL;
	irq_offload(give_back_one, NULL); /* an interrupt has not taken them: to the other end */
	/* It is not there yet, and nobody begins to wait, as long as that end is locked. */
	key = k_spin_lock(&waited_pool.back_lock);
	back = waited_pool.back;
	__atomic_store_n(&waited_pool.back, NULL, __ATOMIC_RELAXED);
	start(0, take_patiently, NULL);
	for (int held = 0; held < 50; held++) {
		k_busy_wait(1000);
		if (k_spin_trylock(&waited_pool.lock, &other) == 0) {
			k_spin_unlock(&waited_pool.lock, other);
			held = 0;
		}
	}
	__atomic_store_n(&waited_pool.back, back, __ATOMIC_RELAXED);
	k_spin_unlock(&waited_pool.back_lock, key);
	join(0);
	net_buf_unref(bufs[1]);
	zassert_not_null(back);
	zassert_equal_ptr(passed[0], back);
	net_buf_unref(passed[0]);
	zassert_equal(net_buf_pool_free_count(&waited_pool), 2);
}

#endif
