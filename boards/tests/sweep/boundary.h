/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An interrupt at a chosen instruction of a function, on the core's own timer.
 *
 * QEMU's virtual clock stands still but for instructions, each of which takes BOUNDARY_NSEC, and that
 * is longer than a cycle of the timer. So a delay can be chosen that ends within the one instruction
 * wanted, and the counter, read when the interrupt has come, tells how many instructions that took.
 *
 * A boundary of a function is a place between two of its instructions; number n is behind the first
 * n of them. Number 0 is before the first; the last is behind the return.
 */
#ifndef BOUNDARY_H_
#define BOUNDARY_H_

#include <stdbool.h>
#include <stdint.h>

/** What an instruction takes of virtual time: tools/qemu/run.py --icount 7. */
#define BOUNDARY_NSEC 128

/** What is interrupted, and the routine that does it. */
typedef void (*boundary_routine_t)(void);

/** An interrupt that has come. */
struct boundary_hit {
	bool hit;         /**< it has */
	uintptr_t pc;     /**< the instruction that was next */
	uint32_t entered; /**< the boundary at which it was taken */
};

/** Find out what the machine adds to what is measured. Once, before all others. */
void boundary_calibrate(void);

/** @return the instructions of @p run, nothing interrupting it. */
uint32_t boundary_count(boundary_routine_t run);

/** Call @p run and have @p isr interrupt it, becoming pending at boundary @p n. @return how it went. */
struct boundary_hit boundary_run(boundary_routine_t run, uint32_t n, boundary_routine_t isr);

/** Have @p isr come once, when about @p n instructions from now have run. Context: thread, ISR. */
void boundary_after(uint32_t n, boundary_routine_t isr);

/** @return the address at which a function that boundary_run() called goes on. */
uintptr_t boundary_end(void);

/** @return the instruction behind the one at @p pc; 0 if that one can go anywhere else. */
uintptr_t boundary_next(uintptr_t pc);

/** @return whether the instruction at @p pc masks interrupts. */
bool boundary_masks(uintptr_t pc);

/** @return whether the instruction before @p pc can let interrupts in again. */
bool boundary_unmasked(uintptr_t pc);

#endif /* BOUNDARY_H_ */
