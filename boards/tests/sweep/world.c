/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the operations of the sweep work on: set up, and put away. */
#include "world.h"

#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/deliver.h>

#include <string.h>

#include "balance.h"
#include "operations.h"

struct net_buf *shared;

NET_BUF_POOL_FIXED_DEFINE(pool, BUFFERS, 16, 0, NULL);

struct net_buf_pool *const packets = &pool;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct account *a = &accounts[k_is_in_isr() ? ISR : MAIN];

	a->handled[(uintptr_t)sink->user_data]++;
	if (buf->ref == 0 || buf->data == NULL) {
		a->wrong++;
	}
}

PACKET_EVENT_QUEUE_DEFINE(events, ROOM);

PACKET_SOURCE_DEFINE(to_immediate);
PACKET_SOURCE_DEFINE(to_queued);
PACKET_SOURCE_DEFINE(to_all);

PACKET_SINK_DEFINE_IMMEDIATE(immediate_1, handler);
PACKET_SINK_DEFINE_IMMEDIATE(immediate_2, handler);
PACKET_SINK_DEFINE_IMMEDIATE(immediate_3, handler);
PACKET_SINK_DEFINE_QUEUED(queued_1, handler, events);
PACKET_SINK_DEFINE_QUEUED(queued_2, handler, events);
PACKET_SINK_DEFINE_QUEUED(queued_3, handler, events);
PACKET_SINK_DEFINE_IMMEDIATE(runtime_a, handler);
PACKET_SINK_DEFINE_QUEUED(runtime_b, handler, events);
PACKET_SINK_DEFINE_IMMEDIATE(runtime_c, handler);
PACKET_SINK_DEFINE_IMMEDIATE(stray, handler);

PACKET_CONNECT(&to_immediate, &immediate_1);
PACKET_CONNECT(&to_immediate, &immediate_2);
PACKET_CONNECT(&to_queued, &queued_1);
PACKET_CONNECT(&to_queued, &queued_2);
PACKET_CONNECT(&to_all, &immediate_3);
PACKET_CONNECT(&to_all, &queued_3);

struct packet_source *const sources[SOURCES] = {&to_immediate, &to_queued, &to_all};

struct packet_sink *const sinks[SINKS] = {
	[IMMEDIATE_1] = &immediate_1, [IMMEDIATE_2] = &immediate_2,
	[QUEUED_1] = &queued_1,       [QUEUED_2] = &queued_2,
	[IMMEDIATE_3] = &immediate_3, [QUEUED_3] = &queued_3,
	[RUNTIME_A] = &runtime_a,     [RUNTIME_B] = &runtime_b,
	[RUNTIME_C] = &runtime_c,     [STRAY] = &stray,
};

K_MSGQ_DEFINE(short_messages, sizeof(struct packet_event), ROOM, 4);
K_MSGQ_DEFINE(long_messages, LONG_WORDS * sizeof(uint32_t), ROOM, 4);

struct k_msgq *const queues[QUEUES] = {&short_messages, &long_messages};

struct packet_connection connections[CONNECTIONS];

static struct net_buf *buffer(uint32_t index)
{
	return (struct net_buf *)(void *)((char *)pool.__bufs + index * pool.stride);
}

