/* SPDX-License-Identifier: Apache-2.0 */
/** @file The operations, with the entries that they make in the books. */
#include "operations.h"

#include "balance.h"
#include "worlds.h"

#include <errno.h>

/* ---- buffers --------------------------------------------------------------------------------- */

void operation_alloc(struct account *a)
{
	struct net_buf *buf = net_buf_alloc(packets, K_NO_WAIT);

	a->result = buf != NULL;
	if (buf != NULL) {
		a->own[a->owned++] = buf;
	}
}

void operation_free(struct account *a)
{
	if (a->owned > 0) {
		net_buf_unref(a->own[--a->owned]);
	}
}

static void ref(struct account *a)
{
	if (a->refs > 0) {
		a->refs++;
		a->wrong += net_buf_ref(shared) != shared;
	}
}

static void unref(struct account *a)
{
	if (a->refs > a->keep) {
		a->refs--;
		net_buf_unref(shared);
	}
}

/* ---- sending --------------------------------------------------------------------------------- */

/* Enter what a send has returned. */
static void sent(struct account *a, enum source to, int result)
{
	a->result = result;
	if (result < 0) {
		a->wrong++;
	} else {
		a->sent[to]++;
		a->took[to] += (uint32_t)result;
	}
}

static void send(struct account *a, enum source to)
{
	if (a->refs > 0) {
		sent(a, to, packet_source_send(sources[to], shared, K_NO_WAIT));
	}
}

static void send_consume(struct account *a, enum source to)
{
	if (a->refs > a->keep) {
		a->refs--;
		sent(a, to, packet_source_send_consume(sources[to], shared, K_NO_WAIT));
	}
}

static void send_immediate(struct account *a)
{
	send(a, TO_IMMEDIATE);
}

static void send_queued(struct account *a)
{
	send(a, TO_QUEUED);
}

static void send_all(struct account *a)
{
	send(a, TO_ALL);
}

static void consume_immediate(struct account *a)
{
	send_consume(a, TO_IMMEDIATE);
}

static void consume_queued(struct account *a)
{
	send_consume(a, TO_QUEUED);
}

static void consume_all(struct account *a)
{
	send_consume(a, TO_ALL);
}

void operation_carry(struct account *a)
{
	struct net_buf *buf = net_buf_alloc(packets, K_NO_WAIT);

	if (buf != NULL) {
		(void)net_buf_add_u8(buf, 1);
		sent(a, TO_ALL, packet_source_send_consume(sources[TO_ALL], buf, K_NO_WAIT));
	}
}

/* ---- processing ------------------------------------------------------------------------------ */

void operation_process(struct account *a)
{
	int ret = packet_event_process(&events, K_NO_WAIT);

	a->result = ret;
	a->processed += ret == 0;
	a->wrong += ret != 0 && ret != -EAGAIN;
}

/* ---- messages -------------------------------------------------------------------------------- */

#define MIDDLE 0x100000 /* numbers of messages put at the end go up from it, of others down */

static uint32_t number_of(const struct account *a, uint32_t offset)
{
	return ((uint32_t)(a - accounts) << 24) + MIDDLE + offset;
}

void operation_put(struct account *a, enum messages q)
{
	uint32_t number = number_of(a, a->next[q] + 1);
	uint32_t message[LONG_WORDS] = {number, ~number, number};
	int ret = k_msgq_put(queues[q], message, K_NO_WAIT);

	a->result = ret;
	if (ret == 0) {
		a->next[q]++;
		a->put[q]++;
		a->put_sum[q] += number;
	}
	a->wrong += ret != 0 && ret != -ENOMSG;
}

void operation_get(struct account *a, enum messages q)
{
	uint32_t message[LONG_WORDS];
	int ret = k_msgq_get(queues[q], message, K_NO_WAIT);

	a->result = ret;
	if (ret == 0) {
		a->got[q]++;
		a->got_sum[q] += message[0];
		a->wrong += message[0] != ~message[1] || (q == LONG && message[2] != message[0]);
	}
	a->wrong += ret != 0 && ret != -ENOMSG;
}

static void put_front(struct account *a)
{
	uint32_t number = number_of(a, 0U - (a->fronts[SHORT] + 1));
	uint32_t message[2] = {number, ~number};

	a->result = k_msgq_put_front(queues[SHORT], message);
	if (a->result == 0) {
		a->fronts[SHORT]++;
		a->put[SHORT]++;
		a->put_sum[SHORT] += number;
	}
	a->wrong += a->result != 0 && a->result != -ENOMSG;
}

static void peek(struct account *a)
{
	uint32_t message[2];

	a->result = k_msgq_peek(queues[SHORT], message);
	a->wrong += a->result == 0 ? message[0] != ~message[1] : a->result != -ENOMSG;
}

/* How many that were cannot be known. */
static void purge(struct account *a)
{
	a->purged++;
	k_msgq_purge(queues[SHORT]);
}

static void put_short(struct account *a)
{
	operation_put(a, SHORT);
}

static void put_long(struct account *a)
{
	operation_put(a, LONG);
}

