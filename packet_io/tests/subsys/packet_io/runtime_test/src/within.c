/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Connecting and disconnecting in the middle of a send, from its handlers.
 *
 * Each step of a scenario is taken when a certain mark is about to be traced for the first time.
 */
#include "packets.h"

#include <zephyr/packet_io/connection.h>

#define CONNECTIONS 4

PACKET_EVENT_QUEUE_DEFINE(within_events, 8);

static void acting_handler(struct packet_sink *sink, struct net_buf *buf);

PACKET_SOURCE_DEFINE(subject);
PACKET_SOURCE_DEFINE(subject_with_wire);
PACKET_SOURCE_DEFINE(bystander);
PACKET_SINK_DEFINE_WITH_DATA(wired_w, acting_handler, NULL, "w");
PACKET_CONNECT(&subject_with_wire, &wired_w);

PACKET_SINK_DEFINE_WITH_DATA(within_a, acting_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(within_b, acting_handler, NULL, "b");
PACKET_SINK_DEFINE_WITH_DATA(within_c, acting_handler, NULL, "c");
PACKET_SINK_DEFINE_WITH_DATA(within_d, acting_handler, NULL, "d");

static struct packet_connection conn[CONNECTIONS];
static struct packet_sink *const sinks[CONNECTIONS] = {&within_a, &within_b, &within_c, &within_d};

/* What to do when the handler of sink `at` runs, once. */
enum deed {
	NOTHING,
	ADD,
	REMOVE,
	REMOVE_AND_ADD,
	REMOVE_SYNC,
	SEND_AGAIN,
};

static struct step {
	char at;
	enum deed deed;
	int whom; /* index in conn */
	int result;
} steps[4];

static void act(struct step *step)
{
	enum deed deed = step->deed;

	step->deed = NOTHING;
	switch (deed) {
	case ADD:
		step->result = packet_connection_add(&conn[step->whom]);
		break;
	case REMOVE:
		step->result = packet_connection_remove(&conn[step->whom]);
		memset(&conn[step->whom].node, 0xff, sizeof(conn[step->whom].node));
		break;
	case REMOVE_AND_ADD:
		zassert_ok(packet_connection_remove(&conn[step->whom]));
		step->result = packet_connection_add(&conn[step->whom]);
		break;
	case REMOVE_SYNC:
		step->result = packet_connection_remove_sync(&conn[step->whom], K_FOREVER);
		break;
	case SEND_AGAIN:
		trace_add('(');
		step->result = packet_source_send_consume(conn[step->whom].source, packet_new(0),
							  K_NO_WAIT);
		trace_add(')');
		break;
	default:
		break;
	}
}

static void acting_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (steps[i].deed != NOTHING && steps[i].at == *(const char *)sink->user_data) {
			act(&steps[i]);
		}
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(steps, 0, sizeof(steps));
	memset(conn, 0, sizeof(conn));
	for (size_t i = 0; i < CONNECTIONS; i++) {
		conn[i].source = &subject;
		conn[i].sink = sinks[i];
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		(void)packet_connection_remove(&conn[i]);
	}
}

ZTEST_SUITE(packet_within, NULL, NULL, before, after, NULL);

static void connect_first(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		zassert_ok(packet_connection_add(&conn[i]));
	}
}

static int send_one(struct packet_source *src)
{
	return packet_source_send_consume(src, packet_new(0), K_NO_WAIT);
}

/* One send in which the steps are taken, then one that shows what is left. */
static void check_sends(const char *during, const char *afterwards)
{
	zassert_equal(send_one(&subject), (int)strlen(during));
	zassert_str_equal(trace(), during);
	trace_clear();
	zassert_equal(send_one(&subject), (int)strlen(afterwards));
	zassert_str_equal(trace(), afterwards);
}

/* ---- itself ----------------------------------------------------------------------------------- */

ZTEST(packet_within, test_only_one_removes_itself)
{
	connect_first(1);
	steps[0] = (struct step){'a', REMOVE, 0, 0};
	check_sends("a", "");
	zassert_ok(steps[0].result);
}

ZTEST(packet_within, test_first_removes_itself)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE, 0, 0};
	check_sends("abc", "bc");
}

ZTEST(packet_within, test_middle_removes_itself)
{
	connect_first(3);
	steps[0] = (struct step){'b', REMOVE, 1, 0};
	check_sends("abc", "ac");
}

ZTEST(packet_within, test_last_removes_itself)
{
	connect_first(3);
	steps[0] = (struct step){'c', REMOVE, 2, 0};
	check_sends("abc", "ab");
}

ZTEST(packet_within, test_all_remove_themselves)
{
	connect_first(4);
	for (int i = 0; i < 4; i++) {
		steps[i] = (struct step){(char)('a' + i), REMOVE, i, 0};
	}
	check_sends("abcd", "");
}

/* Connected again, it is a new connection: it belongs to the next packet. */
ZTEST(packet_within, test_reconnects_itself)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE_AND_ADD, 0, 0};
	check_sends("abc", "bca");
}

