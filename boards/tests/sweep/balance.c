/* SPDX-License-Identifier: Apache-2.0 */
/** @file The balance: every reference, message, event, delivery and connection is accounted for. */
#include "balance.h"

#include "operations.h"

#define EVENTS ROOM

/* The events in the queue, first come first. */
static struct packet_event waiting[EVENTS];
static uint32_t waiting_count;

/* The entries of all parties in a field of their accounts, added up. */
#define SUM(field) (accounts[SCENE].field + accounts[MAIN].field + accounts[ISR].field)

static const char *take_events(void)
{
	waiting_count = k_msgq_num_used_get(events.msgq);
	if (waiting_count > EVENTS) {
		return "more events than there is room for";
	}
	for (uint32_t i = 0; i < waiting_count; i++) {
		if (k_msgq_peek_at(events.msgq, &waiting[i], i) != 0) {
			return "an event that cannot be looked at";
		}
	}
	return NULL;
}

/* ---- buffers --------------------------------------------------------------------------------- */

/* @return which buffer of the pool it is; BUFFERS: none of them. */
static uint32_t index_of(const struct net_buf *buf)
{
	uintptr_t offset = (uintptr_t)buf - (uintptr_t)packets->__bufs;

	return offset % packets->stride == 0 && offset / packets->stride < BUFFERS
		       ? (uint32_t)(offset / packets->stride)
		       : BUFFERS;
}

static const struct net_buf *buffer(uint32_t index)
{
	return (const struct net_buf *)(const void *)((const char *)packets->__bufs +
						      index * packets->stride);
}

/* Who holds which buffer: references of parties, and of events. */
static const char *count_holders(uint32_t holders[BUFFERS + 1])
{
	for (uint32_t i = 0; i < PARTIES; i++) {
		const struct account *a = &accounts[i];

		for (uint32_t k = 0; k < a->owned; k++) {
			holders[index_of(a->own[k])]++;
		}
	}
	holders[index_of(shared)] += SUM(refs);
	for (uint32_t i = 0; i < waiting_count; i++) {
		holders[index_of(waiting[i].buf)]++;
	}
	return holders[BUFFERS] != 0 ? "a buffer that is none" : NULL;
}

static const char *check_buffers(void)
{
	uint32_t holders[BUFFERS + 1] = {0};
	uint32_t home[BUFFERS] = {0};
	uint32_t at_home = packets->uninit_count;
	const struct net_buf *buf = packets->free;
	const char *fault = count_holders(holders);

	for (uint32_t i = 1; i <= packets->uninit_count && i <= BUFFERS; i++) {
		home[BUFFERS - i]++;
	}
	for (; fault == NULL && buf != NULL; buf = (const void *)buf->node.next) {
		if (index_of(buf) == BUFFERS || home[index_of(buf)]++ != 0) {
			return "the list of free buffers is damaged";
		}
		at_home++;
	}
	for (uint32_t i = 0; fault == NULL && i < BUFFERS; i++) {
		if ((home[i] != 0) == (holders[i] != 0)) {
			fault = home[i] != 0 ? "a buffer is at home although somebody has it"
					     : "a buffer is lost";
		} else if (buffer(i)->ref != holders[i]) {
			fault = "a count of references";
		}
	}
#ifdef CONFIG_NET_BUF_POOL_USAGE
	if (fault == NULL && net_buf_get_available(packets) != at_home) {
		fault = "the number of buffers at home";
	}
#endif
	return fault;
}

/* ---- queues ---------------------------------------------------------------------------------- */

/* Both ends of the ring and the number of messages go together, and nobody waits. */
static bool is_sound(struct k_msgq *q)
{
	size_t size = q->max_msgs * q->msg_size;
	size_t length = (size_t)k_msgq_num_used_get(q) * q->msg_size;
	size_t from = (size_t)(q->get.ptr - q->buffer_start);
	size_t to = (size_t)(q->put.ptr - q->buffer_start);

	return length <= size && from < size && to < size && (from + length) % size == to &&
	       q->waiting == 0 && q->getters.first == NULL && q->putters.first == NULL;
}

static bool is_counted(enum messages which)
{
	return which != SHORT || SUM(purged) == 0;
}

static const char *check_messages(enum messages which)
{
	struct k_msgq *q = queues[which];
	uint32_t count = k_msgq_num_used_get(q);
	uint32_t sum = 0;
	uint32_t before[PARTIES] = {0};

	if (!is_sound(q)) {
		return "a queue is damaged";
	}
	if (is_counted(which) && count != SUM(put[which]) - SUM(got[which])) {
		return "the number of messages";
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t message[LONG_WORDS];
		uint32_t number;

		(void)k_msgq_peek_at(q, message, i);
		number = message[0];
		if (message[1] != ~number || (which == LONG && message[2] != number) ||
		    number >> 24 >= PARTIES) {
			return "a message is damaged";
		}
		if (number <= before[number >> 24]) {
			return "the order of messages";
		}
		before[number >> 24] = number;
		sum += number;
	}
	return is_counted(which) && sum != SUM(put_sum[which]) - SUM(got_sum[which])
		       ? "messages have become others"
		       : NULL;
}

