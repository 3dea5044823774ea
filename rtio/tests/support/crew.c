/* SPDX-License-Identifier: Apache-2.0 */

#include "crew.h"

#include <zephyr/ztest.h>

#ifdef CONFIG_MULTITHREADING

#define CREW_MAX   8
#define STACK_SIZE 16384
#define RACE_MS    5000

static K_THREAD_STACK_ARRAY_DEFINE(stacks, CREW_MAX, STACK_SIZE);
static struct k_thread threads[CREW_MAX];
static unsigned int used;

void crew_start(k_thread_entry_t entry, void *a, void *b, void *c, int priority)
{
	zassert_true(used < CREW_MAX, "the crew is too small");
	zassert_not_null(k_thread_create(&threads[used], stacks[used], STACK_SIZE, entry, a, b, c,
					 priority, 0, K_NO_WAIT));
	used++;
}

void crew_join(void)
{
	while (used > 0) {
		zassert_ok(k_thread_join(&threads[--used], K_FOREVER));
	}
}

bool crew_goes_on(uint32_t n, uint32_t rounds)
{
	static int64_t end;

	if (n == 0) {
		end = k_uptime_get() + RACE_MS;
	}
	return n < rounds && (n == 0 || k_uptime_get() < end);
}

void crew_settle(void)
{
	k_sleep(K_TICKS(1));
}

void crew_virtual_begin(void *fixture)
{
	ARG_UNUSED(fixture);
	used = 0;
	port_clock_virtual_start();
}

void crew_virtual_end(void *fixture)
{
	ARG_UNUSED(fixture);
	crew_settle();
	port_clock_virtual_stop();
}

#endif /* CONFIG_MULTITHREADING */

uint32_t crew_random(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

uint32_t crew_seed(void)
{
	static uint32_t next = 0x9e3779b9;

	return atomic32_add_relaxed(&next, 0x9e3779b9) | 1;
}
