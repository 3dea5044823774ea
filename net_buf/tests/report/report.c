/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is printed: misuse, in one line that names the buffer; with logging, empty pools. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/sys/printk.h>

#include "../support/capture.h"
#include "../support/misuse.h"

#define COUNT 3

NET_BUF_POOL_FIXED_DEFINE(reported_pool, COUNT, 8, 0, NULL);

ZTEST(net_buf_report, test_release_at_home_names_the_buffer)
{
	struct net_buf *bufs[COUNT];
	char which[40];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&reported_pool, K_NO_WAIT);
	}
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	for (int i = 0; i < COUNT; i++) {
		(void)snprintk(which, sizeof(which), "buffer %d of pool %u ", net_buf_id(bufs[i]),
			       reported_pool.id);
		capture_start();
		MISUSE(net_buf_unref(bufs[i]));
		capture_stop();
		zassert_equal(captured_lines_with(which, "released without a reference"), 1, "%s",
			      captured);
#ifdef CONFIG_NET_BUF_POOL_USAGE
		zassert_equal(captured_lines_with(which, "reported_pool"), 1, "%s", captured);
#endif
#ifdef CONFIG_NET_BUF_LOG
		zassert_equal(captured_lines_with(which, "names_the_buffer"), 1, "the caller: %s",
			      captured);
#endif
	}
}

ZTEST(net_buf_report, test_nothing_is_said_of_normal_life)
{
	struct net_buf *bufs[COUNT];

	capture_start();
	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&reported_pool, K_NO_WAIT);
	}
	zassert_is_null(net_buf_alloc(&reported_pool, K_NO_WAIT));
	bufs[0]->ref = NET_BUF_REF_MAX;
	zassert_is_null(net_buf_ref(bufs[0]));
	bufs[0]->ref = 1;
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	capture_stop();
	zassert_str_equal(captured, "");
}

#if defined(CONFIG_NET_BUF_LOG) && defined(CONFIG_MULTITHREADING)

static K_THREAD_STACK_DEFINE(stack, 65536);
static struct k_thread thread;

static void give_late(void *buf, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	k_sleep(K_MSEC(2500));
	net_buf_unref(buf);
}

/* One warning when the wait begins, one for each interval, one at its end. */
ZTEST(net_buf_report, test_low_on_buffers)
{
	struct net_buf *bufs[COUNT];

	BUILD_ASSERT(CONFIG_NET_BUF_WARN_ALLOC_INTERVAL == 1);
	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&reported_pool, K_NO_WAIT);
	}
	port_clock_virtual_start();
	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), give_late, bufs[0],
			      NULL, NULL, 5, 0, K_NO_WAIT);
	capture_start();
	zassert_equal_ptr(net_buf_alloc(&reported_pool, K_FOREVER), bufs[0]);
	capture_stop();
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	port_clock_virtual_stop();

	zassert_equal(captured_lines_with("<wrn> net_buf: ", "low on buffers"), 1, "%s", captured);
	for (int i = 0; i < 3; i++) {
		static const char *const blocked[] = {"blocked for 1000 ms", "blocked for 2000 ms",
						      "blocked for 2500 ms"};

		zassert_equal(captured_lines_with("test_low_on_buffers", blocked[i]), 1, "%s",
			      captured);
	}
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

#endif

#ifdef CONFIG_NET_BUF_LOG

/* Who was ready to wait, and got nothing, is named. */
ZTEST(net_buf_report, test_no_buffer_in_time)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&reported_pool, K_NO_WAIT);
	}
	capture_start();
	zassert_is_null(net_buf_alloc_len(&reported_pool, 5, K_USEC(1)));
	capture_stop();
	zassert_equal(captured_lines_with("test_no_buffer_in_time", "no buffer of 5 bytes"), 1,
		      "%s", captured);
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

#endif /* CONFIG_NET_BUF_LOG */

ZTEST_SUITE(net_buf_report, NULL, NULL, NULL, NULL, NULL);