/* ---- deliveries ------------------------------------------------------------------------------ */

/* The source of a sink. */
static enum source source_of(enum sink sink)
{
	return sink <= IMMEDIATE_2 ? TO_IMMEDIATE : sink <= QUEUED_2 ? TO_QUEUED : TO_ALL;
}

#ifdef CONFIG_PACKET_IO_STATS
/* Whether a sink has been connected all the time. */
static bool always_connected(enum sink sink)
{
	if (sink < RUNTIME_A) {
		return true;
	}
	return (sink == RUNTIME_A || sink == RUNTIME_C) &&
	       sys_dnode_is_linked(&connections[sink - RUNTIME_A].node);
}
#endif

static const char *check_sink(enum sink sink, uint32_t *delivered)
{
	uint32_t handled = SUM(handled[sink]);
	uint32_t tried = SUM(sent[source_of(sink)]) + SUM(queued[sink]);
	uint32_t got = handled;
	uint32_t dropped = 0;

	for (uint32_t i = 0; i < waiting_count; i++) {
		got += waiting[i].sink == sinks[sink];
	}
#ifdef CONFIG_PACKET_IO_STATS
	uint32_t counted;

	packet_sink_get_stats(sinks[sink], &counted, &dropped);
	if (counted != handled) {
		return "handled_count";
	}
	if (always_connected(sink) && got + dropped != tried) {
		return "a packet was neither delivered nor dropped";
	}
#endif
	if (got + dropped > tried) {
		return "more deliveries than packets";
	}
	*delivered += got;
	return NULL;
}

static const char *check_source(enum source source)
{
#ifdef CONFIG_PACKET_IO_STATS
	uint32_t sent;
	uint32_t took;

	packet_source_get_stats(sources[source], &sent, &took);
	if (sent != SUM(sent[source])) {
		return "send_count";
	}
	if (took != SUM(took[source])) {
		return "queued_total";
	}
#endif
	return sources[source]->senders != NULL || sources[source]->removers != NULL
		       ? "a walk that has not ended"
		       : NULL;
}

static const char *check_deliveries(void)
{
	uint32_t delivered = 0;
	uint32_t took = SUM(queued[QUEUED_1]);
	const char *fault =
		SUM(handled[STRAY]) != 0 ? "a delivery through memory of the user" : NULL;

	for (uint32_t i = 0; fault == NULL && i < STRAY; i++) {
		fault = check_sink((enum sink)i, &delivered);
	}
	for (uint32_t i = 0; fault == NULL && i < SOURCES; i++) {
		fault = check_source((enum source)i);
		took += SUM(took[i]);
	}
	if (fault == NULL && took != delivered) {
		fault = "what sends returned is not what was delivered";
	}
#ifdef CONFIG_PACKET_IO_STATS
	if (fault == NULL && (uint32_t)atomic_get(&events.processed_count) != SUM(processed)) {
		fault = "processed_count";
	}
#endif
	return fault;
}

/* ---- connections ----------------------------------------------------------------------------- */

static const char *check_connections(void)
{
	struct packet_source *src = sources[TO_ALL];
	sys_dnode_t *list = &src->sinks;
	sys_dnode_t *before = list;
	uint32_t length = 0;

	if (SUM(added) - SUM(removed) != sys_dnode_is_linked(&connections[B].node)) {
		return "connected and disconnected";
	}
	if (list->next == NULL) {
		return src->runtime_count != 0 ? "the number of connections" : NULL;
	}
	for (sys_dnode_t *node = list->next; node != list; node = node->next) {
		if (node == NULL || node->prev != before || ++length > CONNECTIONS) {
			return "the list of connections is damaged";
		}
		before = node;
	}
	if (list->prev != before || src->runtime_count != length) {
		return "the number of connections";
	}
	for (uint32_t i = 0; i < CONNECTIONS; i++) {
		length -= sys_dnode_is_linked(&connections[i].node);
	}
	return length != 0 ? "a connection is in no list" : NULL;
}

const char *balance_fault(void)
{
	const char *fault = take_events();

	if (fault == NULL) {
		fault = is_sound(events.msgq) ? check_buffers() : "the queue of events is damaged";
	}
	for (uint32_t q = 0; fault == NULL && q < QUEUES; q++) {
		fault = check_messages((enum messages)q);
	}
	if (fault == NULL) {
		fault = check_deliveries();
	}
	return fault != NULL ? fault : check_connections();
}
