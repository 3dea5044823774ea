/* SPDX-License-Identifier: Apache-2.0 */
/** @file BBC micro:bit, nRF51 with a Cortex-M0: its UART and its random number generator. */
#include <board.h>

#include <port/port.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART_STARTTX REGISTER(0x40002008)
#define UART_TXDRDY  REGISTER(0x4000211c)
#define UART_ENABLE  REGISTER(0x40002500)
#define UART_PSELTXD REGISTER(0x4000250c)
#define UART_TXD     REGISTER(0x4000251c)

#define RNG_START  REGISTER(0x4000d000)
#define RNG_STOP   REGISTER(0x4000d004)
#define RNG_VALRDY REGISTER(0x4000d100)
#define RNG_VALUE  REGISTER(0x4000d508)

void board_init(void)
{
	UART_PSELTXD = 24;
	UART_ENABLE = 4;
	UART_STARTTX = 1;
}

void port_print(const char *text, size_t len)
{
	for (; len > 0; len--) {
		UART_TXDRDY = 0;
		UART_TXD = (unsigned char)*text++;
		while (UART_TXDRDY == 0) {
		}
	}
}

int port_entropy(void *dst, size_t len)
{
	unsigned char *to = dst;

	RNG_START = 1;
	for (; len > 0; len--) {
		RNG_VALRDY = 0;
		while (RNG_VALRDY == 0) {
		}
		*to++ = (unsigned char)RNG_VALUE;
	}
	RNG_STOP = 1;
	return 0;
}
