/* SPDX-License-Identifier: Apache-2.0 */
/** @file Every call in an ISR; and where allocating must not wait, whatever its timeout says. */
#include <zephyr/irq_offload.h>

#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;
static bool passed;

static void in_isr(irq_offload_routine_t routine)
{
	passed = false;
	irq_offload(routine, NULL);
	zassert_true(passed);
}

static void whole_life(const void *arg)
{
	const union mpsc_pbuf_generic *packets[4];
	uint32_t words[3] = {0};
	uint32_t size;
	uint32_t now;
	uint32_t max;

	ARG_UNUSED(arg);
	packet_fill((union mpsc_pbuf_generic *)(void *)words, 3, 3);
	if (!packet_put(&buffer, 5, 1) || mpsc_pbuf_put_word(&buffer, packet_header(1, 2)) != 0 ||
	    mpsc_pbuf_put_data(&buffer, words, 3) != 0 ||
	    mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, 4), NULL) != 0 ||
	    !mpsc_pbuf_is_pending(&buffer) || mpsc_pbuf_claim_batch(&buffer, packets, 3) != 3) {
		return;
	}
	packets[3] = mpsc_pbuf_claim_wait(&buffer, K_NO_WAIT);
	passed = packet_is(packets[0], 5, 1) && packet_is(packets[1], 1, 2) &&
		 packet_is(packets[2], 3, 3) && packets[3] != NULL &&
		 mpsc_pbuf_claim(&buffer) == NULL;
	mpsc_pbuf_get_utilization(&buffer, &size, &now);
	passed = passed && now >= (9 + EXT_WLEN) * sizeof(uint32_t) &&
		 mpsc_pbuf_get_max_utilization(&buffer, &max) == 0 && max >= now;
	for (int i = 0; i < 4; i++) {
		mpsc_pbuf_free(&buffer, packets[3 - i]);
	}
}

ZTEST(mpsc_pbuf_irq, test_whole_life)
{
	for (uint32_t flags = 0; flags <= MPSC_PBUF_MODE_OVERWRITE;
	     flags += MPSC_PBUF_MODE_OVERWRITE) {
		buffer_init(&buffer, 16, flags | MPSC_PBUF_MAX_UTILIZATION);
		for (int i = 0; i < 50; i++) {
			in_isr(whole_life);
		}
		buffer_check_whole(&buffer);
	}
}

/* Allocated in a thread, overtaken by an ISR; and the other way round. */
static union mpsc_pbuf_generic *of_isr;

static void put_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	passed = packet_put(&buffer, 3, 2);
}

static void alloc_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	of_isr = mpsc_pbuf_alloc(&buffer, 3, K_NO_WAIT);
	passed = of_isr != NULL;
}

static void commit_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	packet_fill(of_isr, 3, 3);
	mpsc_pbuf_commit(&buffer, of_isr);
	passed = true;
}

ZTEST(mpsc_pbuf_irq, test_overtaken)
{
	union mpsc_pbuf_generic *packet;

	buffer_init(&buffer, 16, 0);
	packet = mpsc_pbuf_alloc(&buffer, 3, K_NO_WAIT);
	in_isr(put_in_isr);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	packet_fill(packet, 3, 1);
	mpsc_pbuf_commit(&buffer, packet);
	packet_expect(&buffer, 3, 1);
	packet_expect(&buffer, 3, 2);

	in_isr(alloc_in_isr);
	zassert_true(packet_put(&buffer, 3, 4));
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	in_isr(commit_in_isr);
	packet_expect(&buffer, 3, 3);
	packet_expect(&buffer, 3, 4);
	buffer_check_whole(&buffer);
}

/* Claimed in the thread, freed in an ISR. */
static const union mpsc_pbuf_generic *claimed;

static void free_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	mpsc_pbuf_free(&buffer, claimed);
	passed = true;
}

