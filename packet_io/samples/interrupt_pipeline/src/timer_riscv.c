/* SPDX-License-Identifier: Apache-2.0 */
/** @file The machine timer: each interrupt sets the moment of the next one. */
#include "timer.h"

#include <zephyr/kernel.h>

#include <port_riscv.h>

#define MTIMECMP_LOW  (*(volatile uint32_t *)(CONFIG_PORT_RISCV_CLINT + 0x4000))
#define MTIMECMP_HIGH (*(volatile uint32_t *)(CONFIG_PORT_RISCV_CLINT + 0x4004))
#define MTIME_LOW     (*(volatile uint32_t *)(CONFIG_PORT_RISCV_CLINT + 0xbff8))
#define MTIME_HIGH    (*(volatile uint32_t *)(CONFIG_PORT_RISCV_CLINT + 0xbffc))

#define CYCLES_PER_TICK (CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC)
#define MIE_MTIE        (1U << 7)

static void (*on_tick)(void);
static uint64_t next;

static void set_next(void)
{
	next += CYCLES_PER_TICK;
	/* Never in between a moment that is too early. */
	MTIMECMP_HIGH = UINT32_MAX;
	MTIMECMP_LOW = (uint32_t)next;
	MTIMECMP_HIGH = (uint32_t)(next >> 32);
}

void port_riscv_timer_interrupt(void)
{
	set_next();
	on_tick();
}

void timer_start(void (*isr)(void))
{
	on_tick = isr;
	next = (uint64_t)MTIME_HIGH << 32 | MTIME_LOW;
	set_next();
	__asm__ volatile("csrs mie, %0" : : "r"(MIE_MTIE));
}
