/* SPDX-License-Identifier: Apache-2.0 */

/** @file How the Linux files of the runner see each other. */

#ifndef ZTEST_POSIX_PLATFORM_H_
#define ZTEST_POSIX_PLATFORM_H_

#include <stdbool.h>
#include <stdint.h>

/** What the command line said. Written before the first test runs. */
struct ztest_posix_options {
	const char *selector; /* suite::test,suite::*,... or NULL */
	uint32_t repeat;      /* runs of each suite */
	uint32_t timeout_s;   /* for each test or hook; 0: for ever */
	bool list;
};

extern struct ztest_posix_options ztest_posix_options;

/**
 * Read the command line.
 * @return -1: go on; else leave with this status, everything is said.
 */
int ztest_posix_parse(int argc, char **argv);

/** Print suite::test of everything selected, in order. */
void ztest_posix_list(void);

/** Start the watchdog, if there is a timeout. @return whether that worked. */
bool ztest_posix_watch(void);

/** Name the running test when a signal ends the program. */
void ztest_posix_catch_crashes(void);

#endif /* ZTEST_POSIX_PLATFORM_H_ */
