/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Leaving a test early, at any depth of calls.
 *
 * A jump out of the test back into the runner serves Linux and bare metal alike; a thread per test
 * that could simply exit would not, because bare metal has one thread. Which jump:
 *
 *   Linux: _setjmp() and _longjmp() of the C library. Both sanitizers intercept them, so that ASan
 *   cleans the shadow of the stack that is left, and TSan unwinds its record of calls; the
 *   compiler's builtins would slip past TSan. The variants with the underscore leave the signal
 *   mask alone.
 *
 *   Elsewhere there is no C library: __builtin_setjmp() and __builtin_longjmp(), which save frame
 *   pointer, stack pointer and an address, and make the *compiler* spill all other registers in the
 *   function that lands. They must not meet in one function, hence `noinline`.
 *
 * Interrupts that were masked when a check failed would stay masked for the rest of the run. Where
 * the mask is one register, the guard puts it back.
 */

#include "ztest_internal.h"

#include <port/port.h>

#ifdef CONFIG_PORT_POSIX
#include <setjmp.h>
typedef jmp_buf landing_t;
#define LAND_HERE(landing) _setjmp(landing)
#define JUMP_TO(landing)   _longjmp(landing, 1)
#else
typedef void *landing_t[5];
#define LAND_HERE(landing) __builtin_setjmp(landing)
#define JUMP_TO(landing)   __builtin_longjmp(landing, 1)
#endif

/** One z_ztest_guard() under way. */
struct guard {
	landing_t landing;
	struct guard *outer;
};

static PORT_THREAD_LOCAL bool runs_tests;
static PORT_THREAD_LOCAL struct guard *innermost; /* only ever set on the test thread */

void z_ztest_adopt_thread(void)
{
	runs_tests = true;
}

bool z_ztest_on_test_thread(void)
{
	return runs_tests && !k_is_in_isr();
}

#ifdef CONFIG_PORT_POSIX
/* Masking is a recursive lock here: only its holder could let go, and it may be another thread. */
static port_key_t mask_state(void)
{
	return 0;
}

static void set_mask_state(port_key_t key)
{
	(void)key;
}
#else
static port_key_t mask_state(void)
{
	port_key_t key = port_irq_lock();

	port_irq_unlock(key);
	return key;
}

static void set_mask_state(port_key_t key)
{
	(void)port_irq_lock();
	port_irq_unlock(key);
}
#endif

__attribute__((noinline)) bool z_ztest_guard(void (*fn)(void *arg), void *arg)
{
	struct guard here = {.outer = innermost};
	port_key_t key = mask_state();

	innermost = &here;
	if (LAND_HERE(here.landing) == 0) {
		fn(arg);
		innermost = here.outer;
		return true;
	}
	innermost = innermost->outer;
	set_mask_state(key);
	return false;
}

__attribute__((noinline)) void z_ztest_escape(void)
{
	if (z_ztest_on_test_thread() && innermost != NULL) {
		JUMP_TO(innermost->landing);
	}
}
