/* SPDX-License-Identifier: Apache-2.0 */

/*
 * CONFIG_PORT_CORE_TIMER off: the timer belongs to this program, whose interrupt tells the library
 * of ticks, as a vendor's would. It can do something at one of them.
 */

#include <zephyr/ztest.h>

#include <port/bare.h>
#include <port/port.h>

static uint32_t countdown; /* ticks until action; 0: none */
static void (*action)(void);

static void on_tick(void)
{
	port_clock_tick();
	if (countdown > 0 && --countdown == 0) {
		action();
	}
}

#ifdef CONFIG_PORT_CORTEX_M

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)

void SysTick_Handler(void);

void SysTick_Handler(void)
{
	on_tick();
}

static void timer_start(void)
{
	SYST_RVR = 10000 - 1;
	SYST_CVR = 0;
	SYST_CSR = 7;
}

#else

#include <port_riscv.h>

#define MTIMECMP_LOW  (*(volatile uint32_t *)0x2004000)
#define MTIMECMP_HIGH (*(volatile uint32_t *)0x2004004)
#define MTIME_LOW     (*(volatile uint32_t *)0x200bff8)

/* The tests are over long before the low half wraps. */
static void timer_next(void)
{
	MTIMECMP_LOW = MTIME_LOW + 10000;
	MTIMECMP_HIGH = 0;
}

void port_riscv_timer_interrupt(void)
{
	timer_next();
	on_tick();
}

static void timer_start(void)
{
	timer_next();
	__asm__ volatile("csrs mie, %0" : : "r"(1U << 7));
}

#endif

static void *setup(void)
{
	timer_start();
	return NULL;
}

ZTEST_SUITE(hook, NULL, setup, NULL, NULL, NULL);

ZTEST(hook, test_clock_advances)
{
	int64_t begin = port_clock_ticks();

	k_busy_wait(5 * (1000000 / CONFIG_SYS_CLOCK_TICKS_PER_SEC));
	zassert_true(port_clock_ticks() >= begin + 5);
	zassert_true(k_uptime_ticks() >= begin + 5);
}

ZTEST(hook, test_wait_ends_at_the_deadline)
{
	int64_t begin = port_clock_ticks();
	struct k_sem never;

	zassert_ok(k_sem_init(&never, 0, 1));
	zassert_equal(k_sem_take(&never, K_TICKS(7)), -EAGAIN);
	zassert_between_inclusive(port_clock_ticks() - begin, 7, 8);
}

static K_SEM_DEFINE(sem, 0, 1);

static void give(void)
{
	zassert_true(k_is_in_isr());
	k_sem_give(&sem);
}

static void act_in(uint32_t ticks, void (*what)(void))
{
	unsigned int key = irq_lock();

	action = what;
	countdown = ticks;
	irq_unlock(key);
}

/* While the core sleeps: long before the deadline, or without one. */
ZTEST(hook, test_isr_ends_a_wait)
{
	for (uint32_t ticks = 1; ticks < 20; ticks++) {
		int64_t begin = port_clock_ticks();

		act_in(ticks, give);
		zassert_ok(k_sem_take(&sem, ticks % 2 == 0 ? K_FOREVER : K_TICKS(1000)));
		zassert_between_inclusive(port_clock_ticks() - begin, ticks, ticks + 1);
	}
}

/* Timers expire in the interrupt of that timer. */
static int64_t expired_at;

static void expire(struct k_timer *timer)
{
	zassert_true(k_is_in_isr());
	expired_at = port_clock_ticks();
	k_timer_user_data_set(timer, &expired_at);
}

static K_TIMER_DEFINE(timer, expire, NULL);

ZTEST(hook, test_timer)
{
	for (int64_t ticks = 1; ticks < 20; ticks++) {
		int64_t deadline = port_clock_deadline(ticks);

		k_timer_start(&timer, K_TICKS(ticks), K_TICKS(3));
		zassert_equal(k_timer_status_sync(&timer), 1);
		zassert_between_inclusive(expired_at - deadline, 0, 1);
		zassert_equal(k_timer_status_sync(&timer), 1);
		zassert_between_inclusive(expired_at - deadline, 3, 4);
		k_timer_stop(&timer);
	}
}

K_MSGQ_DEFINE(queue, 4, 2, 4);

static void put(void)
{
	uint32_t message = 7;

	zassert_ok(k_msgq_put(&queue, &message, K_NO_WAIT));
}

ZTEST(hook, test_isr_hands_a_message_over)
{
	uint32_t message = 0;

	act_in(3, put);
	zassert_ok(k_msgq_get(&queue, &message, K_FOREVER));
	zassert_equal(message, 7);
	zassert_equal(k_msgq_num_used_get(&queue), 0);
}

/* Blocking in an ISR is a fault that asserts report, and else does not block. */
static int isr_result;

static void take_in_isr(void)
{
	ztest_set_assert_valid(true);
	isr_result = k_sem_take(&sem, K_FOREVER);
}

ZTEST(hook, test_isr_does_not_block)
{
	isr_result = 0;
	act_in(1, take_in_isr);
	(void)k_sem_take(&sem, K_TICKS(5));
	zassert_equal(isr_result, -EBUSY);
}
