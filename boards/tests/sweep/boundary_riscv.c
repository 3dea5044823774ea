/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An interrupt at a chosen instruction: RISC-V, the machine timer. Under QEMU with -icount mcycle
 * counts nanoseconds of virtual time, so that it tells of every instruction.
 */
#include "boundary.h"

#include <zephyr/autoconf.h>

#include <port_riscv.h>

#define REGISTER(offset) (*(volatile uint32_t *)(CONFIG_PORT_RISCV_CLINT + (offset)))

#define MTIMECMP_LOW  REGISTER(0x4000)
#define MTIMECMP_HIGH REGISTER(0x4004)
#define MTIME_LOW     REGISTER(0xbff8)
#define MTIME_HIGH    REGISTER(0xbffc)

#define MIE_MTIE (1U << 7)

/* Nanoseconds of a cycle of mtime. */
#define CYCLE (1000000000U / CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC)

_Static_assert(CYCLE < BOUNDARY_NSEC, "every boundary needs a cycle of its own");

static boundary_routine_t routine;
static struct boundary_hit hit;

/* From mcycle noted here on: instructions to the run. */
static uint32_t started;
static uint32_t lead;

/* Instructions from there to the second look at mcycle, but for those of the run. */
static uint32_t entry_overhead; /* in the handler */
static uint32_t call_overhead;  /* behind the run */

uint32_t boundary_call(boundary_routine_t run, volatile uint32_t *mtime, uint32_t high,
		       uint32_t cycles, volatile uint32_t *mtimecmp, uint32_t *start);
extern const char boundary_behind[];

/*
 * Note mcycle in *@p start, have the timer interrupt @p cycles of mtime from the store to *@p mtimecmp
 * on, and call. That store comes 9 instructions after the look at *@p mtime, so what mtime is then
 * follows from the nanoseconds since it last changed: mcycle modulo 100, to the upper half of which
 * @p high belongs.   @return mcycle behind the run.
 */
_Static_assert(CYCLE == 100 && BOUNDARY_NSEC == 128, "numbers in the code below");
__asm__(".pushsection .text.boundary_call,\"ax\",%progbits\n"
	"	.balign 4\n"
	"	.global boundary_call\n"
	"	.type boundary_call, @function\n"
	"boundary_call:\n"
	"	addi sp, sp, -16\n"
	"	sw ra, 0(sp)\n"
	"	csrr t0, mcycle\n"
	"	sw t0, 0(a5)\n"
	"	lw t1, 0(a1)\n"
	"	add t0, t0, a2\n"
	"	addi t0, t0, 2 * 128\n"
	"	li t2, 100\n"
	"	remu t0, t0, t2\n"
	"	addi t0, t0, 9 * 128\n"
	"	divu t0, t0, t2\n"
	"	add t0, t0, t1\n"
	"	add t0, t0, a3\n"
	"	sw t0, 0(a4)\n"
	"	jalr a0\n"
	"	.global boundary_behind\n"
	"boundary_behind:\n"
	"	csrr a0, mcycle\n"
	"	lw ra, 0(sp)\n"
	"	addi sp, sp, 16\n"
	"	ret\n"
	"	.popsection");

static uint32_t mcycle(void)
{
	uint32_t value;

	__asm__ volatile("csrr %0, mcycle" : "=r"(value));
	return value;
}

static uint32_t mcycleh(void)
{
	uint32_t value;

	__asm__ volatile("csrr %0, mcycleh" : "=r"(value));
	return value;
}

void port_riscv_timer_interrupt(void)
{
	uint32_t now = mcycle();

	__asm__ volatile("csrc mie, %1\n\tcsrr %0, mepc" : "=r"(hit.pc) : "r"(MIE_MTIE) : "memory");
	hit.hit = true;
	hit.entered = (now - started) / BOUNDARY_NSEC - entry_overhead;
	routine();
}

static void timer_enable(void)
{
	__asm__ volatile("csrs mie, %0" : : "r"(MIE_MTIE) : "memory");
}

