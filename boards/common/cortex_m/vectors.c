/* SPDX-License-Identifier: Apache-2.0 */
/** @file Vector table and faults of Cortex-M. */
#include <board.h>

#include <port/port.h>

extern uint32_t board_stack_end[];

void Reset_Handler(void);
void Fault_Handler(void);
void fault_c(uint32_t *frame, uint32_t exc_return);

void Reset_Handler(void)
{
	board_start();
}

static void unexpected(void)
{
	board_exit(BOARD_STATUS_FAULT);
}

void SysTick_Handler(void) __attribute__((weak));
void PendSV_Handler(void) __attribute__((weak));

/* External interrupts; a program that uses one defines a function of that name. */
#define EXTERNAL(n) void board_irq_##n(void) __attribute__((weak));
#define EXTERNALS(X)                                                                               \
	X(0)                                                                                       \
	X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16)     \
		X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29)      \
			X(30) X(31)
EXTERNALS(EXTERNAL)

typedef void (*vector_t)(void);

__attribute__((section(".vectors"), used)) static const vector_t vectors[16 + 32] = {
	(vector_t)(uintptr_t)board_stack_end,
	Reset_Handler,
	unexpected,    /* NMI */
	Fault_Handler, /* hard fault */
	Fault_Handler, /* memory management */
	Fault_Handler, /* bus */
	Fault_Handler, /* usage */
	0,
	0,
	0,
	0,
	unexpected, /* supervisor call */
	unexpected, /* debug monitor */
	0,
	PendSV_Handler,
	SysTick_Handler,
#define ENTRY(n) board_irq_##n,
	EXTERNALS(ENTRY)};

#define SCB_ICSR  (*(volatile uint32_t *)0xe000ed04)
#define SCB_SHCSR (*(volatile uint32_t *)0xe000ed24)
#define SCB_CFSR  (*(volatile uint32_t *)0xe000ed28)
#define SCB_MMFAR (*(volatile uint32_t *)0xe000ed34)

__attribute__((naked)) void Fault_Handler(void)
{
	/* Registers are on the main stack, the only one there is, unless it had no room for them. */
	__asm__ volatile("mov r0, sp\n\t"
			 "ldr r2, =board_stack_start + %c0\n\t"
			 "cmp r0, r2\n\t"
			 "blo 1f\n\t"
			 "mov r1, lr\n\t"
			 "push {r1, r2}\n\t"
			 "bl fault_c\n\t"
			 "pop {r1, r2}\n\t"
			 "bx r1\n"
			 "1:\n\t"
			 "ldr r2, =board_stack_end\n\t"
			 "mov sp, r2\n\t"
			 "bl board_stack_overflow\n\t"
			 ".ltorg"
			 :
			 : "i"(BOARD_STACK_MARGIN));
}

/* The frame: r0 to r3, r12, lr, pc, xpsr. */
__attribute__((used)) void fault_c(uint32_t *frame, uint32_t exc_return)
{
	uint32_t reason = 0;
	uint32_t address = 0;

#if __ARM_ARCH > 6
	reason = SCB_CFSR;
	address = SCB_MMFAR;
	SCB_CFSR = reason; /* written bits are cleared */
#endif
	reason |= (SCB_ICSR & 0x1ffU) << 20;
	frame[6] = (uint32_t)board_fault(reason, frame[6], address) & ~1U;
	frame[7] = 1U << 24; /* Thumb, and nothing of an instruction that was interrupted */
	if ((exc_return & 8U) == 0) {
		board_exit(BOARD_STATUS_FAULT); /* in an ISR: no thread to go on in */
	}
}

void board_exit(uint32_t status)
{
	/* Semihosting: SYS_EXIT_EXTENDED with ADP_Stopped_ApplicationExit. */
	uint32_t block[2] = {0x20026, status};
	register uint32_t operation __asm__("r0") = 0x20;
	register uint32_t *argument __asm__("r1") = block;

	__asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(argument) : "memory");
	for (;;) {
	}
}
