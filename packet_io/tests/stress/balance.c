/* SPDX-License-Identifier: Apache-2.0 */
#include "balance.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/packet_io/batch.h>

#define BATCH 3

NET_BUF_POOL_DEFINE(balance_pool, 48, 16, 4, NULL);

atomic_t balance_damaged;
static atomic_t next_number;

struct net_buf *balance_packet(void)
{
	struct net_buf *buf = net_buf_alloc(&balance_pool, K_NO_WAIT);

	if (buf != NULL) {
		uint32_t number = (uint32_t)atomic_inc(&next_number);

		net_buf_add_le32(buf, number);
		net_buf_add_le32(buf, ~number);
	}
	return buf;
}

static bool packet_is_whole(const struct net_buf *buf)
{
	return net_buf_ref_get(buf) > 0 && buf->len == 8 &&
	       sys_get_le32(buf->data) == ~sys_get_le32(buf->data + 4);
}

void balance_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct tally *tally = sink->user_data;

	if (!packet_is_whole(buf)) {
		(void)atomic_inc(&balance_damaged);
	}
	(void)atomic_inc(&tally->handled);
}

static void count(struct sender_tally *tally, int packets, int result)
{
	if (result < 0) {
		(void)atomic_inc(&balance_damaged);
		return;
	}
	(void)atomic_add(&tally->packets, packets);
	(void)atomic_add(&tally->deliveries, result);
}

static void send_batch(struct packet_source *src, struct sender_tally *tally, k_timeout_t timeout)
{
	struct net_buf *bufs[BATCH];
	size_t n = 0;

	while (n < BATCH && (bufs[n] = balance_packet()) != NULL) {
		n++;
	}
	count(tally, (int)n, packet_source_send_batch_consume(src, bufs, n, timeout));
}

static void send_twice(struct packet_source *src, struct sender_tally *tally, k_timeout_t timeout)
{
	struct net_buf *buf = balance_packet();

	if (buf == NULL) {
		return;
	}
	count(tally, 1, packet_source_send(src, buf, timeout));
	count(tally, 1, packet_source_send(src, buf, timeout));
	net_buf_unref(buf);
}

void balance_send(struct packet_source *src, struct sender_tally *tally, uint32_t random,
		  k_timeout_t timeout)
{
	struct net_buf *buf;

	switch (random % 4) {
	case 0:
		send_batch(src, tally, timeout);
		break;
	case 1:
		send_twice(src, tally, timeout);
		break;
	default:
		buf = balance_packet();
		if (buf != NULL) {
			count(tally, 1, packet_source_send_consume(src, buf, timeout));
		}
		break;
	}
}

static void isr_send(void *arg)
{
	struct isr_sender *sender = arg;

	balance_send(sender->src, sender->tally, shared_random(4), K_NO_WAIT);
}

void isr_sender_init(struct isr_sender *sender, struct packet_source *src,
		     struct sender_tally *tally)
{
	sender->irq = (struct port_irq){.routine = isr_send, .arg = sender};
	sender->src = src;
	sender->tally = tally;
}

void raise_work(struct crew_member *me)
{
	struct isr_sender *sender = me->arg;

	port_irq_raise(&sender->irq);
	k_busy_wait(crew_random(me, 20));
}

void process_work(struct crew_member *me)
{
	int ret = packet_event_process((struct packet_event_queue *)me->arg, K_MSEC(1));

	if (ret != 0 && ret != -EAGAIN) {
		(void)atomic_inc(&balance_damaged);
	}
}

void process_batch_work(struct crew_member *me)
{
	int ret = packet_event_process_batch(me->arg, 1 + crew_random(me, 5), K_MSEC(1));

	if (ret <= 0 && ret != -EAGAIN) {
		(void)atomic_inc(&balance_damaged);
	}
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

void balance_settle(struct packet_event_queue *queue)
{
	irq_offload(nothing, NULL);
	(void)queue_drain(queue);
}

uint32_t balance_handled(struct packet_sink *sink)
{
	const struct tally *tally = sink->user_data;
	uint32_t handled;

	packet_sink_get_stats(sink, &handled, NULL);
	zassert_equal(handled, (uint32_t)atomic_get(&tally->handled));
	return handled;
}

uint32_t balance_dropped(struct packet_sink *sink)
{
	uint32_t dropped;

	packet_sink_get_stats(sink, NULL, &dropped);
	return dropped;
}
