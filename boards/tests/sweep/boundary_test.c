/* SPDX-License-Identifier: Apache-2.0 */

/* The instrument itself: interrupts come where they are wanted. */

#include <zephyr/ztest.h>

#include <port_mask.h>

#include "boundary.h"

static uint32_t came;

static void *setup(void)
{
	boundary_calibrate();
	return NULL;
}

ZTEST_SUITE(boundary, NULL, setup, NULL, NULL, NULL);

static void isr(void)
{
	zassert_true(k_is_in_isr());
	came++;
}

/* An address without what tells Thumb from other code. */
static uintptr_t address(boundary_routine_t run)
{
#ifdef CONFIG_PORT_CORTEX_M
	return (uintptr_t)run & ~(uintptr_t)1;
#else
	return (uintptr_t)run;
#endif
}

#ifdef CONFIG_PORT_CORTEX_M
#define RETURN "bx lr"
#define MASK "cpsid i\n\t"
#define UNMASK "movs r0, #0\n\tmsr primask, r0\n\t"
#else
#define RETURN "ret"
#define MASK "csrrci a0, mstatus, 8\n\t"
#define UNMASK "li a0, 8\n\tcsrs mstatus, a0\n\t"
#endif

__attribute__((naked, aligned(4))) static void straight(void)
{
	__asm__ volatile(".rept 50\n\tnop\n\t.endr\n\t" RETURN);
}

ZTEST(boundary, test_every_place_is_hit)
{
	uint32_t count = boundary_count(straight);
	uintptr_t pc = address(straight);

	zassert_equal(count, 51);
	came = 0;
	for (unsigned int n = 0; n <= count; n++) {
		struct boundary_hit hit = boundary_run(straight, n, isr);

		zassert_true(hit.hit);
		zexpect_equal(hit.entered, n, "at %u", n);
		zexpect_equal(hit.pc, pc);
		pc = n + 1 < count ? boundary_next(pc) : boundary_end();
	}
	zassert_equal(came, count + 1);
}

/* Behind 1 instruction 1 + 5 + 2, of which 7 run masked. */
__attribute__((naked, aligned(4))) static void masked(void)
{
	__asm__ volatile("nop\n\t" MASK ".rept 5\n\tnop\n\t.endr\n\t" UNMASK "nop\n\t" RETURN);
}

ZTEST(boundary, test_masked_instructions_are_counted)
{
	uint32_t count = boundary_count(masked);

	zassert_equal(count, 11);
	for (unsigned int n = 0; n <= count; n++) {
		struct boundary_hit hit = boundary_run(masked, n, isr);
		zassert_equal(hit.entered, n >= 2 && n < 9 ? 9 : n, "at %u", n);
		zassert_equal(boundary_unmasked(hit.pc), hit.entered == 9);
		zassert_equal(boundary_masks(hit.pc), n == 1);
	}
}

ZTEST(boundary, test_one_that_comes_too_late_does_not_come)
{
	came = 0;
	zassert_false(boundary_run(straight, 1000, isr).hit);
	for (int i = 0; i < 10; i++) {
		zassert_equal(boundary_count(straight), 51);
	}
	zassert_equal(came, 0);
}
