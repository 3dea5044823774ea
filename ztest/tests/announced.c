/* SPDX-License-Identifier: Apache-2.0 */

/** @file Assertions and faults, announced and not. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <sys/mman.h>

static void *map_page(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	zassert_true(page != MAP_FAILED);
	return page;
}

ZTEST_SUITE(announced, NULL, map_page, NULL, NULL, NULL);

ZTEST(announced, assert)
{
	ztest_set_assert_valid(true);
	__ASSERT(false, "number %d", 1);
	printk("not reached\n");
}

ZTEST(announced, assert_did_not_happen)
{
	ztest_set_assert_valid(true);
}

ZTEST(announced, assert_taken_back)
{
	ztest_set_assert_valid(true);
	ztest_set_assert_valid(false);
}

static void isr_assert(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	__ASSERT_NO_MSG(false);
	printk("goes on\n");
}

ZTEST(announced, assert_in_isr)
{
	irq_offload(isr_assert, NULL);
	printk("returned\n");
}

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_thread thread;

static void thread_assert(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	ztest_set_assert_valid(true);
	__ASSERT_NO_MSG(false);
	printk("not reached\n");
}

ZTEST(announced, assert_in_thread)
{
	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), thread_assert, NULL,
			      NULL, NULL, 0, 0, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	printk("joined\n");
}

ZTEST_P(announced, fault)
{
	ztest_set_fault_valid(true);
	*(volatile char *)data = 1;
	printk("not reached\n");
}

/* Nothing of the first may be left that disturbs a second: signal masks, stacks. */
ZTEST_P(announced, fault_again)
{
	ztest_set_fault_valid(true);
	*(volatile char *)data = 1;
	printk("not reached\n");
}

ZTEST(announced, fault_did_not_happen)
{
	ztest_set_fault_valid(true);
}

ZTEST_SUITE(surprise, NULL, NULL, NULL, NULL, NULL);

/* One announcement is for one assertion. */
ZTEST(surprise, second_assert)
{
	ztest_set_assert_valid(true);
	irq_offload(isr_assert, NULL);
	__ASSERT(false, "the second");
	printk("not reached\n");
}
