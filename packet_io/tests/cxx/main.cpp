/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packet I/O from C++: every definition macro, both overloads, wiring across languages. */
#include <zephyr/ztest.h>
#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/connection.h>
#include <zephyr/packet_io/deliver.h>
#include <zephyr/packet_io/inspect.h>

#include "wiring.h"

NET_BUF_POOL_DEFINE(pool, 4, 16, 4, NULL);

namespace
{

int handled;
int data_of_sinks[3];

void count(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

void count_in_data(struct packet_sink *sink, struct net_buf *buf)
{
	*static_cast<int *>(sink->user_data) += buf->len;
}

struct net_buf *packet()
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	net_buf_add_u8(buf, 1);
	return buf;
}

/* All buffers are at home after each test: all can be had. */
void check_home(const struct ztest_unit_test *, void *)
{
	struct net_buf *bufs[4];

	for (struct net_buf *&buf : bufs) {
		buf = net_buf_alloc(&pool, K_NO_WAIT);
		zassert_not_null(buf, "a buffer is missing");
	}
	for (struct net_buf *buf : bufs) {
		net_buf_unref(buf);
	}
}

} /* namespace */

PACKET_SOURCE_DEFINE(cxx_source);
PACKET_EVENT_QUEUE_DEFINE(cxx_queue, 4);
PACKET_SINK_DEFINE_QUEUED(cxx_sink, count, cxx_queue);
PACKET_CONNECT(&c_source, &cxx_sink);

namespace app
{

PACKET_SOURCE_DEFINE(source);
static PACKET_SINK_DEFINE_IMMEDIATE(immediate, count);
PACKET_SINK_DEFINE_IMMEDIATE(lambda,
			     [](struct packet_sink *, struct net_buf *) { handled += 100; });
PACKET_SINK_DEFINE_WITH_DATA(with_nullptr, count_in_data, nullptr, &data_of_sinks[0]);
PACKET_SINK_DEFINE_WITH_DATA(with_null, count_in_data, NULL, &data_of_sinks[1]);
PACKET_SINK_DEFINE_WITH_DATA(with_msgq, count_in_data, &cxx_queue_msgq, &data_of_sinks[2]);

PACKET_CONNECT(&source, &immediate);
PACKET_SOURCE_CONNECT(source, lambda);
PACKET_SOURCE_CONNECT(source, with_nullptr);
PACKET_SOURCE_CONNECT(source, with_null);
PACKET_SOURCE_CONNECT(source, with_msgq);

} /* namespace app */

ZTEST(cxx, test_modes)
{
	zassert_equal(app::immediate.mode, SINK_MODE_IMMEDIATE);
	zassert_equal(app::with_nullptr.mode, SINK_MODE_IMMEDIATE);
	zassert_equal(app::with_null.mode, SINK_MODE_IMMEDIATE);
	zassert_equal(app::with_msgq.mode, SINK_MODE_QUEUED);
	zassert_equal(cxx_sink.mode, SINK_MODE_QUEUED);
	zassert_equal_ptr(cxx_sink.msgq, cxx_queue.msgq);
}

ZTEST(cxx, test_every_definition)
{
	handled = 0;
	zassert_equal(packet_source_send_consume(&app::source, packet(), K_NO_WAIT), 6);
	zassert_equal(handled, 101);
	zassert_equal(data_of_sinks[0], 1);
	zassert_equal(data_of_sinks[1], 1);
	zassert_equal(data_of_sinks[2], 0);
	zassert_ok(packet_event_process(&cxx_queue, K_NO_WAIT));
	zassert_equal(data_of_sinks[2], 1);
}

ZTEST(cxx, test_overloads)
{
	struct packet_event_queue *no_queue = nullptr;
	struct packet_sink *no_sink = nullptr;

	handled = 0;
	zassert_ok(packet_sink_deliver_consume(&cxx_sink, packet(), K_NO_WAIT));
	zassert_ok(packet_sink_deliver_consume(&cxx_sink, packet(), K_NO_WAIT));
	zassert_ok(packet_event_process(&cxx_queue, K_NO_WAIT));
	zassert_ok(packet_event_process(&cxx_sink, K_NO_WAIT));
	zassert_equal(handled, 2);
	zassert_equal(packet_event_process(&cxx_queue, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process(&cxx_sink, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process(nullptr, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_event_process(no_queue, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_event_process(no_sink, K_NO_WAIT), -EINVAL);
}

ZTEST(cxx, test_across_languages)
{
	handled = 0;
	c_handled = 0;
	zassert_equal(packet_source_send_consume(&c_source, packet(), K_NO_WAIT), 1);
	zassert_equal(packet_source_send_consume(&cxx_source, packet(), K_NO_WAIT), 2);
	zassert_equal(packet_event_process_batch(&cxx_queue, 4, K_NO_WAIT), 2);
	zassert_ok(packet_event_process(&c_queue, K_NO_WAIT));
	zassert_equal(handled, 1);
	zassert_equal(c_handled, 2);
}

/* A sink with members of its own; made ready by the suite. */
struct summing_sink : packet_sink {
	int sum;
};

static summing_sink summing;
PACKET_CONNECT(&app::source, &summing);

static void *setup()
{
	summing.mode = SINK_MODE_IMMEDIATE;
	summing.handler = [](struct packet_sink *sink, struct net_buf *buf) {
		static_cast<summing_sink *>(sink)->sum += buf->data[0];
	};
	return NULL;
}

ZTEST(cxx, test_derived_sink)
{
	struct net_buf *buf = packet();

	summing.sum = 0;
	zassert_ok(packet_sink_deliver(&summing, buf, K_NO_WAIT));
	zassert_equal(summing.sum, 1);
	net_buf_unref(buf);
}

#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
ZTEST(cxx, test_runtime_connection)
{
	static struct packet_connection conn;

	conn.source = &c_source;
	conn.sink = &summing;
	summing.sum = 0;
	zassert_ok(packet_connection_add(&conn));
	zassert_equal(packet_source_send_consume(&c_source, packet(), K_NO_WAIT), 2);
	zassert_ok(packet_event_process(&cxx_sink, K_NO_WAIT));
	zassert_equal(summing.sum, 1);
	zassert_ok(packet_connection_remove_sync(&conn, K_FOREVER));
}
#endif

#ifdef CONFIG_PACKET_IO_STATS
ZTEST(cxx, test_statistics)
{
	uint32_t sent;
	uint32_t handled_count;

	packet_source_reset_stats(&c_source);
	packet_sink_reset_stats(&cxx_sink);
	zassert_equal(packet_source_send_consume(&c_source, packet(), K_NO_WAIT), 1);
	zassert_ok(packet_event_process(&cxx_sink, K_NO_WAIT));
	packet_source_get_stats(&c_source, &sent, nullptr);
	packet_sink_get_stats(&cxx_sink, &handled_count, nullptr);
	zassert_equal(sent, 1);
	zassert_equal(handled_count, 1);
	zassert_equal(atomic_get(&c_source.send_count), 1);
}
#endif

ZTEST(cxx, test_names)
{
	bool named = IS_ENABLED(CONFIG_PACKET_IO_NAMES);

	zassert_str_equal(packet_source_name(&app::source), named ? "source" : "?");
	zassert_str_equal(packet_sink_name(&cxx_sink), named ? "cxx_sink" : "?");
	zassert_str_equal(packet_event_queue_name(&cxx_queue), named ? "cxx_queue" : "?");
}

ZTEST_RULE(buffers_home, NULL, check_home);
ZTEST_SUITE(cxx, NULL, setup, NULL, NULL, NULL);
