/* SPDX-License-Identifier: Apache-2.0 */
#include <cmsdk_uart.h>

#define FASTEST 16U /* of the dividers of its clock */

void uart_start_transmitter(struct uart *uart)
{
	uart->bauddiv = FASTEST;
	uart->ctrl |= UART_CTRL_TX;
}

void uart_start_receiver(struct uart *uart)
{
	uart->bauddiv = FASTEST;
	uart->ctrl |= UART_CTRL_RX | UART_CTRL_RX_INTERRUPT;
}

void uart_stop_receiver(struct uart *uart)
{
	uart->ctrl &= ~(UART_CTRL_RX | UART_CTRL_RX_INTERRUPT);
}

bool uart_receive(struct uart *uart, uint8_t *byte, uint32_t *overruns)
{
	uint32_t state;

	/* First: a byte that comes from here on asks for an interrupt of its own. */
	uart->interrupt = UART_INTERRUPT_RX;
	state = uart->state;
	if ((state & UART_STATE_RX_OVERRUN) != 0) {
		uart->state = UART_STATE_RX_OVERRUN;
		(*overruns)++;
	}
	if ((state & UART_STATE_RX_FULL) == 0) {
		return false;
	}
	*byte = (uint8_t)uart->data;
	return true;
}

void uart_transmit_interrupt(struct uart *uart, bool on)
{
	if (on) {
		uart->ctrl |= UART_CTRL_TX_INTERRUPT;
	} else {
		uart->ctrl &= ~UART_CTRL_TX_INTERRUPT;
		uart->interrupt = UART_INTERRUPT_TX; /* what was asked for before */
	}
}

bool uart_try_transmit(struct uart *uart, uint8_t byte)
{
	/* First: room that comes from here on asks for an interrupt of its own. */
	uart->interrupt = UART_INTERRUPT_TX;
	if ((uart->state & UART_STATE_TX_FULL) != 0) {
		return false;
	}
	uart->data = byte;
	return true;
}

void uart_transmit(struct uart *uart, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		while ((uart->state & UART_STATE_TX_FULL) != 0) {
			/* the receiver of the frames is slower than we are */
		}
		uart->data = data[i];
	}
}
