/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Rewiring at random, from handlers, in sends within sends, against a model that is as simple as the
 * contract: a send visits what was connected when it began, in that order, unless it was removed
 * meanwhile; what is connected again is something new.
 */
#include "packets.h"

#define CONNECTIONS 5
#define DEPTH_MAX   3
#define ROUNDS      3000

PACKET_SOURCE_DEFINE(modelled);

static struct packet_sink sinks[CONNECTIONS];
static struct packet_connection conn[CONNECTIONS];

/* The list: which connection, and which of its lives this is. */
struct link {
	uint8_t conn;
	uint32_t life;
};

static struct link list[CONNECTIONS];
static size_t list_len;
static uint32_t lives;

/* A send under way: what it began with, and how much of that it has come past. */
struct walk {
	struct link links[CONNECTIONS];
	size_t len;
	size_t next;
	int visited;
};

static struct walk walks[DEPTH_MAX + 1];
static size_t depth;
static struct net_buf *packet;
static uint32_t random_state;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 16) % below;
}

static bool is_listed(struct link link)
{
	for (size_t i = 0; i < list_len; i++) {
		if (list[i].life == link.life) {
			return true;
		}
	}
	return false;
}

/* @return where @p c is in the list, list_len if it is not. */
static size_t position(size_t c)
{
	size_t i = 0;

	while (i < list_len && list[i].conn != c) {
		i++;
	}
	return i;
}

static void add(size_t c)
{
	bool listed = position(c) < list_len;

	zassert_equal(packet_connection_add(&conn[c]), listed ? -EBUSY : 0);
	if (!listed) {
		list[list_len++] = (struct link){(uint8_t)c, ++lives};
	}
}

static void take_out(size_t c)
{
	size_t i = position(c);

	zassert_equal(packet_connection_remove(&conn[c]), i < list_len ? 0 : -ENOENT);
	if (i < list_len) {
		list_len--;
		for (; i < list_len; i++) {
			list[i] = list[i + 1];
		}
	}
}

/* Move @p walk to what it should visit next. @return whether there is something. */
static bool walk_on(struct walk *walk)
{
	while (walk->next < walk->len && !is_listed(walk->links[walk->next])) {
		walk->next++;
	}
	return walk->next < walk->len;
}

static void send_one(void)
{
	struct walk *walk = &walks[depth++];

	memcpy(walk->links, list, sizeof(list));
	walk->len = list_len;
	walk->next = 0;
	walk->visited = 0;
	zassert_equal(packet_source_send(&modelled, packet, K_NO_WAIT), walk->visited);
	zassert_false(walk_on(walk), "a connection was left out");
	depth--;
}

static void act(void)
{
	switch (pick(8)) {
	case 0:
	case 1:
		add(pick(CONNECTIONS));
		break;
	case 2:
	case 3:
		take_out(pick(CONNECTIONS));
		break;
	case 4:
		if (depth < DEPTH_MAX) {
			send_one();
		}
		break;
	default:
		break;
	}
}

static void model_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct walk *walk = &walks[depth - 1];

	zassert_equal_ptr(buf, packet);
	zassert_true(walk_on(walk), "a connection too many");
	zassert_equal(walk->links[walk->next].conn, (uint8_t)(sink - sinks));
	walk->next++;
	walk->visited++;
	act();
	act();
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(conn, 0, sizeof(conn));
	for (size_t i = 0; i < CONNECTIONS; i++) {
		sinks[i] = (struct packet_sink){
			.mode = SINK_MODE_IMMEDIATE,
			.handler = model_handler,
		};
		conn[i].source = &modelled;
		conn[i].sink = &sinks[i];
	}
	list_len = 0;
	depth = 0;
	packet = packet_new(0);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		(void)packet_connection_remove(&conn[i]);
	}
	net_buf_unref(packet);
}

ZTEST_SUITE(packet_model, NULL, NULL, before, after, NULL);

ZTEST(packet_model, test_random)
{
	random_state = 1;
	for (int round = 0; round < ROUNDS; round++) {
		add(pick(CONNECTIONS));
		add(pick(CONNECTIONS));
		send_one();
		take_out(pick(CONNECTIONS));
	}
}
