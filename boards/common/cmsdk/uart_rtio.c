/* SPDX-License-Identifier: Apache-2.0 */
/** @file A CMSDK UART as the hardware of a `struct rtio_uart`. */
#include <cmsdk_uart.h>

#ifdef CONFIG_RTIO_UART

static bool receive(void *hw, uint8_t *byte)
{
	struct cmsdk_uart_hw *uart = hw;

	return uart_receive(uart->registers, byte, &uart->overruns);
}

static bool transmit(void *hw, uint8_t byte)
{
	struct cmsdk_uart_hw *uart = hw;

	return uart_try_transmit(uart->registers, byte);
}

static void transmit_interrupt(void *hw, bool on)
{
	struct cmsdk_uart_hw *uart = hw;

	uart_transmit_interrupt(uart->registers, on);
}

const struct rtio_uart_hw_api cmsdk_uart_hw_api = {receive, transmit, transmit_interrupt};

#endif
