/* SPDX-License-Identifier: Apache-2.0 */
/** @file From reset to main(), and the end. Runs before anything is initialised. */
#include <board.h>

#include <string.h>

#include <port/bare.h>
#include <port/port.h>

/* Of the linker script. */
extern uint32_t board_stack_start[], board_stack_end[];
extern uint32_t board_data_start[], board_data_end[], board_data_load[];
extern uint32_t board_bss_start[], board_bss_end[];
extern void (*const board_constructors_start[])(void);
extern void (*const board_constructors_end[])(void);

int main(void);

static void print(const char *text)
{
	port_print(text, strlen(text));
}

static void print_hex(uint32_t value)
{
	char digits[10] = "0x";

	for (size_t i = 0; i < 8; i++) {
		digits[2 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 0xf];
	}
	port_print(digits, sizeof(digits));
}

void board_start(void)
{
	uint32_t *to = board_data_start;
	const uint32_t *from = board_data_load;

	while (to != board_data_end) {
		*to++ = *from++;
	}
	for (to = board_bss_start; to != board_bss_end; to++) {
		*to = 0;
	}
	/* What is still zero later was never used. Our own frames are at the high end. */
	for (to = board_stack_start; to < (uint32_t *)__builtin_frame_address(0) - 32; to++) {
		*to = 0;
	}
	board_init();
	for (void (*const *c)(void) = board_constructors_start; c != board_constructors_end; c++) {
		(*c)();
	}
	board_exit((uint32_t)main());
}

bool port_stack_bounds(uintptr_t *start, size_t *size)
{
	*start = (uintptr_t)board_stack_start;
	*size = (uintptr_t)board_stack_end - (uintptr_t)board_stack_start;
	return true;
}

void port_fatal(void)
{
	board_exit(BOARD_STATUS_FATAL);
}

/* Of the test framework, where it is in the program. */
__attribute__((weak)) void ztest_fault(unsigned int reason, const void *esf);

static uint32_t fault_reason;

/* The thread comes here, out of the fault. */
static void fault_in_thread(void)
{
	ztest_fault(fault_reason, NULL);
	board_exit(BOARD_STATUS_FAULT);
}

void board_stack_overflow(void)
{
	print("FAULT stack overflow\n");
	board_exit(BOARD_STATUS_FAULT);
}

uintptr_t board_fault(uint32_t reason, uintptr_t pc, uintptr_t address)
{
	print("FAULT ");
	print_hex(reason);
	print(" at ");
	print_hex(pc);
	print(", address ");
	print_hex(address);
	print("\n");
	if (ztest_fault == NULL) {
		board_exit(BOARD_STATUS_FAULT);
	}
	fault_reason = reason;
	return (uintptr_t)fault_in_thread;
}
