/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The pipeline on a Cortex-M3 without an operating system: the processor and the validator of the
 * Linux program. The sensors are at UART 0; its receive interrupt collects their records and sends
 * them. The main loop writes the packets to UART 1, and sleeps in between.
 *
 *     UART 0 --> RX ISR --> sensor1 --+                    +--> frames (queued) --> main loop --> UART 1
 *                                     +--> processor_in ---+
 *                       --> sensor2 --+                    +--> validator_in (immediate)
 *
 * Nobody can hold the sensors up. A packet that finds the queue full, or no buffer, is dropped and
 * counted. When they say that nothing more will come, the program prints its counters on UART 0, and
 * ends with 0 only if they agree with each other and all buffers are home.
 */
#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/inspect.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/printk.h>

#include <cmsdk_uart.h>

#include "../src/processor.h"
#include "../src/validator.h"
#include "line.h"

#define UART_0 ((struct uart *)0x40004000)
#define UART_1 ((struct uart *)0x40005000)

#define UART_0_RX_IRQ 0
#define NVIC_ISER     ((volatile uint32_t *)0xe000e100)
#define NVIC_IPR      ((volatile uint8_t *)0xe000e400)

#define FRAMES 8 /* places in the queue */

BUILD_ASSERT(LINE_BUFFERS_1 >= FRAMES + 2,
	     "also for the frame being written, the record coming in");
BUILD_ASSERT(LINE_BUFFERS_2 < FRAMES, "this sensor is to run out of buffers first");
BUILD_ASSERT(LINE_BUFFERS_1 + LINE_BUFFERS_2 <= PROCESSOR_HEADERS, "a header for every record");

static uint32_t overruns; /* times that the UART lost bytes; the ISR's */
static uint32_t written;  /* frames; the main loop's */

static void write_frame(struct packet_sink *sink, struct net_buf *packet)
{
	ARG_UNUSED(sink);
	for (struct net_buf *part = packet; part != NULL; part = part->frags) {
		uart_transmit(UART_1, part->data, part->len);
	}
	written++;
}

PACKET_EVENT_QUEUE_DEFINE(frame_queue, FRAMES);
PACKET_SINK_DEFINE_QUEUED(frames, write_frame, frame_queue);

PACKET_CONNECT(&sensor1, &processor_in);
PACKET_CONNECT(&sensor2, &processor_in);
PACKET_CONNECT(&processor_out, &frames);
PACKET_CONNECT(&processor_out, &validator_in);

/* The vector of UART_0_RX_IRQ. */
void board_irq_0(void);

void board_irq_0(void)
{
	uint8_t byte;

	if (uart_receive(UART_0, &byte, &overruns)) {
		line_receive(byte);
	}
}

/* ---- the report ------------------------------------------------------------------------------ */

static int print_source(struct packet_source *source, void *user_data)
{
	uint32_t sent;
	uint32_t delivered;

	ARG_UNUSED(user_data);
	packet_source_get_stats(source, &sent, &delivered);
	printk("%-16s %10u %10u\n", packet_source_name(source), (unsigned int)sent,
	       (unsigned int)delivered);
	return 0;
}

static int print_sink(struct packet_sink *sink, void *user_data)
{
	uint32_t handled;
	uint32_t dropped;

	ARG_UNUSED(user_data);
	packet_sink_get_stats(sink, &handled, &dropped);
	printk("%-16s %10u %10u\n", packet_sink_name(sink), (unsigned int)handled,
	       (unsigned int)dropped);
	return 0;
}

/* @return whether all its buffers are home. */
static bool print_pool(struct net_buf_pool *pool)
{
	size_t home = net_buf_pool_free_count(pool);

	printk("%-16s %10u %10u %10u\n", pool->name, pool->buf_count, (unsigned int)home,
	       (unsigned int)net_buf_get_max_used(pool));
	return home == pool->buf_count;
}

static bool print_table(void)
{
	const struct line_counters *line = line_counters();
	bool home;

	printk("%-16s %10s %10s %10s %10s %10s\n", "line", "bytes", "records", "no-buffer",
	       "damaged", "overruns");
	printk("%-16s %10u %10u %10u %10u %10u\n", "uart0", (unsigned int)line->bytes,
	       (unsigned int)line->records, (unsigned int)line->no_buffer,
	       (unsigned int)line->damaged, (unsigned int)overruns);
	printk("\n%-16s %10s %10s\n", "source", "sent", "delivered");
	(void)packet_source_foreach(print_source, NULL);
	printk("\n%-16s %10s %10s\n", "sink", "handled", "dropped");
	(void)packet_sink_foreach(print_sink, NULL);
	printk("\n%-16s %10s %10s %10s\n", "validator", "good", "good", "bad");
	printk("%-16s %10u %10u %10u\n", "records", (unsigned int)validator_good(0),
	       (unsigned int)validator_good(1), (unsigned int)validator_bad());
	printk("\n%-16s %10s %10s %10s\n", "pool", "size", "free", "most-used");
	home = print_pool(line_pool(0));
	home = print_pool(line_pool(1)) && home;
	home = print_pool(processor_pool()) && home;
	printk("\n");
	return home;
}

/* @return whether every record is accounted for, from the line to the frames. */
static bool balanced(void)
{
	const struct line_counters *line = line_counters();
	uint32_t packets = line->records - line->no_buffer - processor_failures();
	uint32_t sent;
	uint32_t handled;
	uint32_t dropped;

	packet_source_get_stats(&processor_out, &sent, NULL);
	packet_sink_get_stats(&frames, &handled, &dropped);
	return sent == packets && handled + dropped == packets && written == handled &&
	       validator_good(0) + validator_good(1) + validator_bad() == packets;
}

int main(void)
{
	bool home;

	uart_start_transmitter(UART_1);
	uart_start_receiver(UART_0);
	NVIC_IPR[UART_0_RX_IRQ] = CONFIG_PORT_CORTEX_M_CEILING; /* it calls the library */
	NVIC_ISER[0] = 1U << UART_0_RX_IRQ;
	printk("records come on UART 0, packets go out on UART 1\n\n");

	while (!line_stopped()) {
		(void)packet_event_process(&frame_queue, K_MSEC(10));
	}
	uart_stop_receiver(UART_0);
	while (packet_event_process(&frame_queue, K_NO_WAIT) == 0) {
		/* what came before the end */
	}

	home = print_table();
	if (!home || !balanced()) {
		printk("something is missing\n");
		return 1;
	}
	printk("every packet is accounted for, every buffer is home\n");
	return 0;
}
