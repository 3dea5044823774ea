/* SPDX-License-Identifier: Apache-2.0 */

/** @file Tests that do not end. */

#include <zephyr/ztest.h>

#include <unistd.h>

static bool after_hangs;

static void hang_after(void *fixture)
{
	ARG_UNUSED(fixture);
	while (after_hangs) {
		(void)pause();
	}
}

ZTEST_SUITE(hang, NULL, NULL, NULL, hang_after, NULL);

ZTEST(hang, a_passes)
{
}

ZTEST(hang, asleep)
{
	for (;;) {
		(void)pause();
	}
}

ZTEST(hang, awake)
{
	for (volatile unsigned int i = 0;; i++) {
	}
}

ZTEST(hang, in_after)
{
	after_hangs = true;
}

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_thread thread;
static volatile bool go_on;

static void fail_thread(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_true(false, "and never wakes the test");
	go_on = true;
}

ZTEST(hang, on_failed_thread)
{
	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), fail_thread, NULL, NULL,
			      NULL, 0, 0, K_NO_WAIT);
	while (!go_on) {
		(void)pause();
	}
}
