/* SPDX-License-Identifier: Apache-2.0 */

/* Park and unpark on the real clock: every token ends one wait. */

#include <zephyr/ztest.h>

#include <errno.h>

#include <port/port.h>

#define WAKERS 4
#define TOKENS 5000 /* of each waker */

static struct port_parker parker;
static struct port_parker wakers_done;
static struct port_thread threads[WAKERS];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	parker = (struct port_parker){0};
}

ZTEST_SUITE(park, NULL, NULL, before, NULL, NULL);

ZTEST(park, test_tokens_are_counted)
{
	for (int i = 0; i < 5; i++) {
		port_unpark(&parker);
	}
	for (int i = 0; i < 5; i++) {
		zassert_true(port_park(&parker, PORT_FOREVER));
	}
	zassert_false(port_park(&parker, 0));
	port_unpark(&parker);
	/* A token is better than a deadline that has passed. */
	zassert_true(port_park(&parker, 0));
}

ZTEST(park, test_deadline)
{
	for (int64_t ticks = 0; ticks < 3000; ticks += 300) {
		int64_t deadline = port_clock_deadline(ticks);

		zassert_false(port_park(&parker, deadline));
		zassert_true(port_clock_ticks() >= deadline, "woke early");
	}
	zassert_false(port_park(&parker, -5));
}

/* A wait that begins within a tick ends after whole ones: its deadline is never in the past. */
ZTEST(park, test_deadline_is_rounded_up)
{
	uint64_t per_tick = port_clock_cycles_per_sec() / CONFIG_SYS_CLOCK_TICKS_PER_SEC;

	for (int i = 0; i < 1000; i++) {
		uint64_t cycles = port_clock_cycles();

		zassert_true((uint64_t)port_clock_deadline(0) * per_tick >= cycles);
		cycles = port_clock_cycles();
		zassert_true((uint64_t)port_clock_deadline(7) * per_tick >= cycles + 7 * per_tick);
	}
}

ZTEST(park, test_errno_is_kept)
{
	errno = 12345;
	zassert_false(port_park(&parker, port_clock_deadline(10)));
	zassert_equal(errno, 12345);
}

/* A deadline so far away that the clock's own zero does not fit on top of it. */
static void unpark_soon(void *arg)
{
	struct port_parker nap = {0};

	(void)port_park(&nap, port_clock_deadline(2000));
	port_unpark(arg);
}

ZTEST(park, test_farthest_deadlines)
{
	static const int64_t deadlines[] = {PORT_FOREVER - 1, PORT_FOREVER - 1000000,
					    PORT_FOREVER / 2};

	for (size_t i = 0; i < ARRAY_SIZE(deadlines); i++) {
		struct port_thread_attr attr = {.entry = unpark_soon, .arg = &parker};

		zassert_ok(port_thread_start(&threads[0], &attr));
		zassert_true(port_park(&parker, deadlines[i]));
	}
}

static void wake(void *arg)
{
	uint32_t random = (uint32_t)(uintptr_t)arg;

	for (int i = 0; i < TOKENS; i++) {
		port_unpark(&parker);
		random = random * 1664525 + 1013904223;
		if (random >> 28 == 0) {
			port_thread_yield();
		}
	}
	port_unpark(&wakers_done);
}

/* Short waits among many unparks: a token is taken once, by the wait that it ends or a later one. */
ZTEST(park, test_stress)
{
	uint32_t taken = 0;
	uint32_t timed_out = 0;

	for (uintptr_t i = 0; i < WAKERS; i++) {
		struct port_thread_attr attr = {.entry = wake, .arg = (void *)(i + 1)};

		zassert_ok(port_thread_start(&threads[i], &attr));
	}
	while (taken < WAKERS * TOKENS) {
		int64_t ticks = (taken + timed_out) % 4;

		if (port_park(&parker, ticks == 3 ? PORT_FOREVER : port_clock_deadline(ticks))) {
			taken++;
		} else {
			timed_out++;
		}
	}
	for (int i = 0; i < WAKERS; i++) {
		zassert_true(port_park(&wakers_done, PORT_FOREVER));
	}
	zassert_false(port_park(&parker, port_clock_deadline(100)), "a token too many");
	zassert_false(port_park(&wakers_done, 0));
}

static struct port_parker sides[2];

static void echo(void *arg)
{
	ARG_UNUSED(arg);
	for (int i = 0; i < TOKENS; i++) {
		(void)port_park(&sides[0], PORT_FOREVER);
		port_unpark(&sides[1]);
	}
}

ZTEST(park, test_ping_pong)
{
	struct port_thread_attr attr = {.entry = echo};

	zassert_ok(port_thread_start(&threads[0], &attr));
	for (int i = 0; i < TOKENS; i++) {
		port_unpark(&sides[0]);
		zassert_true(port_park(&sides[1], PORT_FOREVER));
	}
}

/* The parker may be gone as soon as the token is taken. */
static struct port_parker *on_a_stack;

static bool last_on_stack; /* the one that is there; written before it is */

static void unpark_on_stack(void *arg)
{
	bool last = false;

	ARG_UNUSED(arg);
	while (!last) {
		struct port_parker *p;

		do {
			p = __atomic_exchange_n(&on_a_stack, NULL, __ATOMIC_ACQUIRE);
			if (p == NULL) {
				port_thread_yield();
			}
		} while (p == NULL);
		last = last_on_stack;
		port_unpark(p);
	}
	port_unpark(&wakers_done);
}

static void __attribute__((noinline)) park_on_stack(void)
{
	struct port_parker mine = {0};

	__atomic_store_n(&on_a_stack, &mine, __ATOMIC_RELEASE);
	zassert_true(port_park(&mine, PORT_FOREVER));
	memset(&mine, 0xff, sizeof(mine));
	__asm__ volatile("" : : "r"(&mine) : "memory");
}

/* As often as there is time for where one core serves both, and others beside. */
ZTEST(park, test_parker_on_the_stack)
{
	struct port_thread_attr attr = {.entry = unpark_on_stack};
	int64_t end = port_clock_deadline(15 * CONFIG_SYS_CLOCK_TICKS_PER_SEC);

	last_on_stack = false;
	zassert_ok(port_thread_start(&threads[0], &attr));
	for (int i = 1; !last_on_stack; i++) {
		last_on_stack = i == TOKENS || port_clock_ticks() >= end;
		park_on_stack();
	}
	zassert_true(port_park(&wakers_done, PORT_FOREVER));
}
