/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/uart.h>

/* Other documents define these, too. */
#define io uart_io

/* What boards/common/cmsdk has, with one byte that has come in. */
struct uart {
	uint32_t data;
};

struct cmsdk_uart_hw {
	struct uart *uart;
	uint32_t sent;
};

static uint32_t waiting = 5;

static bool receive(void *hw, uint8_t *byte)
{
	ARG_UNUSED(hw);
	if (waiting == 0) {
		return false;
	}
	waiting--;
	*byte = waiting == 0 ? '\n' : 'x';
	return true;
}

static bool transmit(void *hw, uint8_t byte)
{
	ARG_UNUSED(byte);
	((struct cmsdk_uart_hw *)hw)->sent++;
	return true;
}

static void transmit_interrupt(void *hw, bool on)
{
	ARG_UNUSED(hw);
	ARG_UNUSED(on);
}

static const struct rtio_uart_hw_api cmsdk_uart_hw_api = {receive, transmit, transmit_interrupt};

#include "definitions.inc"

RTIO_DEFINE(io, 2, 2);

ZTEST(documents, test_rtio_uart)
{
	uint8_t got[8];
	struct rtio_cqe *cqe;

	rtio_sqe_prep_read(rtio_sqe_acquire(&io), &line.iodev, RTIO_PRIO_NORM, got, sizeof(got),
			   NULL);
	rtio_submit(&io, 0);
	zassert_is_null(rtio_cqe_consume(&io));
	board_irq_2();
	cqe = rtio_cqe_consume(&io);
	zassert_equal(cqe->result, 5);
	zassert_mem_equal(got, "xxxx\n", 5);
	rtio_cqe_release(&io, cqe);
}
