/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An application with start-up code of its own, in the style of the linker script it is linked with.
 * It ends with 0 if its packets arrive although it uses all memory that the script calls free.
 *
 *   STYLE_VENDOR  symbols as the scripts of a chip's vendor have them, with a heap behind .bss
 *   STYLE_TABLE   a table of what to copy, start-up data behind the code
 *   STYLE_PLAIN   the least there is
 *   NO_CONSTRUCTORS, CALLS_START   nobody runs .init_array; main() calls kernel_start()
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/net_buf.h>
#include <zephyr/packet_io/inspect.h>
#include <zephyr/packet_io/packet_io.h>

#include <kernel/start.h>

#include <board.h>
#include <errno.h>
#include <string.h>

int main(void);
void Reset_Handler(void);
void start(void);

/* ---- start-up -------------------------------------------------------------------------------- */

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];
extern char free_start[], free_end[], stack_top[];
extern void (*const init_array_start[])(void);
extern void (*const init_array_end[])(void);

void start(void)
{
	for (uint32_t *to = data_start, *from = data_load; to < data_end; to++, from++) {
		*to = *from;
	}
	for (uint32_t *to = bss_start; to < bss_end; to++) {
		*to = 0;
	}
#ifndef NO_CONSTRUCTORS
	for (void (*const *c)(void) = init_array_start; c < init_array_end; c++) {
		(*c)();
	}
#endif
	board_exit((uint32_t)main());
}

#ifdef __riscv

__attribute__((naked, section(".vectors"), used)) void Reset_Handler(void)
{
	__asm__ volatile("la sp, stack_top\n\tj start");
}

void board_exit(uint32_t status)
{
	*(volatile uint32_t *)0x100000 = status == 0 ? 0x5555U : 0x3333U | status << 16;
	for (;;) {
	}
}

#else

void Reset_Handler(void)
{
	start();
}

static void fault(void)
{
	board_exit(BOARD_STATUS_FAULT);
}

void SysTick_Handler(void) __attribute__((weak));
void PendSV_Handler(void) __attribute__((weak));

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
	[0] = (void (*)(void))stack_top, [1] = Reset_Handler,    [2] = fault, [3] = fault,
	[14] = PendSV_Handler,           [15] = SysTick_Handler,
};

void board_exit(uint32_t status)
{
	uint32_t block[2] = {0x20026, status};
	register uint32_t operation __asm__("r0") = 0x20;
	register uint32_t *argument __asm__("r1") = block;

	__asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(argument) : "memory");
	for (;;) {
	}
}

#endif

void port_fatal(void)
{
	board_exit(BOARD_STATUS_FATAL);
}

/* ---- the application ------------------------------------------------------------------------- */

#define SINKS   3
#define PACKETS 8

NET_BUF_POOL_FIXED_DEFINE(app_pool, PACKETS, 20, 0, NULL);

static uint32_t seen[SINKS];

static void count(struct packet_sink *sink, struct net_buf *buf)
{
	seen[(uintptr_t)sink->user_data] += buf->len;
}

PACKET_SOURCE_DEFINE(app_source);
PACKET_SOURCE_DEFINE(app_source_without_sinks);
PACKET_EVENT_QUEUE_DEFINE(app_events, PACKETS);
PACKET_SINK_DEFINE_WITH_DATA(app_sink_0, count, NULL, (void *)0);
PACKET_SINK_DEFINE_WITH_DATA(app_sink_1, count, &app_events_msgq, (void *)1);
PACKET_SINK_DEFINE_WITH_DATA(app_sink_2, count, NULL, (void *)2);
PACKET_CONNECT(&app_source, &app_sink_0);
PACKET_CONNECT(&app_source, &app_sink_1);
PACKET_CONNECT(&app_source, &app_sink_2);

static uint32_t init_runs;

static int app_init(void)
{
	init_runs++;
	return 0;
}

SYS_INIT(app_init, APPLICATION, 0);

static int count_object(struct packet_source *src, void *user_data)
{
	ARG_UNUSED(src);
	++*(uint32_t *)user_data;
	return 0;
}

/* All that the script leaves to a heap; the stack has its own. */
static void use_all_memory(void)
{
	memset(free_start, 0xa5, (uintptr_t)free_end - (uintptr_t)free_start);
}

int main(void)
{
	uint32_t sources = 0;

#ifdef CALLS_START
	kernel_start();
	kernel_start();
#endif
	use_all_memory();
	for (int round = 0; round < PACKETS; round++) {
		struct net_buf *buf = net_buf_alloc(&app_pool, K_NO_WAIT);

		net_buf_add_u8(buf, 1);
		if (packet_source_send_consume(&app_source, buf, K_NO_WAIT) != SINKS) {
			return 1;
		}
		use_all_memory();
	}
	for (int round = 0; round < PACKETS; round++) {
		if (packet_event_process(&app_events, K_NO_WAIT) != 0) {
			return 2;
		}
	}
	for (int i = 0; i < SINKS; i++) {
		if (seen[i] != PACKETS) {
			return 3;
		}
	}
	if (packet_source_foreach(count_object, &sources) != 0 || sources != 2) {
		return 4;
	}
	if (init_runs != 1) {
		return 5;
	}
	/* And the clock goes. */
	return packet_event_process(&app_events, K_MSEC(2)) == -EAGAIN ? 0 : 6;
}
