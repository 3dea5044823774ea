/* SPDX-License-Identifier: Apache-2.0 */

/*
 * CONFIG_PORT_CORTEX_M_CEILING: interrupts more urgent than the ceiling come through every mask of the
 * library, the others do not.
 */

#include <zephyr/ztest.h>

#include <port/port.h>

#define NVIC_ISER ((volatile uint32_t *)0xe000e100)
#define NVIC_ISPR ((volatile uint32_t *)0xe000e200)
#define NVIC_IPR  ((volatile uint8_t *)0xe000e400)

/* Two interrupts that no device of the board has. */
#define URGENT   30
#define ORDINARY 31

static volatile uint32_t urgent_runs;
static volatile uint32_t ordinary_runs;
static struct k_sem sem;

void board_irq_30(void);
void board_irq_31(void);

void board_irq_30(void)
{
	urgent_runs++;
}

void board_irq_31(void)
{
	ordinary_runs++;
	k_sem_give(&sem);
}

static void pend(unsigned int irq)
{
	NVIC_ISPR[0] = 1U << irq;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	urgent_runs = 0;
	ordinary_runs = 0;
	NVIC_IPR[URGENT] = CONFIG_PORT_CORTEX_M_CEILING - 0x20;
	NVIC_IPR[ORDINARY] = CONFIG_PORT_CORTEX_M_CEILING;
	NVIC_ISER[0] = 1U << URGENT | 1U << ORDINARY;
	zassert_ok(k_sem_init(&sem, 0, 10));
}

ZTEST_SUITE(ceiling, NULL, NULL, before, NULL, NULL);

ZTEST(ceiling, test_urgent_comes_through)
{
	unsigned int outer = irq_lock();
	unsigned int inner = irq_lock();
	uint32_t seen[2];

	pend(URGENT);
	pend(ORDINARY);
	seen[0] = urgent_runs;
	seen[1] = ordinary_runs;
	irq_unlock(inner);
	zexpect_equal(ordinary_runs, 0, "let in by the inner mask");
	irq_unlock(outer);
	__asm__ volatile("isb");
	zassert_equal(seen[0], 1, "an urgent interrupt was masked");
	zassert_equal(seen[1], 0, "an ordinary one was not");
	zassert_equal(ordinary_runs, 1);
}

/* In a critical section that is never left for good: only the urgent one runs meanwhile. */
ZTEST(ceiling, test_spinlock_is_such_a_mask)
{
	static struct k_spinlock lock;
	k_spinlock_key_t key = k_spin_lock(&lock);
	uint32_t seen[2];

	pend(ORDINARY);
	pend(URGENT);
	seen[0] = urgent_runs;
	seen[1] = ordinary_runs;
	k_spin_unlock(&lock, key);
	__asm__ volatile("isb");
	zassert_equal(seen[0], 1);
	zassert_equal(seen[1], 0);
	zassert_equal(ordinary_runs, 1);
}

/* What BASEPRI masks does not end WFI; the library's sleep is ended by it nevertheless. */
ZTEST(ceiling, test_waits_end)
{
	int64_t begin = k_uptime_ticks();

	zassert_equal(k_sem_take(&sem, K_TICKS(5)), -EAGAIN);
	zassert_between_inclusive(k_uptime_ticks() - begin, 5, 6);
	pend(ORDINARY);
	zassert_ok(k_sem_take(&sem, K_FOREVER));
	zassert_equal(ordinary_runs, 1);
}

ZTEST(ceiling, test_mask_is_back_after_a_wait)
{
	uint32_t basepri;
	uint32_t primask;

	(void)k_sem_take(&sem, K_TICKS(1));
	__asm__ volatile("mrs %0, basepri\n\tmrs %1, primask" : "=r"(basepri), "=r"(primask));
	zassert_equal(basepri, 0);
	zassert_equal(primask, 0);
}
