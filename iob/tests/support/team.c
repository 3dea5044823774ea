/* SPDX-License-Identifier: Apache-2.0 */
/** @file Threads for tests. */
#include "team.h"

#include <zephyr/ztest.h>

#define STACK_SIZE 65536

static K_THREAD_STACK_ARRAY_DEFINE(stacks, TEAM_MAX, STACK_SIZE);
static struct k_thread threads[TEAM_MAX];
static unsigned int used;
static int64_t began;

k_tid_t team_start(k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio)
{
	zassert_true(used < TEAM_MAX);
	used++;
	return k_thread_create(&threads[used - 1], stacks[used - 1], STACK_SIZE, entry, p1, p2, p3,
			       prio, 0, K_NO_WAIT);
}

void team_join(void)
{
	for (unsigned int i = 0; i < used; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	used = 0;
}

void team_settle(void)
{
	k_sleep(K_TICKS(1));
}

int64_t team_passed(void)
{
	return k_uptime_ticks() - began;
}

void team_clock_begin(void *fixture)
{
	ARG_UNUSED(fixture);
	used = 0;
	port_clock_virtual_start();
	began = k_uptime_ticks();
}

void team_clock_end(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_stop();
}

void team_spin(uint32_t *word, uint32_t value)
{
	for (unsigned int spins = 0; atomic32_load_acquire(word) < value; spins++) {
		if (spins > 2000) {
			k_usleep(1); /* there may be one core for all */
		} else if (spins > 1000) {
			k_yield();
		}
	}
}

uint32_t team_random(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}
