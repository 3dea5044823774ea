/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <string.h>

#include <zephyr/irq_offload.h>
#include <zephyr/packet_io/deliver.h>

#define STACK_SIZE   16384
#define TICKS_PER_MS ((int64_t)CONFIG_SYS_CLOCK_TICKS_PER_SEC / 1000)

PACKET_EVENT_QUEUE_DEFINE(queue_a, 1);
PACKET_EVENT_QUEUE_DEFINE(queue_b, 1);
PACKET_EVENT_QUEUE_DEFINE(queue_c, 1);
PACKET_EVENT_QUEUE_DEFINE(queue_d, 1);

PACKET_SINK_DEFINE_QUEUED(sink_a, trace_packet_handler, queue_a);
PACKET_SINK_DEFINE_QUEUED(sink_b, trace_packet_handler, queue_b);
PACKET_SINK_DEFINE_QUEUED(sink_c, trace_packet_handler, queue_c);
PACKET_SINK_DEFINE_QUEUED(sink_d, trace_packet_handler, queue_d);

PACKET_SOURCE_DEFINE(to_one);
PACKET_CONNECT(&to_one, &sink_a);

PACKET_SOURCE_DEFINE(to_four);
PACKET_CONNECT(&to_four, &sink_a);
PACKET_CONNECT(&to_four, &sink_b);
PACKET_CONNECT(&to_four, &sink_c);
PACKET_CONNECT(&to_four, &sink_d);

struct packet_event_queue *const queues[QUEUES] = {&queue_a, &queue_b, &queue_c, &queue_d};
struct packet_sink *const sinks[QUEUES] = {&sink_a, &sink_b, &sink_c, &sink_d};

static int64_t begin;
static const struct step *script;
static size_t script_len;
static K_THREAD_STACK_DEFINE(helper_stack, STACK_SIZE);
static struct k_thread helper;

static void process_in_isr(const void *arg)
{
	(void)packet_event_process((struct packet_event_queue *)(uintptr_t)arg, K_NO_WAIT);
}

static void purge(struct packet_event_queue *queue)
{
	struct packet_event event;

	zassert_ok(k_msgq_peek(queue->msgq, &event));
	k_msgq_purge(queue->msgq);
	net_buf_unref(event.buf);
}

static void take_step(const struct step *step)
{
	struct packet_event_queue *queue = queues[step->queue];

	switch (step->deed) {
	case PROCESS:
		zassert_ok(packet_event_process(queue, K_NO_WAIT));
		break;
	case PROCESS_IN_ISR:
		irq_offload(process_in_isr, queue);
		break;
	case SEND:
		zassert_ok(packet_sink_deliver_consume(sinks[step->queue], packet_new('h'),
						       K_NO_WAIT));
		break;
	case PURGE:
		purge(queue);
		break;
	}
}

static void helper_main(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (size_t i = 0; i < script_len; i++) {
		(void)k_sleep(K_TIMEOUT_ABS_TICKS(begin + script[i].at * TICKS_PER_MS));
		take_step(&script[i]);
	}
}

void scene_begin(const char *full, const struct step *steps, size_t n)
{
	for (; *full != '\0'; full++) {
		zassert_ok(packet_sink_deliver_consume(sinks[*full - 'a'], packet_new('f'),
						       K_NO_WAIT));
	}
	script = steps;
	script_len = n;
	begin = k_uptime_ticks();
	zassert_not_null(k_thread_create(&helper, helper_stack, STACK_SIZE, helper_main, NULL, NULL,
					 NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
}

int scene_elapsed(void)
{
	int64_t ticks = k_uptime_ticks() - begin;

	zassert_equal(ticks % TICKS_PER_MS, 0, "%d ticks", (int)ticks);
	return (int)(ticks / TICKS_PER_MS);
}

void scene_end(void)
{
	zassert_ok(k_thread_join(&helper, K_FOREVER));
	for (size_t i = 0; i < QUEUES; i++) {
		(void)queue_drain(queues[i]);
	}
}

void scene_before(void *fixture)
{
	static const char *const names[QUEUES] = {"a", "b", "c", "d"};

	ARG_UNUSED(fixture);
	for (size_t i = 0; i < QUEUES; i++) {
		sinks[i]->user_data = (void *)(uintptr_t)names[i];
	}
	port_clock_virtual_start();
}

void scene_after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_stop();
}
