/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A Cortex-M3 that sends back what comes on UART 1: lines are read into memory of the pool and written out
 * of the same memory, both by interrupts. When "quit" comes, it prints its counters on UART 0, and ends
 * with 0 only if everything is home.
 */
#include <zephyr/rtio/cancel.h>
#include <zephyr/sys/printk.h>

#include <cmsdk_uart.h>

#define UART_1   ((struct uart *)0x40005000)
#define IRQS     ((1U << 2) | (1U << 3)) /* of its receiver and its transmitter */
#define NVIC_ISER ((volatile uint32_t *)0xe000e100)
#define NVIC_IPR  ((volatile uint8_t *)0xe000e400)

#define BLOCK  64
#define BLOCKS 8

RTIO_DEFINE_WITH_MEMPOOL(io, BLOCKS + 2, BLOCKS + 2, BLOCKS, BLOCK, 4);

static struct cmsdk_uart_hw hw = {UART_1, 0};
RTIO_UART_DEFINE(line, &cmsdk_uart_hw_api, &hw, 128, BLOCK, '\n');

static bool streaming;
static bool stopped;
static uint32_t writing; /* writes that have not ended */
static uint32_t echoed;  /* bytes */
static uint32_t lines;
static uint32_t starved; /* times that there was no memory */

void board_irq_2(void);
void board_irq_3(void);

void board_irq_2(void)
{
	rtio_uart_interrupt(&line);
}

void board_irq_3(void)
{
	rtio_uart_interrupt(&line);
}

static void start_stream(void)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&io);

	rtio_sqe_prep_read_multishot(sqe, &line.iodev, RTIO_PRIO_NORM, NULL);
	streaming = true;
}

/* A read has ended: its bytes go back out of where they are. */
static void have_line(struct rtio_cqe *cqe)
{
	struct rtio_sqe *sqe;
	uint32_t len;
	uint8_t *buf;

	if (cqe->result < 0) {
		streaming = false;
		starved++;
		return;
	}
	(void)rtio_cqe_get_mempool_buffer(&io, cqe, &buf, &len);
	lines++;
	stopped = cqe->result == 5 && memcmp(buf, "quit\n", 5) == 0;
	sqe = rtio_sqe_acquire(&io);
	rtio_sqe_prep_write(sqe, &line.iodev, RTIO_PRIO_NORM, buf, (uint32_t)cqe->result, buf);
	writing++;
}

static void have_written(const struct rtio_cqe *cqe)
{
	if (cqe->result > 0) {
		echoed += (uint32_t)cqe->result;
	}
	rtio_release_buffer(&io, cqe->userdata, BLOCK);
	writing--;
	if (!streaming && !stopped) {
		start_stream();
	}
}

int main(void)
{
	struct rtio_uart_counters counters;
	bool home;

	uart_start_transmitter(UART_1);
	uart_start_receiver(UART_1);
	NVIC_IPR[2] = CONFIG_PORT_CORTEX_M_CEILING; /* they call the library */
	NVIC_IPR[3] = CONFIG_PORT_CORTEX_M_CEILING;
	NVIC_ISER[0] = IRQS;
	printk("lines come and go on UART 1\n");

	start_stream();
	while (!stopped || writing > 0) {
		struct rtio_cqe *cqe;

		(void)rtio_submit(&io, 0);
		cqe = rtio_cqe_consume_block(&io);
		if (cqe->userdata == NULL) {
			have_line(cqe);
		} else {
			have_written(cqe);
		}
		rtio_cqe_release(&io, cqe);
	}
	uart_stop_receiver(UART_1);
	(void)rtio_cancel_all(&io, NULL);
	(void)rtio_flush_completion_queue(&io);

	counters = rtio_uart_get_counters(&line);
	home = rtio_sqe_acquirable(&io) == io.sq_size && io.block_pool->num_used == 0;
	printk("received %u dropped %u overruns %u echoed %u sent %u lines %u starved %u\n",
	       (unsigned int)counters.received, (unsigned int)counters.dropped,
	       (unsigned int)hw.overruns, (unsigned int)echoed, (unsigned int)counters.sent,
	       (unsigned int)lines, (unsigned int)starved);
	printk("%s\n", home ? "everything is home" : "something is missing");
	return home && counters.received == echoed + counters.dropped && counters.sent == echoed
		       ? 0
		       : 1;
}
