/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Linux: a signal that ends the program names the running test first, then takes its usual course:
 * a core file, a sanitizer's report, the status the parent expects. An announced fault ends the
 * test.
 */

#define _GNU_SOURCE /* what is in a ucontext_t */

#include "posix_platform.h"
#include "ztest_internal.h"

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

static const struct {
	int signal;
	const char *text;
} fatal_signals[] = {
	{SIGSEGV, "ERROR: SIGSEGV in "}, {SIGBUS, "ERROR: SIGBUS in "},
	{SIGFPE, "ERROR: SIGFPE in "},   {SIGILL, "ERROR: SIGILL in "},
	{SIGABRT, "ERROR: SIGABRT in "}, {SIGTERM, "ERROR: SIGTERM in "},
};

static struct sigaction actions_before[ARRAY_SIZE(fatal_signals)];

/* An overflown stack cannot hold a handler. For the test thread; others have what they set up. */
static char handler_stack[64 * 1024];

/* Of ASan and its kin, which report and leave without a signal. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS;
}

/** The hook leaves the handler by a jump, which does not bring back the signal mask; this does. */
static void on_announced_fault(int signal, const ucontext_t *context)
{
	(void)pthread_sigmask(SIG_SETMASK, &context->uc_sigmask, NULL);
	printk("    That fault was announced by the test\n");
	ztest_post_fatal_error_hook((unsigned int)signal, NULL);
	z_ztest_die("ERROR: ", " returned from ztest_post_fatal_error_hook()");
}

static void on_fatal_signal(int signal, siginfo_t *info, void *context)
{
	if (is_fault(signal) && info->si_code > 0 && z_ztest_take_fault_announcement()) {
		on_announced_fault(signal, context);
	}
	for (size_t i = 0; i < ARRAY_SIZE(fatal_signals); i++) {
		if (fatal_signals[i].signal == signal) {
			z_ztest_last_words(fatal_signals[i].text, "");
			(void)sigaction(signal, &actions_before[i], NULL);
		}
	}
	if (info->si_code <= 0) {
		/* Sent, not caused: returning would not bring it back, but this does, on return. */
		(void)raise(signal);
	}
}

static void on_sanitizer_death(void)
{
	z_ztest_last_words("ERROR: a sanitizer stopped ", "");
}

static void use_handler_stack(void)
{
	stack_t now;
	stack_t ours = {.ss_sp = handler_stack, .ss_size = sizeof(handler_stack)};

	/* ASan may have brought one. */
	if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) != 0) {
		(void)sigaltstack(&ours, NULL);
	}
}

void ztest_posix_catch_crashes(void)
{
	struct sigaction action = {
		.sa_sigaction = on_fatal_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};

	use_handler_stack();
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(fatal_signals); i++) {
		(void)sigaction(fatal_signals[i].signal, &action, &actions_before[i]);
	}
	if (__sanitizer_set_death_callback != NULL) {
		__sanitizer_set_death_callback(on_sanitizer_death);
	}
}