ZTEST(packet_within, test_last_reconnects_itself)
{
	connect_first(3);
	steps[0] = (struct step){'c', REMOVE_AND_ADD, 2, 0};
	check_sends("abc", "abc");
}

ZTEST(packet_within, test_all_reconnect_themselves)
{
	connect_first(4);
	for (int i = 0; i < 4; i++) {
		steps[i] = (struct step){(char)('a' + i), REMOVE_AND_ADD, i, 0};
	}
	check_sends("abcd", "abcd");
}

/* ---- neighbours ------------------------------------------------------------------------------- */

ZTEST(packet_within, test_removes_next)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE, 1, 0};
	check_sends("ac", "ac");
}

ZTEST(packet_within, test_removes_next_but_one)
{
	connect_first(4);
	steps[0] = (struct step){'a', REMOVE, 2, 0};
	check_sends("abd", "abd");
}

ZTEST(packet_within, test_removes_previous)
{
	connect_first(3);
	steps[0] = (struct step){'b', REMOVE, 0, 0};
	check_sends("abc", "bc");
}

ZTEST(packet_within, test_removes_last)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE, 2, 0};
	check_sends("ab", "ab");
}

ZTEST(packet_within, test_removes_all_behind)
{
	connect_first(4);
	steps[0] = (struct step){'a', REMOVE, 1, 0};
	steps[1] = (struct step){'a', REMOVE, 2, 0};
	steps[2] = (struct step){'a', REMOVE, 3, 0};
	check_sends("a", "a");
}

/* In the other order, the end of the walk moves to the front under it. */
ZTEST(packet_within, test_removes_all_behind_backwards)
{
	connect_first(4);
	steps[0] = (struct step){'a', REMOVE, 3, 0};
	steps[1] = (struct step){'a', REMOVE, 2, 0};
	steps[2] = (struct step){'a', REMOVE, 1, 0};
	check_sends("a", "a");
}

ZTEST(packet_within, test_removes_itself_and_next)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE, 0, 0};
	steps[1] = (struct step){'a', REMOVE, 1, 0};
	check_sends("ac", "c");
}

ZTEST(packet_within, test_reconnects_next)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE_AND_ADD, 1, 0};
	check_sends("ac", "acb");
}

ZTEST(packet_within, test_reconnects_last)
{
	connect_first(3);
	steps[0] = (struct step){'a', REMOVE_AND_ADD, 2, 0};
	check_sends("ab", "abc");
}

ZTEST(packet_within, test_reconnects_previous)
{
	connect_first(3);
	steps[0] = (struct step){'b', REMOVE_AND_ADD, 0, 0};
	check_sends("abc", "bca");
}

/* ---- new ones --------------------------------------------------------------------------------- */

ZTEST(packet_within, test_adds)
{
	connect_first(2);
	steps[0] = (struct step){'a', ADD, 2, 0};
	check_sends("ab", "abc");
	zassert_ok(steps[0].result);
}

ZTEST(packet_within, test_last_adds)
{
	connect_first(2);
	steps[0] = (struct step){'b', ADD, 2, 0};
	check_sends("ab", "abc");
}

/* The end of the walk goes, and what is new behind it stays unseen. */
ZTEST(packet_within, test_adds_and_removes_last)
{
	connect_first(2);
	steps[0] = (struct step){'a', ADD, 2, 0};
	steps[1] = (struct step){'a', REMOVE, 1, 0};
	check_sends("a", "ac");
}

ZTEST(packet_within, test_adds_and_removes_all_old)
{
	connect_first(2);
	steps[0] = (struct step){'a', ADD, 2, 0};
	steps[1] = (struct step){'a', REMOVE, 0, 0};
	steps[2] = (struct step){'a', REMOVE, 1, 0};
	steps[3] = (struct step){'a', ADD, 3, 0};
	check_sends("a", "cd");
}

/* A wired sink adds the first runtime connection: it belongs to the next packet. */
ZTEST(packet_within, test_wired_adds_first)
{
	conn[0].source = &subject_with_wire;
	steps[0] = (struct step){'w', ADD, 0, 0};
	zassert_equal(send_one(&subject_with_wire), 1);
	zassert_str_equal(trace(), "w");
	zassert_equal(send_one(&subject_with_wire), 2);
	zassert_str_equal(trace(), "wwa");
}

/* A wired sink removes the only runtime connection before its turn. */
ZTEST(packet_within, test_wired_removes_only)
{
	conn[0].source = &subject_with_wire;
	zassert_ok(packet_connection_add(&conn[0]));
	steps[0] = (struct step){'w', REMOVE, 0, 0};
	zassert_equal(send_one(&subject_with_wire), 1);
	zassert_str_equal(trace(), "w");
}

/* The event of the last wired sink is processed before the runtime connections have their turn. */
static void processing_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	zassert_equal(queue_drain(&within_events), 1);
}

PACKET_SOURCE_DEFINE(overtaken);
PACKET_SINK_DEFINE_WITH_DATA(overtaken_queued, trace_handler, &within_events_msgq, "q");
PACKET_SINK_DEFINE_WITH_DATA(overtaking, processing_handler, NULL, "p");
PACKET_CONNECT(&overtaken, &overtaken_queued);