void world_init(void)
{
	struct net_buf *all[BUFFERS];

	/* From now on every buffer has been used. */
	for (uint32_t i = 0; i < BUFFERS; i++) {
		all[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	for (uint32_t i = 0; i < BUFFERS; i++) {
		net_buf_unref(all[i]);
	}
	for (uint32_t i = 0; i < SINKS; i++) {
		sinks[i]->user_data = (void *)(uintptr_t)i;
	}
	for (uint32_t i = 0; i < CONNECTIONS; i++) {
		connections[i].source = &to_all;
	}
}

/* ---- before an operation --------------------------------------------------------------------- */

/* All are at home: in the list with buffer 0 first, or as if none had ever been used. */
static void prepare_pool(enum pool_state state)
{
	pool.free = NULL;
	pool.uninit_count = BUFFERS;
	if (state == POOL_FRESH) {
		return;
	}
	pool.uninit_count = 0;
	for (uint32_t i = BUFFERS; i-- > 0;) {
		buffer(i)->node.next = (sys_snode_t *)(void *)pool.free;
		pool.free = buffer(i);
	}
}

static void empty_queue(struct k_msgq *q)
{
	k_msgq_init(q, q->buffer_start, q->msg_size, q->max_msgs);
}

static void prepare_messages(uint32_t turns, uint32_t count)
{
	struct account *a = &accounts[SCENE];

	for (uint32_t q = 0; q < QUEUES; q++) {
		empty_queue(queues[q]);
		for (uint32_t i = 0; i < turns; i++) {
			operation_put(a, q);
			operation_get(a, q);
		}
		for (uint32_t i = 0; i < count; i++) {
			operation_put(a, q);
		}
	}
}

static void deliver_one(void)
{
	if (packet_sink_deliver(&queued_1, shared, K_NO_WAIT) == 0) {
		accounts[SCENE].queued[QUEUED_1]++;
	}
}

static void prepare_events(uint32_t turns, uint32_t count)
{
	empty_queue(events.msgq);
	for (uint32_t i = 0; i < turns; i++) {
		deliver_one();
		operation_process(&accounts[MAIN]);
	}
	for (uint32_t i = 0; i < count; i++) {
		deliver_one();
	}
}

static void prepare_connections(uint32_t connected)
{
	static struct packet_sink *const to[CONNECTIONS] = {&runtime_a, &runtime_b, &runtime_c};

	for (uint32_t i = 0; i < CONNECTIONS; i++) {
		connections[i].sink = to[i];
		if ((connected & BIT(i)) != 0 && packet_connection_add(&connections[i]) == 0) {
			accounts[SCENE].added += i == B;
		}
	}
}

static void reset_statistics(void)
{
#ifdef CONFIG_PACKET_IO_STATS
	for (uint32_t i = 0; i < SOURCES; i++) {
		packet_source_reset_stats(sources[i]);
	}
	for (uint32_t i = 0; i < SINKS; i++) {
		packet_sink_reset_stats(sinks[i]);
	}
	(void)atomic_set(&events.processed_count, 0);
#endif
}

void world_prepare(const struct scene *scene, const struct scene *main, const struct scene *isr)
{
	reset_statistics();
	prepare_pool(scene->pool == POOL_EMPTY ? POOL_USED : (enum pool_state)scene->pool);
	shared = net_buf_alloc(&pool, K_NO_WAIT);
	prepare_messages((uint32_t)scene->turns, (uint32_t)scene->messages);
	prepare_events((uint32_t)scene->turns, (uint32_t)scene->events);
	prepare_connections((uint32_t)scene->connected);
	for (uint32_t i = 0; i < scene->refs; i++) {
		accounts[SCENE].wrong += net_buf_ref(shared) != shared;
	}
	accounts[MAIN].refs = main->refs;
	accounts[ISR].refs = isr->refs;
	net_buf_unref(shared); /* the one it came with */
	if (scene->pool == POOL_EMPTY) {
		while (pool.free != NULL) {
			operation_alloc(&accounts[SCENE]);
		}
	}
}

/* ---- behind it ------------------------------------------------------------------------------- */

bool world_settle(void)
{
	for (uint32_t i = 0; i < PARTIES; i++) {
		struct account *a = &accounts[i];

		while (a->owned > 0) {
			net_buf_unref(a->own[--a->owned]);
		}
		for (; a->refs > 0; a->refs--) {
			net_buf_unref(shared);
		}
	}
	while (packet_event_process(&events, K_NO_WAIT) == 0) {
	}
	for (uint32_t i = 0; i < CONNECTIONS; i++) {
		(void)packet_connection_remove(&connections[i]);
	}
	return net_buf_pool_free_count(&pool) == BUFFERS;
}

void world_outcome(struct outcome *outcome)
{
	outcome->messages[SHORT] = k_msgq_num_used_get(queues[SHORT]);
	outcome->messages[LONG] = k_msgq_num_used_get(queues[LONG]);
	outcome->events = k_msgq_num_used_get(events.msgq);
	outcome->refs = shared->ref;
	outcome->home = (uint32_t)net_buf_pool_free_count(&pool);
	outcome->connected = to_all.runtime_count;
}
