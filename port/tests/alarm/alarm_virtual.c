/* SPDX-License-Identifier: Apache-2.0 */

/* The alarm on the virtual clock: it rings at its deadline and at no other time. */

#include <zephyr/ztest.h>

#include <port/port.h>

static struct port_parker parker;
static uint32_t rings;
static int64_t rang_at;

static void ring(void)
{
	rang_at = port_clock_ticks();
	(void)atomic32_add_relaxed(&rings, 1);
	port_unpark(&parker);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_start();
	parker = (struct port_parker){0};
	rings = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_alarm_set(PORT_FOREVER, ring);
	port_clock_virtual_stop();
}

/* Sleep for some ticks without anything that could wake the caller. */
static void pass(int64_t ticks)
{
	struct port_parker nobody = {0};

	zassert_false(port_park(&nobody, port_clock_deadline(ticks)));
}

ZTEST_SUITE(alarm_virtual, NULL, NULL, before, after, NULL);

ZTEST(alarm_virtual, test_exact)
{
	static const int64_t waits[] = {0, 1, 2, 1000, 1000000, 86400LL * 30 * 1000000, 1};

	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		int64_t deadline = port_clock_deadline(waits[i]);

		port_alarm_set(deadline, ring);
		zassert_true(port_park(&parker, PORT_FOREVER));
		zassert_equal(port_clock_ticks(), deadline);
		zassert_equal(rang_at, deadline);
	}
	zassert_equal(rings, ARRAY_SIZE(waits));
}

/* A sleeper's deadline and the alarm's, each before the other. */
ZTEST(alarm_virtual, test_beside_a_sleeper)
{
	int64_t began = port_clock_ticks();

	port_alarm_set(began + 100, ring);
	zassert_false(port_park(&parker, began + 99));
	zassert_equal(port_clock_ticks(), began + 99);
	zassert_equal(rings, 0);
	zassert_true(port_park(&parker, began + 101));
	zassert_equal(port_clock_ticks(), began + 100);

	port_alarm_set(began + 200, ring);
	pass(150);
	zassert_equal(port_clock_ticks(), began + 250);
	zassert_equal(rang_at, began + 200);
	zassert_equal(rings, 2);
}

ZTEST(alarm_virtual, test_set_anew)
{
	int64_t began = port_clock_ticks();

	for (int i = 0; i < 100; i++) {
		port_alarm_set(began + 1000, ring);
		port_alarm_set(began + 500, ring);
		port_alarm_set(began + 700, ring);
	}
	pass(699);
	zassert_equal(rings, 0);
	pass(1);
	pass(1);
	zassert_equal(rings, 1);
	zassert_equal(rang_at, began + 700);
	port_alarm_set(began + 800, ring);
	port_alarm_set(PORT_FOREVER, ring);
	pass(5000);
	zassert_equal(rings, 1);
	zassert_equal(port_clock_ticks(), began + 5701);
}

/* An alarm that is set while the interrupt thread sleeps on the other clock moves with it. */
ZTEST(alarm_virtual, test_from_one_clock_to_the_other)
{
	for (int round = 0; round < 30; round++) {
		int64_t deadline;

		rings = 0;
		parker = (struct port_parker){0};
		port_clock_virtual_stop();
		deadline = port_clock_deadline(3600LL * 1000000);
		port_alarm_set(deadline, ring);
		port_clock_virtual_start();
		zassert_true(port_park(&parker, PORT_FOREVER));
		zassert_equal(rang_at, deadline);

		/* And back: 2 ms that were virtual are real ones. */
		deadline = port_clock_deadline(2000);
		port_alarm_set(deadline, ring);
		pass(100);
		port_clock_virtual_stop();
		zassert_true(port_park(&parker, PORT_FOREVER));
		zassert_true(port_clock_ticks() >= deadline);
		zassert_equal(rings, 2);
		port_clock_virtual_start();
	}
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

/* Another interrupt, at the tick before, is no reason to ring. */
ZTEST(alarm_virtual, test_not_with_another_interrupt)
{
	int64_t began = port_clock_ticks();

	port_alarm_set(began + 100, ring);
	pass(99);
	for (int i = 0; i < 3; i++) {
		port_irq_offload(nothing, NULL);
	}
	zassert_equal(rings, 0);
	pass(2);
	zassert_equal(rings, 1);
	zassert_equal(rang_at, began + 100);
}

static int64_t times[1000];

static void tick(void)
{
	times[rings] = port_clock_ticks();
	if (++rings < ARRAY_SIZE(times)) {
		port_alarm_set(times[rings - 1] + 7, tick);
	} else {
		port_unpark(&parker);
	}
}

ZTEST(alarm_virtual, test_no_drift)
{
	int64_t began = port_clock_ticks();

	port_alarm_set(began + 7, tick);
	zassert_true(port_park(&parker, PORT_FOREVER));
	for (int64_t i = 0; i < (int64_t)ARRAY_SIZE(times); i++) {
		zassert_equal(times[i], began + 7 * (i + 1));
	}
}
