/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * main() where there is neither a command line nor a clock to watch: every test runs once, and the
 * host that looks at the output stops an image that hangs.
 */

#include "ztest_internal.h"

#include <port/port.h>

bool z_ztest_platform_selected(const char *suite, const char *test)
{
	(void)suite;
	(void)test;
	return true;
}

const char *z_ztest_platform_selector(void)
{
	return NULL;
}

uint32_t z_ztest_platform_repeat(void)
{
	return 1;
}

void z_ztest_platform_entered(void)
{
}

void z_ztest_platform_hurry(void)
{
}

void z_ztest_platform_leave_thread(void)
{
	port_fatal(); /* there is one thread, which runs the tests, so nobody comes here */
}

/** @return the exit status; what becomes of it is up to the start-up code. */
int main(void)
{
	z_ztest_adopt_thread();
	test_main();
	return z_ztest_report();
}