ZTEST(mpsc_pbuf_irq, test_freed_in_isr)
{
	buffer_init(&buffer, 16, 0);
	for (uint32_t i = 0; i < 10; i++) {
		zassert_true(packet_put(&buffer, 7, i));
		claimed = mpsc_pbuf_claim(&buffer);
		zassert_true(packet_is(claimed, 7, i));
		in_isr(free_in_isr);
	}
	buffer_check_whole(&buffer);
}

/* ---- never waits ----------------------------------------------------------------------------- */

static void alloc_for_ever(const void *arg)
{
	ARG_UNUSED(arg);
	of_isr = mpsc_pbuf_alloc(&buffer, 16, K_FOREVER);
	passed = true;
}

static void full(uint32_t flags)
{
	buffer_init(&buffer, 16, flags);
	zassert_true(packet_put(&buffer, 16, 1));
}

ZTEST(mpsc_pbuf_irq, test_isr_does_not_wait)
{
	full(0);
	in_isr(alloc_for_ever);
	zassert_is_null(of_isr);
	full(MPSC_PBUF_MODE_OVERWRITE);
	in_isr(alloc_for_ever);
	zassert_not_null(of_isr);
	DROPPED(1);
}

ZTEST(mpsc_pbuf_irq, test_masked_does_not_wait)
{
	unsigned int key;

	full(0);
	key = irq_lock();
	of_isr = mpsc_pbuf_alloc(&buffer, 1, K_FOREVER);
	claimed = mpsc_pbuf_claim_wait(&buffer, K_FOREVER);
	irq_unlock(key);
	zassert_is_null(of_isr);
	zassert_true(packet_is(claimed, 16, 1));
	key = irq_lock();
	zassert_is_null(mpsc_pbuf_claim_wait(&buffer, K_FOREVER));
	irq_unlock(key);

	full(MPSC_PBUF_MODE_OVERWRITE);
	key = irq_lock();
	of_isr = mpsc_pbuf_alloc(&buffer, 1, K_FOREVER);
	irq_unlock(key);
	zassert_not_null(of_isr);
	DROPPED(1);
}

static struct k_spinlock lock;

ZTEST(mpsc_pbuf_irq, test_spinlock_does_not_wait)
{
	k_spinlock_key_t key;
	k_spinlock_key_t inner;
	static struct k_spinlock other;

	full(0);
	key = k_spin_lock(&lock);
	of_isr = mpsc_pbuf_alloc(&buffer, 1, K_MSEC(10));
	k_spin_unlock(&lock, key);
	zassert_is_null(of_isr);

	zassert_ok(k_spin_trylock(&lock, &key));
	inner = k_spin_lock(&other);
	k_spin_unlock(&other, inner);
	of_isr = mpsc_pbuf_alloc(&buffer, 1, K_FOREVER);
	k_spin_unlock(&lock, key);
	zassert_is_null(of_isr);

	full(MPSC_PBUF_MODE_OVERWRITE);
	key = k_spin_lock(&lock);
	of_isr = mpsc_pbuf_alloc(&buffer, 1, K_FOREVER);
	k_spin_unlock(&lock, key);
	zassert_not_null(of_isr);
	DROPPED(1);
}

/* With nothing in the way it does wait, and drops nothing: the time passes. */
ZTEST(mpsc_pbuf_irq, test_otherwise_it_waits)
{
	for (uint32_t flags = 0; flags <= MPSC_PBUF_MODE_OVERWRITE;
	     flags += MPSC_PBUF_MODE_OVERWRITE) {
		int64_t start;

		full(flags);
		start = k_uptime_get();
		zassert_is_null(mpsc_pbuf_alloc(&buffer, 1, K_MSEC(5)));
		zassert_true(k_uptime_get() - start >= 5);
		zassert_equal(drop_count, 0);
		packet_expect(&buffer, 16, 1);
		start = k_uptime_get();
		zassert_is_null(mpsc_pbuf_claim_wait(&buffer, K_MSEC(5)));
		zassert_true(k_uptime_get() - start >= 5);
		buffer_check_whole(&buffer);
	}
}

ZTEST_SUITE(mpsc_pbuf_irq, NULL, NULL, NULL, NULL, NULL);
