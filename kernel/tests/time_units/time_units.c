/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/sys/time_units.h>
#include <zephyr/sys/util.h>

ZTEST_SUITE(time_units, NULL, NULL, NULL, NULL, NULL);

enum rounding {
	FLOOR,
	NEAR,
	CEIL,
};

/* What a conversion must give: the product in three words of 32 bits, divided as on paper. */
static uint64_t exact(uint64_t t, uint32_t from, uint32_t to, enum rounding rounding)
{
	uint64_t low = (t & UINT32_MAX) * to;
	uint64_t high = (t >> 32) * to;
	uint32_t bias = rounding == CEIL ? from - 1 : rounding == NEAR ? from / 2 : 0;
	uint32_t words[3];
	uint64_t rest = 0;
	uint64_t quotient = 0;

	/* high is below 2^64 - 2^32, so neither sum carries. */
	low += bias;
	if (low < bias) {
		high += (uint64_t)1 << 32;
	}
	high += low >> 32;
	words[0] = (uint32_t)(high >> 32);
	words[1] = (uint32_t)high;
	words[2] = (uint32_t)low;
	for (int i = 0; i < 3; i++) {
		rest = rest << 32 | words[i];
		quotient = quotient << 32 | rest / from;
		rest %= from;
	}
	return quotient;
}

static const uint64_t times[] = {
	0,
	1,
	2,
	3,
	499,
	500,
	501,
	999,
	1000,
	1001,
	1499,
	1500,
	32767,
	32768,
	65536,
	999999,
	1000000,
	1000001,
	123456789,
	999999999,
	1000000000,
	1000000001,
	4294967294,
	4294967295,
	4294967296,
	31536000000,
	86400000000,
	1234567890123,
	315360000000000000,
};

/* All six functions of a pair of units. */
#define CHECK(from, from_hz, to, to_hz)                                                            \
	do {                                                                                       \
		for (size_t i = 0; i < ARRAY_SIZE(times); i++) {                                   \
			uint64_t t = times[i];                                                     \
			uint32_t s = (uint32_t)t;                                                  \
                                                                                                   \
			zassert_equal(k_##from##_to_##to##_floor64(t),                             \
				      exact(t, from_hz, to_hz, FLOOR), "%llu", (ull)t);            \
			zassert_equal(k_##from##_to_##to##_near64(t),                              \
				      exact(t, from_hz, to_hz, NEAR), "%llu", (ull)t);             \
			zassert_equal(k_##from##_to_##to##_ceil64(t),                              \
				      exact(t, from_hz, to_hz, CEIL), "%llu", (ull)t);             \
			zassert_equal(k_##from##_to_##to##_floor32(s),                             \
				      (uint32_t)exact(s, from_hz, to_hz, FLOOR), "%u",             \
				      (unsigned int)s);                                            \
			zassert_equal(k_##from##_to_##to##_near32(s),                              \
				      (uint32_t)exact(s, from_hz, to_hz, NEAR), "%u",              \
				      (unsigned int)s);                                            \
			zassert_equal(k_##from##_to_##to##_ceil32(s),                              \
				      (uint32_t)exact(s, from_hz, to_hz, CEIL), "%u",              \
				      (unsigned int)s);                                            \
		}                                                                                  \
	} while (false)

typedef unsigned long long ull;

#define TICKS CONFIG_SYS_CLOCK_TICKS_PER_SEC
#define CYC   sys_clock_hw_cycles_per_sec()

ZTEST(time_units, test_to_ticks)
{
	CHECK(sec, 1, ticks, TICKS);
	CHECK(ms, 1000, ticks, TICKS);
	CHECK(us, 1000000, ticks, TICKS);
	CHECK(ns, 1000000000, ticks, TICKS);
	CHECK(cyc, CYC, ticks, TICKS);
}

ZTEST(time_units, test_from_ticks)
{
	CHECK(ticks, TICKS, sec, 1);
	CHECK(ticks, TICKS, ms, 1000);
	CHECK(ticks, TICKS, us, 1000000);
	CHECK(ticks, TICKS, ns, 1000000000);
	CHECK(ticks, TICKS, cyc, CYC);
}

ZTEST(time_units, test_to_cycles)
{
	CHECK(sec, 1, cyc, CYC);
	CHECK(ms, 1000, cyc, CYC);
	CHECK(us, 1000000, cyc, CYC);
	CHECK(ns, 1000000000, cyc, CYC);
}

ZTEST(time_units, test_from_cycles)
{
	CHECK(cyc, CYC, sec, 1);
	CHECK(cyc, CYC, ms, 1000);
	CHECK(cyc, CYC, us, 1000000);
	CHECK(cyc, CYC, ns, 1000000000);
}

/* Rates that this platform does not have, some without common factors. */
ZTEST(time_units, test_any_rates)
{
	static const uint32_t rates[] = {1, 3, 100, 1000, 32768, 1000000, 48000000, 4294967295};
	static const enum z_time_rounding roundings[] = {Z_TIME_FLOOR, Z_TIME_NEAR, Z_TIME_CEIL};

	for (size_t f = 0; f < ARRAY_SIZE(rates); f++) {
		for (size_t t = 0; t < ARRAY_SIZE(rates); t++) {
			for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
				for (int r = FLOOR; r <= CEIL; r++) {
					uint64_t right = exact(times[i], rates[f], rates[t],
							       (enum rounding)r);

					zassert_equal(z_time_convert64(times[i], rates[f], rates[t],
								       roundings[r]),
						      right);
					right = exact((uint32_t)times[i], rates[f], rates[t],
						      (enum rounding)r);
					zassert_equal(z_time_convert32((uint32_t)times[i], rates[f],
								       rates[t], roundings[r]),
						      (uint32_t)right);
				}
			}
		}
	}
}

/* A time near the end of 64 bits, which a sum in between would carry over. */
ZTEST(time_units, test_no_overflow_in_between)
{
	zassert_equal(z_time_convert64(UINT64_MAX, 1000, 1, Z_TIME_CEIL), UINT64_MAX / 1000 + 1);
	zassert_equal(z_time_convert64(UINT64_MAX, 1000, 1, Z_TIME_NEAR),
		      exact(UINT64_MAX, 1000, 1, NEAR));
	zassert_equal(z_time_convert64(UINT64_MAX / 2, 999999999, 1000000000, Z_TIME_CEIL),
		      exact(UINT64_MAX / 2, 999999999, 1000000000, CEIL));
	zassert_equal(z_time_convert32(UINT32_MAX, 4000000000, 1, Z_TIME_CEIL), 2);
	zassert_equal(z_time_convert32(UINT32_MAX, 4000000000, 1, Z_TIME_NEAR), 1);
}

ZTEST(time_units, test_constants)
{
	/* What a timeout must never be: too short. */
	zassert_true(k_us_to_ticks_ceil64(1) >= 1);
	zassert_equal(k_us_to_ticks_ceil64(0), 0);
	zassert_equal(k_ms_to_ticks_ceil64(1000), TICKS);
	zassert_equal(SEC_PER_MIN * MSEC_PER_SEC * USEC_PER_MSEC, 60 * USEC_PER_SEC);
	zassert_equal(NSEC_PER_USEC * USEC_PER_SEC, NSEC_PER_SEC);
}
