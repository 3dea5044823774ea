/* SPDX-License-Identifier: Apache-2.0 */

/** @file Linux: main() of a test program. */

#include "posix_platform.h"
#include "ztest_internal.h"

#include <pthread.h>
#include <stdio.h>

void z_ztest_platform_leave_thread(void)
{
#ifdef CONFIG_MULTITHREADING
	/* The kernel tells who joins it, and the virtual clock that it no longer runs. */
	k_thread_abort(k_current_get());
#endif
	pthread_exit(NULL);
}

int main(int argc, char **argv)
{
	int status = ztest_posix_parse(argc, argv);

	if (status >= 0) {
		return status;
	}
	if (ztest_posix_options.list) {
		ztest_posix_list();
		return 0;
	}
	/* What tests print with the C library comes in order with what the runner prints. */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	z_ztest_adopt_thread();
	ztest_posix_catch_crashes();
	if (!ztest_posix_watch()) {
		(void)fprintf(stderr, "%s: cannot start the watchdog thread\n", argv[0]);
		return 1;
	}
	test_main();
	return z_ztest_report();
}
