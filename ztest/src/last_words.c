/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What is printed when the program must stop in the middle of a test: after an assertion or crash,
 * or because a test hangs. It may be a signal handler that prints, or a thread while another one
 * holds whatever printk() needs, so the text goes straight to the port.
 */

#include "ztest_internal.h"

#include <port/atomics.h>
#include <port/port.h>

static void say(const char *text)
{
	port_print(text, strlen(text));
}

static void say_number(uint32_t number)
{
	char digits[11];
	char *at = &digits[sizeof(digits) - 1];

	*at = '\0';
	do {
		*--at = (char)('0' + number % 10U);
		number /= 10U;
	} while (number > 0U);
	say(at);
}

static void say_place(struct z_ztest_place place)
{
	if (place.suite == NULL) {
		say("no test");
		return;
	}
	say(place.suite->name);
	if (place.test != NULL) {
		say("::");
		say(place.test->name);
	}
	if (place.phase != ZTEST_PHASE_TEST) {
		say(" (");
		say(z_ztest_phase_name(place.phase));
		say(")");
	}
}

static void say_counts(struct z_ztest_counts counts)
{
	say_number(counts.passed);
	say(" passed, ");
	say_number(counts.failed);
	say(" failed");
	if (counts.skipped > 0U) {
		say(", ");
		say_number(counts.skipped);
		say(" skipped");
	}
	say("\n");
}

static uint32_t spoken; /* 1 once the closing lines are out, whoever printed them */

void z_ztest_no_more_words(void)
{
	(void)atomic32_exchange(&spoken, 1);
}

void z_ztest_last_words(const char *before, const char *after)
{
	struct z_ztest_place place = z_ztest_now();
	struct z_ztest_counts counts;

	if (atomic32_exchange(&spoken, 1) != 0) {
		return;
	}
	say("\n");
	say(before);
	say_place(place);
	say(after);
	say("\n");
	if (place.test != NULL) {
		say(" FAIL - ");
		say(place.test->name);
		say("\n");
	}
	say("===================================================================\n"
	    "PROJECT EXECUTION FAILED\n");
	counts = z_ztest_count();
	counts.failed++;
	say_counts(counts);
}

void z_ztest_die(const char *before, const char *after)
{
	z_ztest_last_words(before, after);
	port_fatal();
}
