/* SPDX-License-Identifier: Apache-2.0 */

/* The alarm, on the real clock. */

#include <zephyr/ztest.h>

#include <port/port.h>

static struct port_parker parker; /* of the test; unparked by the routine */
static uint32_t rings;
static int64_t rang_at;

static void ring(void)
{
	zassert_true(port_in_isr());
	rang_at = port_clock_ticks();
	(void)atomic32_add_relaxed(&rings, 1);
	port_unpark(&parker);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	port_alarm_set(PORT_FOREVER, ring);
	parker = (struct port_parker){0};
	rings = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_alarm_set(PORT_FOREVER, ring);
}

static int64_t in_ms(int64_t ms)
{
	return port_clock_deadline(ms * CONFIG_SYS_CLOCK_TICKS_PER_SEC / 1000);
}

ZTEST_SUITE(alarm, NULL, NULL, before, after, NULL);

/* Never early; once. */
ZTEST(alarm, test_rings_once)
{
	for (int64_t ms = 0; ms < 10; ms++) {
		int64_t deadline = in_ms(ms);

		port_alarm_set(deadline, ring);
		zassert_true(port_park(&parker, in_ms(10000)));
		zassert_true(rang_at >= deadline, "early");
		zassert_equal(atomic32_load_relaxed(&rings), ms + 1);
	}
	zassert_false(port_park(&parker, in_ms(3)));
	zassert_equal(atomic32_load_relaxed(&rings), 10);
}

ZTEST(alarm, test_past)
{
	static const int64_t past[] = {0, 1, -1, INT64_MIN};

	for (size_t i = 0; i < ARRAY_SIZE(past); i++) {
		port_alarm_set(past[i], ring);
		zassert_true(port_park(&parker, in_ms(10000)));
	}
	zassert_equal(atomic32_load_relaxed(&rings), ARRAY_SIZE(past));
}

/* Masked in between: whoever is without a core there for longer has no alarm that rings meanwhile. */
static void set_twice(int64_t first, int64_t second)
{
	port_key_t key = port_irq_lock();

	port_alarm_set(first, ring);
	port_alarm_set(second, ring);
	port_irq_unlock(key);
}

ZTEST(alarm, test_set_anew)
{
	int64_t deadline;

	/* Sooner, later, sooner again. */
	port_alarm_set(in_ms(10000), ring);
	zassert_false(port_park(&parker, in_ms(1)));
	deadline = in_ms(25);
	set_twice(in_ms(20), deadline);
	zassert_true(port_park(&parker, in_ms(10000)));
	zassert_true(rang_at >= deadline);
	zassert_equal(atomic32_load_relaxed(&rings), 1);
	port_alarm_set(PORT_FOREVER - 1, ring);
	deadline = in_ms(2);
	port_alarm_set(deadline, ring);
	zassert_true(port_park(&parker, in_ms(10000)));
	zassert_equal(atomic32_load_relaxed(&rings), 2);
}

ZTEST(alarm, test_off)
{
	set_twice(in_ms(5), PORT_FOREVER);
	zassert_false(port_park(&parker, in_ms(10)));
	zassert_equal(atomic32_load_relaxed(&rings), 0);
}

/* The main loop sleeps to deadlines of its own meanwhile, some before and some after the alarm. */
ZTEST(alarm, test_beside_a_sleep)
{
	int64_t deadline = in_ms(15);
	int64_t sleep = 0;

	port_alarm_set(deadline, ring);
	while (sleep < deadline) {
		struct port_parker own = {0};

		sleep = in_ms(2);
		zassert_false(port_park(&own, sleep));
		zassert_true(port_clock_ticks() >= sleep);
	}
	zassert_true(port_park(&parker, in_ms(10000)));
	zassert_equal(atomic32_load_relaxed(&rings), 1);
	zassert_true(rang_at >= deadline);
}

static uint32_t left;
static int64_t next;

/* Sets itself again: later, now, or to what has passed. */
static void ring_again(void)
{
	static const int64_t steps[] = {3, 0, -5, 1};

	zassert_true(port_in_isr());
	zassert_true(port_clock_ticks() >= next);
	if (--left == 0) {
		port_unpark(&parker);
		return;
	}
	next = port_clock_deadline(0) + steps[left % ARRAY_SIZE(steps)];
	port_alarm_set(next, ring_again);
}

ZTEST(alarm, test_set_by_the_routine)
{
	left = 50;
	next = in_ms(1);
	port_alarm_set(next, ring_again);
	zassert_true(port_park(&parker, in_ms(10000)));
	zassert_equal(left, 0);
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

static void raised(void *arg)
{
	(void)atomic32_add_relaxed(arg, 1);
}

/* Interrupts that keep coming do not keep the alarm out, nor it them. */
ZTEST(alarm, test_beside_interrupts)
{
	uint32_t count = 0;
	struct port_irq irq = {.routine = raised, .arg = &count};

	port_alarm_set(in_ms(5), ring);
	while (atomic32_load_relaxed(&rings) == 0) {
		port_irq_raise(&irq);
	}
	zassert_true(port_park(&parker, in_ms(10000)));
	/* The last of them has run when one that was raised behind it has. */
	port_irq_offload(nothing, NULL);
	zassert_true(atomic32_load_relaxed(&count) > 0);
}

ZTEST(alarm, test_masked)
{
	port_key_t key = port_irq_lock();
	int64_t deadline = in_ms(2);

	port_alarm_set(deadline, ring);
	for (volatile uint32_t i = 0; i < 1000000; i++) {
		/* Where an interrupt counts the ticks, the clock stands still. */
	}
	zassert_equal(atomic32_load_relaxed(&rings), 0, "not kept out by the mask");
	port_irq_unlock(key);
	zassert_true(port_park(&parker, in_ms(10000)));
	zassert_equal(atomic32_load_relaxed(&rings), 1);
}
