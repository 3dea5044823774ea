/* SPDX-License-Identifier: Apache-2.0 */
/** @file Threads that truly run side by side, how often they meet, and how they wait for each other. */
#ifndef NET_BUF_TESTS_TOGETHER_H_
#define NET_BUF_TESTS_TOGETHER_H_

#include <zephyr/ztest.h>
#include <port/atomics.h>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define ROUNDS 2000
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ROUNDS 2000
#endif
#endif
#ifndef ROUNDS
#define ROUNDS 10000
#endif

#define SIZE 32

static K_THREAD_STACK_ARRAY_DEFINE(stacks, 4, 65536);
static struct k_thread threads[4];

static inline void start(int i, k_thread_entry_t entry, void *arg)
{
	zassert_not_null(k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
					 entry, arg, NULL, NULL, 5, 0, K_NO_WAIT));
}

static inline void join(int i)
{
	zassert_ok(k_thread_join(&threads[i], K_FOREVER));
}

/* After so many looks in vain: the next at once, or, where there may be one core for all, when others have run. */
static inline void rest(unsigned int looks)
{
	if (looks > 1010) {
		k_usleep(1);
	} else if (looks > 1000) {
		k_yield();
	}
}

/* Wait until *@p word is @p value. */
static inline void spin_until(uint32_t *word, uint32_t value)
{
	for (unsigned int spins = 0; atomic32_load_acquire(word) != value; spins++) {
		rest(spins);
	}
}

/* Whether rounds that began at @p began have gone on for as long as a test may take where one core serves all. */
static inline bool long_enough(int64_t began)
{
	return k_uptime_get() - began > 8000;
}

#endif /* NET_BUF_TESTS_TOGETHER_H_ */
