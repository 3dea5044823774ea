/* SPDX-License-Identifier: Apache-2.0 */
/** @file Arm MPS2 with the Cortex-M3 image AN385: UART 0, and flash that cannot be written. */
#include <board.h>

#include <port/port.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define UART_DATA    REGISTER(0x40004000)
#define UART_STATE   REGISTER(0x40004004)
#define UART_CTRL    REGISTER(0x40004008)
#define UART_BAUDDIV REGISTER(0x40004010)

#define UART_STATE_TX_FULL 1U
#define UART_CTRL_TX       1U

#define SHCSR    REGISTER(0xe000ed24)
#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RNR  REGISTER(0xe000ed98)
#define MPU_RBAR REGISTER(0xe000ed9c)
#define MPU_RASR REGISTER(0xe000eda0)

#define SHCSR_MEMFAULTENA   (1U << 16)
#define MPU_CTRL_ENABLE     (1U << 0)
#define MPU_CTRL_PRIVDEFENA (1U << 2)
#define MPU_RASR_ENABLE     (1U << 0)
#define MPU_RASR_SIZE(log2) (((log2)-1U) << 1)
#define MPU_RASR_CACHED     (1U << 17)
#define MPU_RASR_READ_ONLY  (6U << 24)

extern const uint32_t board_flash_start[];

void board_init(void)
{
	UART_BAUDDIV = 16;
	UART_CTRL = UART_CTRL_TX;

	/* The 4 MiB from address 0 are RAM here: have the memory protection make flash of them. */
	SHCSR |= SHCSR_MEMFAULTENA;
	MPU_RNR = 0;
	MPU_RBAR = (uint32_t)board_flash_start;
	MPU_RASR = MPU_RASR_READ_ONLY | MPU_RASR_CACHED | MPU_RASR_SIZE(22) | MPU_RASR_ENABLE;
	MPU_CTRL = MPU_CTRL_PRIVDEFENA | MPU_CTRL_ENABLE;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}

void port_print(const char *text, size_t len)
{
	for (; len > 0; len--) {
		while ((UART_STATE & UART_STATE_TX_FULL) != 0) {
		}
		UART_DATA = (unsigned char)*text++;
	}
}
