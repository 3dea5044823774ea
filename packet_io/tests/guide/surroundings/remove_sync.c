/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static bool closed;
static char capture_file;
static K_SEM_DEFINE(entered, 0, 1);

static void capture_close(void *file)
{
	zassert_equal_ptr(file, &capture_file);
	closed = true;
}

static void capture(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	k_sem_give(&entered);
	(void)k_msleep(20);
	zassert_false(closed, "closed under the handler");
}

PACKET_SOURCE_DEFINE(source);
PACKET_SINK_DEFINE_WITH_DATA(capture_sink, capture, NULL, &capture_file);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

#include "definitions.inc"

static void sender_thread(void)
{
	zassert_equal(send_bytes(&source, &pool, "x", 1), 1);
}

ZTEST(guide, test_remove_sync)
{
	static struct packet_connection conn = {.source = &source, .sink = &capture_sink};

	zassert_ok(packet_connection_add(&conn));
	start(sender_thread);
	zassert_ok(k_sem_take(&entered, K_SECONDS(10)));
	zassert_ok(stop_capture(&conn));
	zassert_true(closed);
	check_ended();
	zassert_equal(stop_capture(&conn), -ENOENT);
	check_all_home(&pool);
}
