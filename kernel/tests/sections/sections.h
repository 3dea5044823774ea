/* SPDX-License-Identifier: Apache-2.0 */

#ifndef KERNEL_TESTS_SECTIONS_H_
#define KERNEL_TESTS_SECTIONS_H_

#include <zephyr/sys/iterable_sections.h>

/* One with an odd size, one that compilers like to align more than it needs. */
struct odd {
	char file;
	char number;
	char rest;
};

struct big {
	int file;
	int number;
	char rest[120];
};

struct empty {
	int unused;
};

#endif /* KERNEL_TESTS_SECTIONS_H_ */
