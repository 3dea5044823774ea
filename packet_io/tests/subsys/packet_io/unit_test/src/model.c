/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Sinks of every kind and in every state at random, against a model that serves one after the other:
 * who gets the packet, what is dropped, how many references there are.
 */
#include "packets.h"

#define SINKS  6
#define ROUNDS 4000

PACKET_EVENT_QUEUE_DEFINE(model_narrow, 2);
PACKET_EVENT_QUEUE_DEFINE(model_wide, 4);

PACKET_SOURCE_DEFINE(modelled);

static struct packet_sink sinks[SINKS];

PACKET_CONNECT(&modelled, &sinks[0]);
PACKET_CONNECT(&modelled, &sinks[1]);
PACKET_CONNECT(&modelled, &sinks[2]);
PACKET_CONNECT(&modelled, &sinks[3]);
PACKET_CONNECT(&modelled, &sinks[4]);
PACKET_CONNECT(&modelled, &sinks[5]);

static uint32_t handled[SINKS];
static uint32_t random_state;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 16) % below;
}

static void model_handler(struct packet_sink *sink, struct net_buf *buf)
{
	zassert_true(buf->ref > 0);
	handled[sink - sinks]++;
}

/* What the model expects of one send. */
struct expected {
	int delivered;
	uint32_t queued;
	uint32_t handled[SINKS];
	uint32_t dropped[SINKS];
};

/* @p room: references that still fit. A consuming send can give away its own, but only at the end. */
static struct expected expect(bool consume, uint32_t room)
{
	uint32_t narrow = k_msgq_num_free_get(model_narrow.msgq);
	uint32_t wide = k_msgq_num_free_get(model_wide.msgq);
	struct expected expected = {0};

	for (size_t i = 0; i < SINKS; i++) {
		bool own = consume && i == SINKS - 1;
		uint32_t *slots = sinks[i].msgq == model_narrow.msgq ? &narrow : &wide;

		if (sinks[i].handler == NULL || sinks[i].mode > SINK_MODE_QUEUED) {
			continue;
		}
		if (sinks[i].mode == SINK_MODE_IMMEDIATE) {
			expected.delivered++;
			expected.handled[i]++;
		} else if (sinks[i].msgq == NULL) {
			continue;
		} else if (*slots > 0 && (room > 0 || own)) {
			expected.delivered++;
			expected.queued++;
			(*slots)--;
			room -= own && room == 0 ? 0 : 1;
		} else {
			expected.dropped[i]++;
		}
	}
	return expected;
}

static void sinks_at_random(void)
{
	memset(sinks, 0, sizeof(sinks));
	memset(handled, 0, sizeof(handled));
	for (size_t i = 0; i < SINKS; i++) {
		sinks[i].handler = pick(8) == 0 ? NULL : model_handler;
		sinks[i].mode = pick(3) == 0 ? SINK_MODE_IMMEDIATE : SINK_MODE_QUEUED;
		sinks[i].msgq = pick(2) == 0 ? model_narrow.msgq : model_wide.msgq;
		if (pick(16) == 0) {
			sinks[i].mode = (enum packet_sink_mode)(2 + pick(100));
		}
		if (pick(16) == 0) {
			sinks[i].msgq = NULL;
		}
	}
}

/* Take @p n events off each queue, as the application may; their packets are settled elsewhere. */
static void take_events(uint32_t n)
{
	struct packet_event event;

	while (n-- > 0) {
		(void)k_msgq_get(model_narrow.msgq, &event, K_NO_WAIT);
		(void)k_msgq_get(model_wide.msgq, &event, K_NO_WAIT);
	}
}

ZTEST_SUITE(packet_model_of_send, NULL, NULL, NULL, NULL, NULL);

static void send_one(struct net_buf *buf, bool consume, uint16_t room)
{
	struct expected expected = expect(consume, room);
	int delivered;

	buf->ref = (uint16_t)(PACKET_REFS_MAX - room);
	delivered = consume ? packet_source_send_consume(&modelled, buf, K_NO_WAIT)
			    : packet_source_send(&modelled, buf, K_NO_WAIT);
	zassert_equal(delivered, expected.delivered);
	zassert_equal(buf->ref, PACKET_REFS_MAX - room - (consume ? 1 : 0) + expected.queued);
	for (size_t i = 0; i < SINKS; i++) {
		zassert_equal(handled[i], expected.handled[i]);
		zassert_true(sink_counts_are(&sinks[i], expected.handled[i], expected.dropped[i]));
	}
}

ZTEST(packet_model_of_send, test_random)
{
	struct net_buf *buf = packet_new(0);

	random_state = 1;
	for (int round = 0; round < ROUNDS; round++) {
		sinks_at_random();
		send_one(buf, pick(2) == 0, (uint16_t)pick(SINKS + 2));
		take_events(pick(4));
	}
	take_events(4);
	buf->ref = 1;
	net_buf_unref(buf);
}
