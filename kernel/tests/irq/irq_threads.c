/* SPDX-License-Identifier: Apache-2.0 */

/* Masking, where threads and ISRs run at the same time. */

#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <port/port.h>

#include "../support/crew.h"

#define ROUNDS 3000

static struct port_irq irq;
static uint32_t in_isr;  /* how often the routine ran; plain: guarded by masking */
static uint32_t guarded; /* likewise */

static void routine(void *arg)
{
	ARG_UNUSED(arg);
	in_isr++;
	guarded++;
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

ZTEST_SUITE(irq_threads, NULL, NULL, NULL, NULL, NULL);

ZTEST(irq_threads, test_mask_keeps_isr_out)
{
	irq = (struct port_irq){.routine = routine};
	in_isr = 0;
	for (int i = 0; i < 50; i++) {
		unsigned int outer = irq_lock();
		unsigned int inner = irq_lock();
		uint32_t before = in_isr;

		port_irq_raise(&irq);
		k_busy_wait(50);
		zassert_equal(in_isr, before);
		port_irq_raise(&irq); /* pending already */
		irq_unlock(inner);
		k_busy_wait(50);
		zassert_equal(in_isr, before, "the inner unlock has unmasked");
		irq_unlock(outer);
		/* Free to run now, once; and before what comes after it. */
		irq_offload(nothing, NULL);
		outer = irq_lock();
		zassert_equal(in_isr, before + 1);
		irq_unlock(outer);
	}
}

static void mask(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned int key = irq_lock();

		guarded++;
		irq_unlock(key);
		if (crew_random(&random) % 4 == 0) {
			port_irq_raise(&irq);
		}
	}
}

/* Threads that mask exclude each other and the ISR. */
ZTEST(irq_threads, test_mask_excludes_threads)
{
	irq = (struct port_irq){.routine = routine};
	in_isr = 0;
	guarded = 0;
	for (int i = 0; i < 4; i++) {
		crew_start(mask, NULL, NULL, NULL, 0);
	}
	crew_join();
	irq_offload(nothing, NULL);
	zassert_true(in_isr > 0);
	zassert_equal(guarded, 4 * ROUNDS + in_isr);
}

static uint32_t offloaded;

static void count_plain(const void *arg)
{
	ARG_UNUSED(arg);
	offloaded++; /* one routine at a time */
}

static void offload(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < ROUNDS / 4; i++) {
		irq_offload(count_plain, NULL);
		zassert_false(k_is_in_isr());
	}
}

ZTEST(irq_threads, test_offload_from_many_threads)
{
	offloaded = 0;
	for (int i = 0; i < 4; i++) {
		crew_start(offload, NULL, NULL, NULL, 0);
	}
	crew_join();
	zassert_equal(offloaded, ROUNDS);
}
