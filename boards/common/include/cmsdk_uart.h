/* SPDX-License-Identifier: Apache-2.0 */
/** @file CMSDK APB UARTs, as on Arm MPS2: no FIFO, one byte each way. */
#ifndef BOARDS_CMSDK_UART_H_
#define BOARDS_CMSDK_UART_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef CONFIG_RTIO_UART
#include <zephyr/rtio/uart.h>
#endif

/** Its registers. */
struct uart {
	volatile uint32_t data;
	volatile uint32_t state; /**< an overrun ends when it is written back */
	volatile uint32_t ctrl;
	volatile uint32_t interrupt; /**< what asks for an interrupt; cleared by writing it back */
	volatile uint32_t bauddiv;
};

#define UART_STATE_TX_FULL      (1U << 0)
#define UART_STATE_RX_FULL      (1U << 1)
#define UART_STATE_RX_OVERRUN   (1U << 3)
#define UART_CTRL_TX            (1U << 0)
#define UART_CTRL_RX            (1U << 1)
#define UART_CTRL_TX_INTERRUPT  (1U << 2)
#define UART_CTRL_RX_INTERRUPT  (1U << 3)
#define UART_INTERRUPT_TX       (1U << 0)
#define UART_INTERRUPT_RX       (1U << 1)

/** Let @p uart transmit. It can transmit already if it is the console's. */
void uart_start_transmitter(struct uart *uart);

/** Let @p uart receive, with an interrupt for each byte, or no longer. */
void uart_start_receiver(struct uart *uart);
void uart_stop_receiver(struct uart *uart);

/**
 * Answer the receive interrupt. Counts in *@p overruns if bytes were lost since the last call.
 * Context: ISR.   @return whether there was a byte, which is in *@p byte.
 */
bool uart_receive(struct uart *uart, uint8_t *byte, uint32_t *overruns);

/**
 * Let @p uart interrupt when it has room for another byte after it had none, or no longer.
 * Context: any.
 */
void uart_transmit_interrupt(struct uart *uart, bool on);

/** Transmit @p byte, and answer the transmit interrupt. @return whether there was room for it. */
bool uart_try_transmit(struct uart *uart, uint8_t byte);

/** Transmit @p len bytes.   Blocks: until the last one is on its way. */
void uart_transmit(struct uart *uart, const uint8_t *data, size_t len);

#ifdef CONFIG_RTIO_UART
/** One as the hardware of a `struct rtio_uart`; both of its interrupts call rtio_uart_interrupt(). */
struct cmsdk_uart_hw {
	struct uart *registers;
	uint32_t overruns; /**< times that it lost bytes */
};

extern const struct rtio_uart_hw_api cmsdk_uart_hw_api;
#endif

#endif /* BOARDS_CMSDK_UART_H_ */
