/* SPDX-License-Identifier: Apache-2.0 */

/* k_sem in one context. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

K_SEM_DEFINE(defined_sem, 2, 3);
static struct k_sem sem;

ZTEST_SUITE(sem, NULL, NULL, NULL, NULL, NULL);

ZTEST(sem, test_init)
{
	zassert_ok(k_sem_init(&sem, 0, 1));
	zassert_equal(k_sem_count_get(&sem), 0);
	zassert_ok(k_sem_init(&sem, 5, 5));
	zassert_equal(k_sem_count_get(&sem), 5);
	/* A bad call changes nothing. */
	zassert_equal(k_sem_init(&sem, 0, 0), -EINVAL);
	zassert_equal(k_sem_init(&sem, 6, 5), -EINVAL);
	zassert_equal(k_sem_init(&sem, UINT_MAX, UINT_MAX - 1), -EINVAL);
	zassert_equal(k_sem_count_get(&sem), 5);
}

ZTEST(sem, test_defined)
{
	zassert_equal(k_sem_count_get(&defined_sem), 2);
	k_sem_give(&defined_sem);
	k_sem_give(&defined_sem);
	zassert_equal(k_sem_count_get(&defined_sem), 3);
	for (int i = 0; i < 3; i++) {
		zassert_ok(k_sem_take(&defined_sem, K_NO_WAIT));
	}
	zassert_equal(k_sem_take(&defined_sem, K_NO_WAIT), -EBUSY);
}

ZTEST(sem, test_count_and_limit)
{
	zassert_ok(k_sem_init(&sem, 0, 3));
	for (unsigned int i = 1; i <= 5; i++) {
		k_sem_give(&sem);
		zassert_equal(k_sem_count_get(&sem), MIN(i, 3U));
	}
	for (unsigned int i = 3; i > 0; i--) {
		zassert_ok(k_sem_take(&sem, K_FOREVER));
		zassert_equal(k_sem_count_get(&sem), i - 1);
	}
	zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
	zassert_equal(k_sem_count_get(&sem), 0);
}

ZTEST(sem, test_highest_limit)
{
	zassert_ok(k_sem_init(&sem, K_SEM_MAX_LIMIT, K_SEM_MAX_LIMIT));
	k_sem_give(&sem);
	zassert_equal(k_sem_count_get(&sem), K_SEM_MAX_LIMIT);
	zassert_ok(k_sem_take(&sem, K_NO_WAIT));
	zassert_equal(k_sem_count_get(&sem), K_SEM_MAX_LIMIT - 1);
	k_sem_give(&sem);
	zassert_equal(k_sem_count_get(&sem), K_SEM_MAX_LIMIT);
}

ZTEST(sem, test_reset)
{
	zassert_ok(k_sem_init(&sem, 3, 4));
	k_sem_reset(&sem);
	zassert_equal(k_sem_count_get(&sem), 0);
	zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
	k_sem_give(&sem);
	zassert_ok(k_sem_take(&sem, K_NO_WAIT));
}

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_ok(k_sem_take(&sem, K_NO_WAIT));
	zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
	k_sem_give(&sem);
	k_sem_give(&sem);
	k_sem_reset(&sem);
	k_sem_give(&sem);
}

ZTEST(sem, test_all_calls_in_isr)
{
	zassert_ok(k_sem_init(&sem, 1, 4));
	irq_offload(use_in_isr, NULL);
	zassert_equal(k_sem_count_get(&sem), 1);
}

static void wait_in_isr(const void *arg)
{
	int *ret = *(int *const *)arg;

	ztest_set_assert_valid(true);
	*ret = k_sem_take(&sem, K_FOREVER);
}

ZTEST(sem, test_waiting_in_isr_asserts)
{
	int ret = 1;
	int *arg = &ret;

	zassert_ok(k_sem_init(&sem, 0, 1));
	irq_offload(wait_in_isr, &arg);
	zassert_equal(ret, -EBUSY);
}
