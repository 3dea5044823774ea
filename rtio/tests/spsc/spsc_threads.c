/* SPDX-License-Identifier: Apache-2.0 */
/** @file The ring between two threads. */
#include <zephyr/rtio/rtio_spsc.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

#define COUNT 20000U

RTIO_SPSC_DEFINE(between, uint32_t, 64);

static void produce(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < COUNT;) {
		uint32_t *element = rtio_spsc_acquire(&between);

		if (element == NULL) {
			k_yield();
			continue;
		}
		*element = i++;
		rtio_spsc_produce(&between);
	}
}

ZTEST(rtio_spsc, test_between_threads)
{
	crew_start(produce, NULL, NULL, NULL, 0);
	for (uint32_t i = 0; i < COUNT;) {
		const uint32_t *element = rtio_spsc_consume(&between);

		if (element == NULL) {
			k_yield();
			continue;
		}
		zassert_equal(*element, i);
		i++;
		rtio_spsc_release(&between);
	}
	crew_join();
}
