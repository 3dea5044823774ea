/* SPDX-License-Identifier: Apache-2.0 */
#include "packets.h"

#include <zephyr/packet_io/inspect.h>

#define TRACE_MAX 160

NET_BUF_POOL_DEFINE(packet_pool, PACKETS_MAX, PACKET_SIZE, 4, NULL);

static char trace_marks[TRACE_MAX + 1];
static size_t trace_len;

struct net_buf *packet_new(uint8_t content)
{
	struct net_buf *buf = net_buf_alloc(&packet_pool, K_NO_WAIT);

	zassert_not_null(buf, "the test has used up its packets");
	(void)net_buf_add_u8(buf, content);
	return buf;
}

struct net_buf *packet_at_home(void)
{
	struct net_buf *buf = packet_new(0);

	net_buf_unref(buf);
	return buf;
}

void packet_keep(struct net_buf *buf)
{
	zassert_equal_ptr(net_buf_ref(buf), buf);
}

static bool pool_is_home(struct net_buf_pool *pool)
{
	struct net_buf *first = NULL;
	unsigned int count = 0;

	while (count < pool->buf_count) {
		struct net_buf *buf = net_buf_alloc_len(pool, 0, K_NO_WAIT);

		if (buf == NULL) {
			break;
		}
		buf->frags = first;
		first = buf;
		count++;
	}
	if (first != NULL) {
		net_buf_unref(first);
	}
	return count == pool->buf_count;
}

bool packets_all_home(void)
{
	bool home = true;

#ifdef CONFIG_PORT_BARE
	struct net_buf_pool *pool;

	for (int id = 0; (pool = net_buf_pool_get(id)) != NULL; id++) {
		home = pool_is_home(pool) && home;
	}
#else
	STRUCT_SECTION_FOREACH(net_buf_pool, pool) {
		home = pool_is_home(pool) && home;
	}
#endif
	return home;
}

void trace_add(char mark)
{
	zassert_true(trace_len < TRACE_MAX);
	trace_marks[trace_len++] = mark;
	trace_marks[trace_len] = '\0';
}

const char *trace(void)
{
	return trace_marks;
}

void trace_clear(void)
{
	trace_len = 0;
	trace_marks[0] = '\0';
}

void trace_handler(struct packet_sink *sink, struct net_buf *buf)
{
	zassert_not_null(buf);
	trace_add(*(const char *)sink->user_data);
}

void trace_packet_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	trace_add((char)buf->data[0]);
}

void trace_refs_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	trace_add((char)('0' + buf->ref));
}

void trace_release_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	trace_add('X');
	net_buf_unref(buf);
}

int queue_drain(struct packet_event_queue *queue)
{
	int count = 0;
	int ret;

	while ((ret = packet_event_process(queue, K_NO_WAIT)) == 0) {
		count++;
	}
	zassert_equal(ret, -EAGAIN);
	return count;
}

/* ---- statistics ------------------------------------------------------------------------------- */

#ifdef CONFIG_PACKET_IO_STATS

static bool pair_is(const char *what, uint32_t first, uint32_t first_wanted, uint32_t second,
		    uint32_t second_wanted)
{
	if (first == first_wanted && second == second_wanted) {
		return true;
	}
	TC_PRINT("%s: %u and %u instead of %u and %u\n", what, (unsigned int)first,
		 (unsigned int)second, (unsigned int)first_wanted, (unsigned int)second_wanted);
	return false;
}

bool source_counts_are(struct packet_source *src, uint32_t sent, uint32_t delivered)
{
	uint32_t send_count;
	uint32_t queued_total;

	packet_source_get_stats(src, &send_count, &queued_total);
	return pair_is("sent, delivered", send_count, sent, queued_total, delivered);
}

bool sink_counts_are(struct packet_sink *sink, uint32_t handled, uint32_t dropped)
{
	uint32_t handled_count;
	uint32_t dropped_count;

	packet_sink_get_stats(sink, &handled_count, &dropped_count);
	return pair_is("handled, dropped", handled_count, handled, dropped_count, dropped);
}

bool queue_count_is(struct packet_event_queue *queue, uint32_t processed)
{
	return pair_is("processed", (uint32_t)atomic_get(&queue->processed_count), processed, 0, 0);
}

static int reset_source(struct packet_source *src, void *user_data)
{
	ARG_UNUSED(user_data);
	packet_source_reset_stats(src);
	return 0;
}

static int reset_sink(struct packet_sink *sink, void *user_data)
{
	ARG_UNUSED(user_data);
	packet_sink_reset_stats(sink);
	if (sink->queue != NULL) {
		(void)atomic_clear(&sink->queue->processed_count);
	}
	return 0;
}

static void reset_counts(void)
{
	(void)packet_source_foreach(reset_source, NULL);
	(void)packet_sink_foreach(reset_sink, NULL);
}

#else

bool source_counts_are(struct packet_source *src, uint32_t sent, uint32_t delivered)
{
	ARG_UNUSED(src);
	ARG_UNUSED(sent);
	ARG_UNUSED(delivered);
	return true;
}

bool sink_counts_are(struct packet_sink *sink, uint32_t handled, uint32_t dropped)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(handled);
	ARG_UNUSED(dropped);
	return true;
}

bool queue_count_is(struct packet_event_queue *queue, uint32_t processed)
{
	ARG_UNUSED(queue);
	ARG_UNUSED(processed);
	return true;
}

static void reset_counts(void)
{
}

#endif /* CONFIG_PACKET_IO_STATS */

/* ---- the rule --------------------------------------------------------------------------------- */

static int source_is_quiet(struct packet_source *src, void *user_data)
{
	ARG_UNUSED(user_data);
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	zexpect_true(src->sinks.head == NULL || sys_dlist_is_empty(&src->sinks),
		     "%s: a connection was left", packet_source_name(src));
	zexpect_equal(src->runtime_count, 0, "%s: connections counted", packet_source_name(src));
	zexpect_is_null(src->senders, "%s: a delivery is under way", packet_source_name(src));
	zexpect_is_null(src->removers, "%s: somebody waits", packet_source_name(src));
#else
	ARG_UNUSED(src);
#endif
	return 0;
}

static void rule_before(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(test);
	ARG_UNUSED(fixture);
	trace_clear();
	reset_counts();
}

static void rule_after(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	(void)packet_source_foreach(source_is_quiet, NULL);
	zexpect_true(packets_all_home(), "%s: buffers were kept", test->name);
}

ZTEST_RULE(packets_quiet, rule_before, rule_after);
