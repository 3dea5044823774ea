/* SPDX-License-Identifier: Apache-2.0 */
/** @file An interrupt at a chosen instruction: Cortex-M, SysTick. */
#include "boundary.h"

#include <zephyr/autoconf.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define SYST     0xe000e010
#define SYST_CSR REGISTER(SYST)
#define SYST_RVR REGISTER(SYST + 4)
#define SYST_CVR REGISTER(SYST + 8)

#define SCB_ICSR REGISTER(0xe000ed04)

#define SYST_CSR_ON     7U /* enabled, with its interrupt, on the processor's clock */
#define SYST_CSR_SILENT 5U /* without it */
#define ICSR_PENDSTCLR  (1U << 25)

#define SYST_MAX 0xffffffU

/* Half nanoseconds, of which a cycle of every board has a whole number. */
#define CYCLE       (2000000000U / CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC)
#define INSTRUCTION (2 * BOUNDARY_NSEC)

_Static_assert(CYCLE < INSTRUCTION, "every boundary needs a cycle of its own");

static boundary_routine_t routine;
static struct boundary_hit hit;

/* From the store that starts the timer on: cycles to the interrupt, instructions to the run. */
static uint32_t delay;
static uint32_t lead;

/* Instructions from there to the look at the counter, but for those of the run. */
static uint32_t entry_overhead; /* in the handler */
static uint32_t call_overhead;  /* behind the run */

void SysTick_Handler(void);
void boundary_taken(uint32_t left, const uint32_t *frame);
uint32_t boundary_call(boundary_routine_t run, uint32_t control);
extern const char boundary_behind[];

/*
 * Start the timer by storing @p control, and call. In the cycle that follows the counter is loaded with
 * the delay; with what it is loaded when it is through is up to the store after that: SYST_MAX.
 * @return its value behind the run.
 */
__asm__(".pushsection .text.boundary_call,\"ax\",%progbits\n"
	"	.syntax unified\n"
	"	.thumb\n"
	"	.balign 4\n"
	"	.global boundary_call\n"
	"	.type boundary_call, %function\n"
	"	.thumb_func\n"
	"boundary_call:\n"
	"	push {r4, r5, r6, lr}\n"
	"	ldr r5, =0xe000e010\n"
	"	ldr r6, =0xffffff\n"
	"	str r1, [r5]\n"
	"	nop\n"
	"	str r6, [r5, #4]\n"
	"	blx r0\n"
	"	.global boundary_behind\n"
	"boundary_behind:\n"
	"	ldr r0, [r5, #8]\n"
	"	pop {r4, r5, r6, pc}\n"
	"	.pool\n"
	"	.popsection");

/* The counter first, then the frame: r0 to r3, r12, lr, pc, xpsr. */
__attribute__((naked)) void SysTick_Handler(void)
{
	__asm__ volatile("ldr r0, =0xe000e018\n\t"
			 "ldr r0, [r0]\n\t"
			 "mov r1, sp\n\t"
			 "ldr r2, =boundary_taken\n\t"
			 "bx r2\n\t"
			 ".pool");
}

/* Instructions that have run in @p cycles: the look is behind a whole one, the cycle not over. */
static uint32_t instructions(uint32_t cycles)
{
	return (uint32_t)(((uint64_t)cycles * CYCLE + INSTRUCTION * 5 / 8) / INSTRUCTION);
}

/* Cycles since it went through zero, where it stays for one before it is loaded with SYST_MAX. */
static uint32_t since_zero(uint32_t left)
{
	return left == 0 ? 0 : SYST_MAX + 1 - left;
}

static void timer_stop(void)
{
	SYST_CSR = 0;
	SCB_ICSR = ICSR_PENDSTCLR;
}

__attribute__((used)) void boundary_taken(uint32_t left, const uint32_t *frame)
{
	timer_stop(); /* it may be through once more, where the interrupt had to wait for long */
	hit.hit = true;
	hit.pc = frame[6];
	hit.entered = instructions(delay + since_zero(left)) - entry_overhead;
	routine();
}

/* Prepare for an interrupt within instruction @p n from the store on that starts the timer. */
static void timer_prepare(uint32_t n)
{
	timer_stop();
	delay = (uint32_t)((uint64_t)n * INSTRUCTION / CYCLE);
	SYST_RVR = delay - 1;
	SYST_CVR = 0;
}

/* @return the instructions of @p run and of all around it. */
static uint32_t count_all(boundary_routine_t run)
{
	uint32_t left;

	timer_prepare(SYST_MAX / (INSTRUCTION / CYCLE + 1));
	left = boundary_call(run, SYST_CSR_SILENT);
	timer_stop();
	return instructions(delay - left);
}

uint32_t boundary_count(boundary_routine_t run)
{
	return count_all(run) - call_overhead;
}

struct boundary_hit boundary_run(boundary_routine_t run, uint32_t n, boundary_routine_t isr)
{
	routine = isr;
	hit = (struct boundary_hit){.hit = false};
	timer_prepare(lead + n);
	(void)boundary_call(run, SYST_CSR_ON);
	timer_stop();
	return hit;
}

void boundary_after(uint32_t n, boundary_routine_t isr)
{
	routine = isr;
	timer_prepare(n);
	SYST_CSR = SYST_CSR_ON;
}

__attribute__((naked)) static void nothing(void)
{
	__asm__ volatile("bx lr");
}

void boundary_calibrate(void)
{
	call_overhead = count_all(nothing) - 1;
	lead = 1; /* the interrupt must not come before it is known what follows it */
	entry_overhead = 0;
	do {
		lead++;
		hit = boundary_run(nothing, 0, nothing);
	} while (hit.pc != ((uintptr_t)nothing & ~1U) && lead < 10);
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

static bool is_wide(uint32_t first)
{
	return first >= 0xe800;
}

static bool jumps(uint32_t first)
{
	return (first & 0xff00) == 0x4700 || /* bx, blx */
	       (first & 0xff87) == 0x4687 || /* mov pc, rN */
	       (first & 0xff87) == 0x4487 || /* add pc, rN */
	       (first & 0xff00) == 0xbd00 || /* pop with pc */
	       (first & 0xf500) == 0xb100 || /* cbz, cbnz */
	       (first & 0xf000) == 0xd000 || /* b<condition>, svc */
	       (first & 0xf800) == 0xe000;   /* b */
}

static bool jumps_wide(uint32_t first, uint32_t second)
{
	if ((first & 0xf800) == 0xf000 && (second & 0x8000) != 0) {
		/* Branches, calls, and what shares their encoding: MSR and hints, barriers, MRS. */
		return (second & 0x1000) != 0 || (first & 0x0380) != 0x0380;
	}
	if ((first & 0xfff0) == 0xe8d0 && (second & 0xffe0) == 0xf000) {
		return true; /* tbb, tbh */
	}
	return (first & 0xfe50) == 0xe810 ? (second & 0x8000) != 0
					  : (first & 0xff70) == 0xf850 && second >> 12 == 15;
}

uintptr_t boundary_next(uintptr_t pc)
{
	uint32_t first = half(pc);

	if (is_wide(first)) {
		return jumps_wide(first, half(pc + 2)) ? 0 : pc + 4;
	}
	return jumps(first) ? 0 : pc + 2;
}

bool boundary_masks(uintptr_t pc)
{
	return half(pc) == 0xb672; /* cpsid i */
}

bool boundary_unmasked(uintptr_t pc)
{
	return (half(pc - 4) & 0xfff0) == 0xf380 && half(pc - 2) == 0x8810; /* msr primask, rN */
}
