/* SPDX-License-Identifier: Apache-2.0 */

/* Bare metal: the clock, waiting in the main loop, and that nothing is said of what there is not. */

#include <zephyr/ztest.h>

#include <errno.h>

#include <port/bare.h>
#include <port/port.h>
#include <port_mask.h>

static struct port_parker parker;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	parker = (struct port_parker){0};
}

ZTEST_SUITE(bare, NULL, NULL, before, NULL, NULL);

ZTEST(bare, test_tokens_are_counted)
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

/* A wait ends at its deadline: not before it, and less than a tick or 10 us after it. */
ZTEST(bare, test_wait_ends_at_the_deadline)
{
	int64_t slack = CONFIG_SYS_CLOCK_TICKS_PER_SEC / 100000;

	for (int64_t ticks = 0; ticks < 60; ticks += 7) {
		int64_t deadline = port_clock_deadline(ticks);
		int64_t now;

		zassert_false(port_park(&parker, deadline));
		now = port_clock_ticks();
		zassert_true(now >= deadline, "woke early");
		zassert_true(now <= deadline + slack, "late: %d ticks", (int)(now - deadline));
	}
	zassert_false(port_park(&parker, -5));
}

ZTEST(bare, test_deadline_is_rounded_up)
{
	uint64_t per_tick = port_clock_cycles_per_sec() / CONFIG_SYS_CLOCK_TICKS_PER_SEC;

	for (int i = 0; i < 1000; i++) {
		uint64_t cycles = port_clock_cycles();

		zassert_true((uint64_t)port_clock_deadline(0) * per_tick >= cycles);
		cycles = port_clock_cycles();
		zassert_true((uint64_t)port_clock_deadline(3) * per_tick >= cycles + 3 * per_tick);
	}
	zassert_equal(port_clock_deadline(PORT_FOREVER), PORT_FOREVER);
	zassert_equal(port_clock_deadline(PORT_FOREVER - 1), PORT_FOREVER);
}

/* Neither counter goes back, whether its interrupt has run or not, and they tell the same time. */
ZTEST(bare, test_counters_agree)
{
	uint64_t per_tick = port_clock_cycles_per_sec() / CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	uint64_t cycles = port_clock_cycles();
	int64_t ticks = port_clock_ticks();

	for (int i = 0; i < 100000; i++) {
		bool masked = i % 2 == 0;
		port_key_t key = masked ? port_irq_lock() : 0;
		uint64_t cycles_now = port_clock_cycles();
		int64_t ticks_now = port_clock_ticks();

		if (masked) {
			port_irq_unlock(key);
		}
		zassert_true(cycles_now >= cycles, "cycles went back in round %d", i);
		zassert_true(ticks_now >= ticks, "ticks went back in round %d", i);
		/* With its interrupt masked, a tick may be counted as cycles and not as a tick. */
		zassert_true(ticks_now + 1 >= (int64_t)(cycles_now / per_tick));
		cycles = cycles_now;
		ticks = ticks_now;
	}
}

ZTEST(bare, test_busy_wait)
{
	uint64_t per_usec = port_clock_cycles_per_sec() / 1000000U;
	uint64_t begin = port_clock_cycles();
	uint64_t took;

	port_clock_busy_wait(3000);
	took = port_clock_cycles() - begin;
	zassert_true(took >= 3000 * per_usec);
	zassert_true(took < 3100 * per_usec, "%u us", (unsigned int)(took / per_usec));
}

static uint32_t ran;

static void leave_token(void *arg)
{
	zassert_true(port_in_isr());
	ran++;
	port_unpark(arg);
}

ZTEST(bare, test_isr_ends_a_wait)
{
	struct port_irq irq = {.routine = leave_token, .arg = &parker};

	ran = 0;
	for (uint32_t i = 1; i <= 100; i++) {
		port_irq_raise(&irq);
		zassert_true(
			port_park(&parker, i % 2 == 0 ? PORT_FOREVER : port_clock_deadline(1000)));
		zassert_equal(ran, i);
	}
}

ZTEST(bare, test_masks_nest)
{
	struct port_irq irq = {.routine = leave_token, .arg = &parker};
	port_key_t outer;
	port_key_t inner;

	ran = 0;
	outer = port_irq_lock();
	inner = port_irq_lock();
	port_irq_raise(&irq);
	port_irq_unlock(inner);
	zassert_equal(ran, 0, "let in by the inner one");
	port_irq_unlock(outer);
	zassert_true(port_park(&parker, PORT_FOREVER));
	zassert_equal(ran, 1);
}

ZTEST(bare, test_stack)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t start;
	size_t size;

	zassert_true(port_thread_stack(&start, &size));
	zassert_true(here >= start && here < start + size);
}

ZTEST(bare, test_entropy)
{
	uint8_t a[16] = {0};
	uint8_t b[16] = {0};
	int ret = port_entropy(a, sizeof(a));

	zassert_equal(port_entropy(b, sizeof(b)), ret);
	if (ret == 0) {
		zassert_true(memcmp(a, b, sizeof(a)) != 0);
	} else {
		zassert_equal(ret, -ENOTSUP);
	}
}