static void get_short(struct account *a)
{
	operation_get(a, SHORT);
}

static void get_long(struct account *a)
{
	operation_get(a, LONG);
}

/* ---- connections ----------------------------------------------------------------------------- */

static void add(struct account *a)
{
	int ret = packet_connection_add(&connections[B]);

	a->result = ret;
	a->added += ret == 0;
	a->wrong += ret != 0 && ret != -EBUSY;
}

static void remove(struct account *a)
{
	int ret = packet_connection_remove(&connections[B]);

	a->result = ret;
	a->removed += ret == 0;
	a->wrong += ret != 0 && ret != -ENOENT;
	if (ret == 0 && a->poison) {
		connections[B].sink = sinks[STRAY];
	}
}

/* A walk that has begun does not see what is connected now, at the end of the list. */
static void reconnect(struct account *a)
{
	bool walking = sources[TO_ALL]->senders != NULL;
	struct packet_sink *sink = connections[B].sink;

	remove(a);
	if (!walking) {
		connections[B].sink = sink;
	}
	add(a);
}

/* ---- the list -------------------------------------------------------------------------------- */

#define ALL BIT_MASK(CONNECTIONS)

static const struct operation operations[] = {
	VISITOR("alloc", operation_alloc, .pool = POOL_USED),
	OPERATION("alloc-first-use", operation_alloc, .pool = POOL_FRESH),
	OPERATION("alloc-none-left", operation_alloc, .pool = POOL_EMPTY),
	OPERATION("ref", ref, .refs = 1),
	OPERATION("unref", unref, .refs = 2),
	VISITOR("unref-last", unref, .refs = 1, .events = 0),
	VISITOR("put", put_short, .messages = 1),
	OPERATION("put-around-the-end", put_short, .messages = 1, .turns = 2 * ROOM - 2),
	OPERATION("put-no-room", put_short, .messages = ROOM),
	COPIES("put-long", put_long, .messages = 1),
	COPIES("put-long-last-room", put_long, .messages = ROOM - 1, .turns = 1),
	VISITOR("get", get_short, .messages = 2),
	OPERATION("get-around-the-end", get_short, .messages = 2, .turns = ROOM - 1),
	OPERATION("get-nothing", get_short, .messages = 0),
	COPIES("get-long", get_long, .messages = 1),
	COPIES("get-long-nothing", get_long, .messages = 0, .turns = 1),
	COPIES("put-front", put_front, .messages = 1),
	COPIES("put-front-no-room", put_front, .messages = ROOM),
	COPIES("peek", peek, .messages = 1),
	COPIES("peek-nothing", peek, .messages = 0),
	OPERATION("purge", purge, .messages = 2),
	OPERATION("connect", add, .connected = BIT(A) | BIT(C)),
	OPERATION("connect-first", add, .connected = 0),
	OPERATION("connect-again", add, .connected = ALL),
	OPERATION("disconnect", remove, .connected = ALL),
	OPERATION("disconnect-last", remove, .connected = BIT(A) | BIT(B)),
	OPERATION("disconnect-again", remove, .connected = BIT(A) | BIT(C)),
	STEPS("reconnect", reconnect, .connected = BIT(A) | BIT(B)),
	OPERATION("process-nothing", operation_process, .events = 0),
	STEPS("process", operation_process, .refs = 1, .events = 2),
	STEPS("process-last", operation_process, .events = 1),
	OPERATION("send-immediate", send_immediate, .refs = 1),
	OPERATION("consume-immediate", consume_immediate, .refs = 1, .events = 0),
	STEPS("send-queued", send_queued, .refs = 1, .events = 1),
	STEPS("send-queued-no-room", send_queued, .refs = 1, .events = ROOM),
	STEPS("consume-queued", consume_queued, .refs = 1, .events = 0),
	STEPS("send-all-wired", send_all, .refs = 1, .events = 1, .connected = 0),
	STEPS("send-all-one-connection", send_all, .refs = 1, .events = 1, .connected = BIT(B)),
	STEPS("consume-all", consume_all, .refs = 1, .events = 1, .connected = BIT(A) | BIT(B)),
	STEPS("send-all", send_all, .refs = 1, .events = 0, .connected = ALL),
	STEPS("send-all-little-room", send_all, .refs = 1, .events = ROOM - 1, .connected = ALL),
};

/* Anything, on both ends of everything. */
static void work(struct account *a, uint32_t random)
{
	const struct operation *op;

	switch (random & 7) {
	case 0:
		operation_carry(a);
		break;
	case 1:
	case 2:
		operation_process(a);
		break;
	case 3:
		operation_free(a);
		break;
	default:
		op = &operations[(random >> 8) % ARRAY_SIZE(operations)];
		if (op->run != purge) {
			op->run(a);
		}
		break;
	}
}

const struct world packets_world = {
	.operations = operations,
	.count = ARRAY_SIZE(operations),
	.init = world_init,
	.prepare = world_prepare,
	.fault = balance_fault,
	.settle = world_settle,
	.outcome = world_outcome,
	.work = work,
};
