/* SPDX-License-Identifier: Apache-2.0 */

/** @file Tests on a platform with one thread, where the runner has no C library to jump with. */

#include "platform.h"

#include <zephyr/ztest.h>

#include <port/port.h>

static void *setup(void)
{
	static int fixture = 42;

	return &fixture;
}

static void after(void *fixture)
{
	/* What lives across the jump is whole: the runner's own variables, too. */
	zassert_equal(*(int *)fixture, 42);
	zassert_false(bare_masked());
	printk("after\n");
}

ZTEST_SUITE(bare, NULL, setup, NULL, after, NULL);

static uint64_t fail_deep(uint64_t depth)
{
	if (depth > 0) {
		return fail_deep(depth - 1) * 3U + depth;
	}
	zassert_unreachable("bottom");
	return 1;
}

ZTEST(bare, assert_deep)
{
	printk("%u\n", (unsigned int)fail_deep(20));
}

ZTEST(bare, assert_masked)
{
	(void)port_irq_lock();
	(void)port_irq_lock();
	zassert_true(false, "and nobody unlocks");
}

static void isr(void)
{
	zassert_true(false);
	printk("goes on\n");
}

ZTEST(bare, assert_in_isr)
{
	bare_interrupt(isr);
	printk("returned\n");
}

ZTEST(bare, assume)
{
	zassume_true(false);
}

ZTEST(bare, announced_assert)
{
	ztest_set_assert_valid(true);
	__ASSERT(false, "announced");
	printk("not reached\n");
}

ZTEST(bare, announced_fault)
{
	ztest_set_fault_valid(true);
	/* The board's fault handler makes the thread go on here. */
	ztest_fault(3, NULL);
}

ZTEST(bare, pass)
{
	ztest_test_pass();
	printk("not reached\n");
}

ZTEST_SUITE(end, NULL, NULL, NULL, NULL, NULL);

ZTEST(end, fault)
{
	ztest_fault(3, NULL);
}
