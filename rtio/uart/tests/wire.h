/* SPDX-License-Identifier: Apache-2.0 */
/** @file Hardware of a UART for tests: bytes come in as fed, go out one for each interrupt. */
#ifndef RTIO_UART_TESTS_WIRE_H_
#define RTIO_UART_TESTS_WIRE_H_

#include <zephyr/rtio/uart.h>

#define WIRE_SIZE 256

struct wire {
	struct rtio_uart *uart;
	struct port_irq irq;
	struct k_spinlock lock;
	uint8_t in[WIRE_SIZE]; /* fed, not received */
	uint32_t in_count;
	uint32_t in_taken;
	uint8_t out[WIRE_SIZE]; /* sent */
	uint32_t out_count;
	bool stalled;    /* takes nothing */
	bool full;       /* has taken a byte that is not out */
	bool interrupts; /* of the transmitter */
};

extern const struct rtio_uart_hw_api wire_api;

void wire_init(struct wire *wire, struct rtio_uart *uart);

/* Let bytes arrive, with an interrupt. */
void wire_feed(struct wire *wire, const char *bytes, uint32_t len);

/* It takes nothing, or again. */
void wire_stall(struct wire *wire, bool stall);

#endif /* RTIO_UART_TESTS_WIRE_H_ */
