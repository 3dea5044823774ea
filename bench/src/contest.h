/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What is done with each bounded queue of events, ours or a peer's. put() and get() handle one event,
 * and return whether they could; the compiler sees which they are, so that they are inline.
 */
#ifndef BENCH_CONTEST_H_
#define BENCH_CONTEST_H_

#include "bench.h"

struct contestant {
	bool (*put)(void);
	bool (*get)(void);
};

#define CONTEST_INLINE static inline __attribute__((always_inline))

/* One thread puts and gets, in turns. */
CONTEST_INLINE double contest_same_thread(struct contestant c, unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		(void)c.put();
		(void)c.get();
	}
	return bench_now() - begin;
}

CONTEST_INLINE void contest_put(struct contestant c, unsigned long n)
{
	while (n-- > 0) {
		while (!c.put()) {
			bench_relax();
		}
	}
}

CONTEST_INLINE void contest_get(struct contestant c, unsigned long n)
{
	while (n-- > 0) {
		while (!c.get()) {
			bench_relax();
		}
	}
}

/* Puts as many as the other thread, and gets those of both. */
CONTEST_INLINE void contest_put_and_get(struct contestant c, unsigned long n)
{
	unsigned long to_get = 2 * n;

	while (to_get > 0) {
		if (n > 0 && c.put()) {
			n--;
		}
		for (unsigned int i = 0; i < 2 && to_get > 0 && c.get(); i++) {
			to_get--;
		}
	}
}

/* What each of two threads does that get in each other's way at both ends. */
CONTEST_INLINE void contest_contend(struct contestant c, unsigned long n)
{
	while (n-- > 0) {
		while (!c.put()) {
			bench_relax();
		}
		while (!c.get()) {
			bench_relax();
		}
	}
}

/**
 * Define for contestant @p c the functions `<name>_same_thread`, `<name>_pair` (one puts, one gets),
 * `<name>_two_producers` (twice n events, for two threads), and `<name>_contended` (likewise).
 */
#define CONTEST_DEFINE(name, c)                                                                    \
	static void name##_put_all(unsigned long n)                                                \
	{                                                                                          \
		contest_put(c, n);                                                                 \
	}                                                                                          \
	static void name##_get_all(unsigned long n)                                                \
	{                                                                                          \
		contest_get(c, n);                                                                 \
	}                                                                                          \
	static void name##_both(unsigned long n)                                                   \
	{                                                                                          \
		contest_put_and_get(c, n);                                                         \
	}                                                                                          \
	static void name##_contend(unsigned long n)                                                \
	{                                                                                          \
		contest_contend(c, n);                                                             \
	}                                                                                          \
	double name##_same_thread(unsigned long n)                                                 \
	{                                                                                          \
		return contest_same_thread(c, n);                                                  \
	}                                                                                          \
	double name##_pair(unsigned long n)                                                        \
	{                                                                                          \
		return bench_pair(name##_put_all, name##_get_all, n);                              \
	}                                                                                          \
	double name##_two_producers(unsigned long n)                                               \
	{                                                                                          \
		return bench_pair(name##_put_all, name##_both, n);                                 \
	}                                                                                          \
	double name##_contended(unsigned long n)                                                   \
	{                                                                                          \
		return bench_pair(name##_contend, name##_contend, n);                              \
	}                                                                                          \
	_Static_assert(sizeof(struct contestant) > 0, "wants a semicolon")

/** Declare them. */
#define CONTEST_DECLARE(name)                                                                      \
	double name##_same_thread(unsigned long n);                                                \
	double name##_pair(unsigned long n);                                                       \
	double name##_two_producers(unsigned long n);                                              \
	double name##_contended(unsigned long n)

#endif /* BENCH_CONTEST_H_ */
