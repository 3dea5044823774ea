/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is printed, for tests. */
#include "capture.h"

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>

#include <string.h>

void __real_port_print(const char *text, size_t len);
void __wrap_port_print(const char *text, size_t len);

char captured[8192];

static struct k_spinlock lock; /* guards all of them */
static bool capturing;
static size_t used;

static void set_capturing(bool on)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	capturing = on;
	if (on) {
		used = 0;
		captured[0] = '\0';
	}
	k_spin_unlock(&lock, key);
}

void capture_start(void)
{
	set_capturing(true);
}

void capture_stop(void)
{
	set_capturing(false);
}

void __wrap_port_print(const char *text, size_t len)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool keep = capturing;

	if (keep) {
		size_t part = MIN(len, sizeof(captured) - 1 - used);

		memcpy(captured + used, text, part);
		used += part;
		captured[used] = '\0';
	}
	k_spin_unlock(&lock, key);
	if (!keep) {
		__real_port_print(text, len);
	}
}

unsigned int captured_lines_with(const char *first, const char *second)
{
	unsigned int count = 0;
	const char *line = captured;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		char copy[512];

		len = MIN(len, sizeof(copy) - 1);
		memcpy(copy, line, len);
		copy[len] = '\0';
		count += strstr(copy, first) != NULL && strstr(copy, second) != NULL ? 1 : 0;
		line += strcspn(line, "\n");
		line += *line != '\0' ? 1 : 0;
	}
	return count;
}
