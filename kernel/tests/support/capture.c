/* SPDX-License-Identifier: Apache-2.0 */

#include "capture.h"

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>

#include <port/port.h>

#include <string.h>

void __real_port_print(const char *text, size_t len);
void __wrap_port_print(const char *text, size_t len);

char captured[8192];
size_t captured_pieces[CAPTURE_PIECES];

/* Guards all of them. */
static struct k_spinlock lock;
static bool capturing;
static size_t captured_len;
static size_t pieces;

void __wrap_port_print(const char *text, size_t len)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool mine = capturing;

	if (mine) {
		size_t part = MIN(len, sizeof(captured) - 1 - captured_len);

		if (part > 0) {
			memcpy(captured + captured_len, text, part);
		}
		captured_len += part;
		captured[captured_len] = '\0';
		if (pieces < CAPTURE_PIECES) {
			captured_pieces[pieces] = len;
		}
		pieces++;
	}
	k_spin_unlock(&lock, key);
	if (!mine) {
		__real_port_print(text, len);
	}
}

void capture_start(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	captured_len = 0;
	captured[0] = '\0';
	pieces = 0;
	capturing = true;
	k_spin_unlock(&lock, key);
}

size_t capture_stop(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	size_t count = pieces;

	capturing = false;
	k_spin_unlock(&lock, key);
	return count;
}
