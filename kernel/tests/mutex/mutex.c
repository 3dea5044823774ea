/* SPDX-License-Identifier: Apache-2.0 */

/* k_mutex in one thread, and in an ISR, where it may not be used. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

K_MUTEX_DEFINE(defined_mutex);
static struct k_mutex mutex;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(k_mutex_init(&mutex));
}

ZTEST_SUITE(mutex, NULL, NULL, before, NULL, NULL);

static void lock_and_unlock(struct k_mutex *m)
{
	zassert_equal(k_mutex_unlock(m), -EINVAL);
	zassert_ok(k_mutex_lock(m, K_NO_WAIT));
	zassert_equal(m->owner, k_current_get());
	zassert_equal(m->lock_count, 1);
	zassert_ok(k_mutex_unlock(m));
	zassert_is_null(m->owner);
	zassert_equal(m->lock_count, 0);
	zassert_equal(k_mutex_unlock(m), -EINVAL);
}

ZTEST(mutex, test_lock_and_unlock)
{
	lock_and_unlock(&mutex);
	lock_and_unlock(&mutex);
	lock_and_unlock(&defined_mutex);
}

ZTEST(mutex, test_recursion)
{
	for (uint32_t i = 1; i <= 100; i++) {
		zassert_ok(k_mutex_lock(&mutex, i % 2 != 0 ? K_FOREVER : K_NO_WAIT));
		zassert_equal(mutex.lock_count, i);
	}
	for (uint32_t i = 100; i > 0; i--) {
		zassert_equal(mutex.owner, k_current_get());
		zassert_ok(k_mutex_unlock(&mutex));
	}
	zassert_is_null(mutex.owner);
	zassert_equal(k_mutex_unlock(&mutex), -EINVAL);
}

static int isr_result;

static void lock_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	isr_result = k_mutex_lock(&mutex, K_NO_WAIT);
}

static void unlock_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	isr_result = k_mutex_unlock(&mutex);
}

ZTEST(mutex, test_not_in_isr)
{
	irq_offload(lock_in_isr, NULL);
	zassert_equal(isr_result, -EBUSY);
	zassert_is_null(mutex.owner);
	zassert_ok(k_mutex_lock(&mutex, K_NO_WAIT));
	irq_offload(unlock_in_isr, NULL);
	zassert_equal(isr_result, -EPERM);
	zassert_equal(mutex.owner, k_current_get());
	zassert_ok(k_mutex_unlock(&mutex));
}