ZTEST(packet_within, test_processed_before_the_end)
{
	struct net_buf *buf = packet_new(0);

	conn[0].source = &overtaken;
	conn[0].sink = &overtaking;
	conn[1].source = &overtaken;
	connect_first(2);
	zassert_equal(packet_source_send_consume(&overtaken, buf, K_NO_WAIT), 3);
	zassert_str_equal(trace(), "pqb");
	zassert_equal(buf->ref, 0);
}

/* ---- sends within sends: several walks over one list ------------------------------------------ */

ZTEST(packet_within, test_nested_send)
{
	connect_first(2);
	steps[0] = (struct step){'a', SEND_AGAIN, 0, 0};
	zassert_equal(send_one(&subject), 2);
	zassert_str_equal(trace(), "a(ab)b");
	zassert_equal(steps[0].result, 2);
}

/* The inner send's handler removes what the outer one comes to next, and where it stands. */
ZTEST(packet_within, test_inner_removes_next_of_outer)
{
	connect_first(3);
	steps[0] = (struct step){'a', SEND_AGAIN, 0, 0};
	steps[1] = (struct step){'b', REMOVE, 1, 0};
	zassert_equal(send_one(&subject), 2);
	zassert_str_equal(trace(), "a(abc)c");
}

ZTEST(packet_within, test_inner_removes_all)
{
	connect_first(3);
	steps[0] = (struct step){'b', SEND_AGAIN, 0, 0};
	steps[1] = (struct step){'c', REMOVE, 0, 0};
	steps[2] = (struct step){'c', REMOVE, 1, 0};
	steps[3] = (struct step){'c', REMOVE, 2, 0};
	zassert_equal(send_one(&subject), 2);
	zassert_str_equal(trace(), "ab(abc)");
}

/* What the inner send finds new, the outer one does not know. */
ZTEST(packet_within, test_inner_sees_more)
{
	connect_first(2);
	steps[0] = (struct step){'a', ADD, 2, 0};
	steps[1] = (struct step){'a', SEND_AGAIN, 0, 0};
	zassert_equal(send_one(&subject), 2);
	zassert_str_equal(trace(), "a(abc)b");
	zassert_equal(steps[1].result, 3);
}

/* ---- waiting for oneself ---------------------------------------------------------------------- */

ZTEST(packet_within, test_remove_sync_itself)
{
	connect_first(2);
	steps[0] = (struct step){'a', REMOVE_SYNC, 0, 0};
	check_sends("ab", "ab");
	zassert_equal(steps[0].result, -EDEADLK, "and nothing is removed");
}

ZTEST(packet_within, test_remove_sync_neighbour)
{
	connect_first(2);
	steps[0] = (struct step){'a', REMOVE_SYNC, 1, 0};
	check_sends("ab", "ab");
	zassert_equal(steps[0].result, -EDEADLK);
}

/* Deeper down it is the same thread still. */
ZTEST(packet_within, test_remove_sync_nested)
{
	connect_first(1);
	conn[1].source = &bystander;
	zassert_ok(packet_connection_add(&conn[1]));
	conn[2].source = &bystander;
	steps[0] = (struct step){'a', SEND_AGAIN, 1, 0};
	steps[1] = (struct step){'b', REMOVE_SYNC, 0, 0};
	zassert_equal(send_one(&subject), 1);
	zassert_str_equal(trace(), "a(b)");
	zassert_equal(steps[1].result, -EDEADLK);
}

/* In a handler of another source it is no problem, nor in one of a wired sink. */
ZTEST(packet_within, test_remove_sync_other_source)
{
	connect_first(1);
	conn[1].source = &bystander;
	zassert_ok(packet_connection_add(&conn[1]));
	steps[0] = (struct step){'a', REMOVE_SYNC, 1, 0};
	check_sends("a", "a");
	zassert_ok(steps[0].result);
	zassert_equal(send_one(&bystander), 0);
}

ZTEST(packet_within, test_remove_sync_in_wired)
{
	conn[0].source = &subject_with_wire;
	zassert_ok(packet_connection_add(&conn[0]));
	steps[0] = (struct step){'w', REMOVE_SYNC, 0, 0};
	zassert_equal(send_one(&subject_with_wire), 1);
	zassert_str_equal(trace(), "w");
	zassert_ok(steps[0].result);
}

/* ---- a handler that breaks the rule ----------------------------------------------------------- */

PACKET_SINK_DEFINE_IMMEDIATE(within_thief, trace_release_handler);

ZTEST(packet_within, test_thief)
{
	struct net_buf *buf;

	conn[1].sink = &within_thief;
	connect_first(3);
	buf = packet_new(0);
	zassert_equal(packet_source_send(&subject, buf, K_NO_WAIT), 2);
	zassert_equal(buf->ref, 0);
	zassert_equal(send_one(&subject), 2);
	zassert_str_equal(trace(), "aXaX");
}
