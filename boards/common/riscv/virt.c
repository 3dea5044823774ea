/* SPDX-License-Identifier: Apache-2.0 */
/** @file QEMU's RISC-V machine "virt": console, exit, and flash that cannot be written. */
#include <board.h>

#include <port/port.h>
#include <port_riscv.h>

#define UART_THR (*(volatile uint8_t *)0x10000000)
#define UART_LSR (*(volatile uint8_t *)0x10000005)

#define UART_LSR_TX_EMPTY 0x20U

/* Power-off, with a status. */
#define TEST_DEVICE      (*(volatile uint32_t *)0x100000)
#define TEST_DEVICE_PASS 0x5555U
#define TEST_DEVICE_FAIL 0x3333U

#define PMP_R      1U
#define PMP_X      4U
#define PMP_TOR    8U
#define PMP_LOCKED 0x80U

extern const uint32_t board_flash_start[], board_flash_end[];

void Reset_Handler(void);

__attribute__((naked, section(".vectors"), used)) void Reset_Handler(void)
{
	__asm__ volatile("la sp, board_stack_end\n\t"
			 "j board_start");
}

/* On a stack that has overflown the port could not handle anything. */
__attribute__((naked, aligned(4))) static void trap(void)
{
	__asm__ volatile("csrw mscratch, t0\n\t"
			 "la t0, board_stack_start + %0\n\t"
			 "bltu sp, t0, 1f\n\t"
			 "csrr t0, mscratch\n\t"
			 "j port_riscv_trap\n"
			 "1:\n\t"
			 "la sp, board_stack_end\n\t"
			 "j board_stack_overflow"
			 :
			 : "i"(BOARD_STACK_MARGIN));
}

void board_init(void)
{
	/* Entry 0 is the lower end of entry 1: the flash. Locked, so that it is for machine mode too. */
	__asm__ volatile("csrw pmpaddr0, %0\n\t"
			 "csrw pmpaddr1, %1\n\t"
			 "csrw pmpcfg0, %2"
			 :
			 : "r"((uintptr_t)board_flash_start >> 2),
			   "r"((uintptr_t)board_flash_end >> 2),
			   "r"((PMP_LOCKED | PMP_TOR | PMP_R | PMP_X) << 8)
			 : "memory");
	__asm__ volatile("csrw mtvec, %0\n\t"
			 "csrsi mstatus, 8"
			 :
			 : "r"(trap)
			 : "memory");
}

void port_print(const char *text, size_t len)
{
	for (; len > 0; len--) {
		while ((UART_LSR & UART_LSR_TX_EMPTY) == 0) {
		}
		UART_THR = (uint8_t)*text++;
	}
}

uintptr_t port_riscv_exception(uint32_t cause, uintptr_t mepc, uintptr_t mtval)
{
	uintptr_t next = board_fault(cause, mepc, mtval);

	if (port_in_isr()) {
		board_exit(BOARD_STATUS_FAULT); /* no thread to go on in */
	}
	return next;
}

void board_exit(uint32_t status)
{
	TEST_DEVICE = status == 0 ? TEST_DEVICE_PASS : TEST_DEVICE_FAIL | status << 16;
	for (;;) {
	}
}
