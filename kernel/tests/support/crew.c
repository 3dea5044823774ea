/* SPDX-License-Identifier: Apache-2.0 */

#include "crew.h"

#include <zephyr/ztest.h>

#ifdef CONFIG_MULTITHREADING

#define STACK_SIZE 1024

static K_THREAD_STACK_ARRAY_DEFINE(stacks, CREW_MAX, STACK_SIZE);
static struct k_thread threads[CREW_MAX];
static unsigned int used;

k_tid_t crew_start(k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio)
{
	k_tid_t id;

	zassert_true(used < CREW_MAX, "the crew is too small");
	id = k_thread_create(&threads[used], stacks[used], STACK_SIZE, entry, p1, p2, p3, prio, 0,
			     K_NO_WAIT);
	zassert_equal(id, &threads[used]);
	used++;
	return id;
}

void crew_join(void)
{
	for (unsigned int i = 0; i < used; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	used = 0;
}

void crew_settle(void)
{
	k_sleep(K_TICKS(1));
}

void crew_check_tokens(void)
{
#ifdef CONFIG_PORT_POSIX
	zassert_equal(__atomic_load_n(&k_current_get()->parker.tokens, __ATOMIC_RELAXED), 0,
		      "a token is left");
#endif
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
	crew_check_tokens();
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
