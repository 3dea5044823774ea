/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A timeout in an ISR: broken code, which an assertion tells; with assertions off, and behind one
 * that let it pass, the call does not wait.
 */
#include "scene.h"

#include <zephyr/irq_offload.h>

static int result;

static void before(void *fixture)
{
	result = 1;
	scene_before(fixture);
}

ZTEST_SUITE(packet_isr_timeout, NULL, NULL, before, scene_after, NULL);

static void isr_send(const void *arg)
{
	ztest_set_assert_valid(true);
	result = packet_source_send_consume(&to_one, (struct net_buf *)(uintptr_t)arg, K_FOREVER);
}

ZTEST(packet_isr_timeout, test_send)
{
	scene_begin("a", NO_STEPS);
	irq_offload(isr_send, packet_new('p'));
	zassert_equal(result, 0);
	zassert_equal(scene_elapsed(), 0);
	scene_end();
	zassert_str_equal(trace(), "af");
	zassert_true(sink_counts_are(sinks[0], 1, 1));
}

static void isr_process(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	result = packet_event_process(queues[0], K_MSEC(10));
}

ZTEST(packet_isr_timeout, test_process)
{
	scene_begin("", NO_STEPS);
	irq_offload(isr_process, NULL);
	zassert_equal(result, -EAGAIN);
	zassert_equal(scene_elapsed(), 0);
	scene_end();
}