static void timer_stop(void)
{
	__asm__ volatile("csrc mie, %0" : : "r"(MIE_MTIE) : "memory");
}

/* Call @p run with an interrupt within instruction @p n from the store on that starts the timer. */
static uint32_t call(boundary_routine_t run, uint32_t n)
{
	MTIMECMP_LOW = UINT32_MAX;
	while (mcycle() > 0xffff0000U || MTIME_LOW > 0xffff0000U) {
		/* until both are through zero, so that their halves belong together */
	}
	MTIMECMP_HIGH = MTIME_HIGH;
	return boundary_call(run, &MTIME_LOW,
			     (uint32_t)((1ULL << 32) % CYCLE) * (mcycleh() % CYCLE),
			     n * BOUNDARY_NSEC / CYCLE, &MTIMECMP_LOW, &started);
}

/* @return the instructions of @p run and of all around it. */
static uint32_t count_all(boundary_routine_t run)
{
	uint32_t end;

	timer_stop();
	end = call(run, 1000000);
	return (end - started) / BOUNDARY_NSEC;
}

uint32_t boundary_count(boundary_routine_t run)
{
	return count_all(run) - call_overhead;
}

struct boundary_hit boundary_run(boundary_routine_t run, uint32_t n, boundary_routine_t isr)
{
	routine = isr;
	hit = (struct boundary_hit){.hit = false};
	MTIMECMP_HIGH = UINT32_MAX;
	timer_enable();
	(void)call(run, lead + n);
	timer_stop();
	return hit;
}

void boundary_after(uint32_t n, boundary_routine_t isr)
{
	routine = isr;
	uint32_t now;

	MTIMECMP_HIGH = UINT32_MAX;
	do {
		now = MTIME_HIGH;
		MTIMECMP_LOW = MTIME_LOW + n * BOUNDARY_NSEC / CYCLE;
	} while (MTIMECMP_LOW < n * BOUNDARY_NSEC / CYCLE || MTIME_HIGH != now);
	MTIMECMP_HIGH = now;
	timer_enable();
}

__attribute__((naked)) static void nothing(void)
{
	__asm__ volatile("ret");
}

void boundary_calibrate(void)
{
	call_overhead = count_all(nothing) - 1;
	lead = 0;
	entry_overhead = 0;
	do {
		lead++;
		hit = boundary_run(nothing, 0, nothing);
	} while (hit.pc != (uintptr_t)nothing && lead < 10);
	entry_overhead = hit.entered;
}

uintptr_t boundary_end(void)
{
	return (uintptr_t)boundary_behind;
}

/* ---- instructions ---------------------------------------------------------------------------- */

static uint32_t half(uintptr_t pc)
{
	return *(const uint16_t *)pc;
}

static uint32_t word(uintptr_t pc)
{
	return half(pc) | half(pc + 2) << 16;
}

static bool jumps(uint32_t word)
{
	uint32_t opcode = word & 0x7f;

	return opcode == 0x63 || opcode == 0x67 || opcode == 0x6f; /* b<condition>, jalr, jal */
}

static bool jumps_short(uint32_t half)
{
	uint32_t quadrant = half & 3;
	uint32_t function = half >> 13;

	return quadrant == 1
		       ? function == 1 || function >= 5 /* c.jal, c.j, c.beqz, c.bnez */
		       : quadrant == 2 && function == 4 && (half & 0x7c) == 0; /* c.jr, c.jalr */
}

uintptr_t boundary_next(uintptr_t pc)
{
	if ((half(pc) & 3) == 3) {
		return jumps(word(pc)) ? 0 : pc + 4;
	}
	return jumps_short(half(pc)) ? 0 : pc + 2;
}

/* csrrci rN, mstatus, 8 */
bool boundary_masks(uintptr_t pc)
{
	return (word(pc) & 0xfffff07f) == 0x30047073;
}

/* csrrs zero, mstatus, rN */
bool boundary_unmasked(uintptr_t pc)
{
	return (word(pc - 4) & 0xfff07fff) == 0x30002073;
}
