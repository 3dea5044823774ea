/* SPDX-License-Identifier: Apache-2.0 */

/* k_mutex under many threads, on the real clock: it excludes, and no waiter is forgotten. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

#define THREADS 6
#define ROUNDS  1500

static struct k_mutex mutexes[2];
static uint64_t guarded[2]; /* plain: only the mutexes keep the threads apart */
static uint32_t locked;

static void user(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();
	int prio = k_thread_priority_get(k_current_get());

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t r = crew_random(&random);
		bool both = r % 4 == 0;
		uint32_t m = r / 4 % 2;

		m = both ? 0 : m;
		if (k_mutex_lock(&mutexes[m], r % 8 == 1 ? K_USEC(r % 30) : K_FOREVER) != 0) {
			continue;
		}
		if (both) {
			zassert_ok(k_mutex_lock(&mutexes[1], K_FOREVER));
			guarded[1]++;
			(void)atomic32_add_relaxed(&locked, 1);
		}
		guarded[m]++;
		(void)atomic32_add_relaxed(&locked, 1);
		zassert_ok(k_mutex_unlock(&mutexes[m]));
		if (both) {
			zassert_ok(k_mutex_unlock(&mutexes[1]));
		}
		zassert_equal(k_thread_priority_get(k_current_get()), prio, "boosted for ever");
	}
	crew_check_tokens();
}

ZTEST_SUITE(mutex_stress, NULL, NULL, NULL, NULL, NULL);

ZTEST(mutex_stress, test_exclusion)
{
	guarded[0] = 0;
	guarded[1] = 0;
	locked = 0;
	for (size_t i = 0; i < ARRAY_SIZE(mutexes); i++) {
		zassert_ok(k_mutex_init(&mutexes[i]));
	}
	for (int i = 0; i < THREADS; i++) {
		crew_start(user, NULL, NULL, NULL, i);
	}
	crew_join();
	zassert_equal(guarded[0] + guarded[1], locked);
	for (size_t i = 0; i < ARRAY_SIZE(mutexes); i++) {
		zassert_is_null(mutexes[i].owner);
	}
}
