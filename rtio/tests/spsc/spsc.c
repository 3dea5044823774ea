/* SPDX-License-Identifier: Apache-2.0 */
/** @file The ring for one producer and one consumer. */
#include <zephyr/rtio/rtio_spsc.h>
#include <zephyr/ztest.h>

/* A ring with a free place gives it, one with an entry gives that: the analyzer cannot know. */
/* NOLINTBEGIN(clang-analyzer-core.NullDereference) */
RTIO_SPSC_DEFINE(ring, uint32_t, 4);
RTIO_SPSC_DEFINE(single, uint32_t, 1);

ZTEST_SUITE(rtio_spsc, NULL, NULL, NULL, NULL, NULL);

ZTEST(rtio_spsc, test_size_one)
{
	uint32_t *a = rtio_spsc_acquire(&single);

	zassert_not_null(a);
	zassert_is_null(rtio_spsc_acquire(&single));
	zassert_is_null(rtio_spsc_consume(&single));
	*a = 7;
	rtio_spsc_produce(&single);
	rtio_spsc_produce(&single);
	zassert_equal(rtio_spsc_consumable(&single), 1);
	zassert_equal(*rtio_spsc_peek(&single), 7);
	zassert_equal(*rtio_spsc_consume(&single), 7);
	zassert_is_null(rtio_spsc_consume(&single));
	zassert_is_null(rtio_spsc_acquire(&single), "taken until released");
	rtio_spsc_release(&single);
	rtio_spsc_release(&single);
	zassert_not_null(rtio_spsc_acquire(&single));
	rtio_spsc_drop_all(&single);
	zassert_equal(rtio_spsc_acquirable(&single), 1);
}

/* Around the ring, and with counts that wrap. */
ZTEST(rtio_spsc, test_wrap)
{
	ring._spsc.in = UINT32_MAX - 5;
	ring._spsc.out = UINT32_MAX - 5;
	for (uint32_t round = 0; round < 10; round++) {
		for (uint32_t i = 0; i < 3; i++) {
			*rtio_spsc_acquire(&ring) = round * 3 + i;
		}
		zassert_equal(rtio_spsc_acquirable(&ring), 1);
		rtio_spsc_produce_all(&ring);
		zassert_equal(rtio_spsc_consumable(&ring), 3);
		for (uint32_t i = 0; i < 3; i++) {
			zassert_equal(*rtio_spsc_consume(&ring), round * 3 + i);
		}
		zassert_is_null(rtio_spsc_consume(&ring));
		rtio_spsc_release_all(&ring);
	}
	zassert_equal(rtio_spsc_size(&ring), 4);
	rtio_spsc_reset(&ring);
}

ZTEST(rtio_spsc, test_next_and_prev)
{
	uint32_t *first;
	uint32_t *second;

	*rtio_spsc_acquire(&ring) = 1;
	*rtio_spsc_acquire(&ring) = 2;
	rtio_spsc_produce_all(&ring);
	first = rtio_spsc_peek(&ring);
	second = rtio_spsc_next(&ring, first);
	zassert_equal(*second, 2);
	zassert_is_null(rtio_spsc_next(&ring, second));
	zassert_equal_ptr(rtio_spsc_prev(&ring, second), first);
	zassert_is_null(rtio_spsc_prev(&ring, first));
	rtio_spsc_reset(&ring);
}

/* NOLINTEND(clang-analyzer-core.NullDereference) */
