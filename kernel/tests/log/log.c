/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Logging as this configuration has it: lines where it is on, nothing where it is off. The program
 * is linked with --wrap=port_clock_ticks, so that the time can be chosen.
 */

#include <zephyr/ztest.h>

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "../support/capture.h"
#include "log.h"

LOG_MODULE_REGISTER(log_test, LOG_LEVEL_WRN);

int64_t __real_port_clock_ticks(void);
int64_t __wrap_port_clock_ticks(void);

/* What the clock says; 0 for what it really says. */
static uint64_t time;

int64_t __wrap_port_clock_ticks(void)
{
	return time != 0 ? (int64_t)time : __real_port_clock_ticks();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	time = 0;
}

ZTEST_SUITE(log, NULL, NULL, NULL, after, NULL);

static int evaluated;

static int evaluate(void)
{
	return ++evaluated;
}

/* Compiled out calls: there is no such function, so what is left of one would not link. */
int log_test_does_not_exist(void);

ZTEST(log, test_above_the_level_nothing_is_left)
{
	capture_start();
	LOG_INF("%d", log_test_does_not_exist());
	LOG_DBG("%d", log_test_does_not_exist());
	LOG_HEXDUMP_DBG("abc", (size_t)log_test_does_not_exist(), "text");
	zassert_equal(capture_stop(), 0);
}

ZTEST(log, test_is_one_statement)
{
	bool otherwise = false;

	if (evaluated > 1000) {
		LOG_ERR("never");
	} else {
		otherwise = true;
	}
	zassert_true(otherwise);
}

#ifdef CONFIG_LOG

/* Check that @p line is a line with time, @p level, @p text; where the next begins. */
static const char *check_line(const char *line, const char *level, const char *text)
{
	static const char pattern[] = "[00:00:00.000,000] <";
	const char *place = line;

	for (const char *p = pattern; *p != '\0'; p++, place++) {
		zassert_true(*p == '0' ? IN_RANGE(*place, '0', '9') : *place == *p, "%s", line);
	}
	zassert_mem_equal(place, level, 3, "%s", line);
	place += 3;
	zassert_mem_equal(place, "> ", 2, "%s", line);
	place += 2;
	zassert_mem_equal(place, text, strlen(text), "%s", line);
	place += strlen(text);
	zassert_equal(*place, '\n', "%s", line);
	return place + 1;
}

ZTEST(log, test_lines)
{
	const char *line = captured;

	evaluated = 0;
	capture_start();
	LOG_ERR("error %d", evaluate());
	LOG_WRN("warning %s", "text");
	LOG_WRN("100%%");
	zassert_equal(capture_stop(), 3);
	line = check_line(line, "err", "log_test: error 1");
	line = check_line(line, "wrn", "log_test: warning text");
	line = check_line(line, "wrn", "log_test: 100%");
	zassert_equal(*line, '\0');
	zassert_equal(evaluated, 1);
}

ZTEST(log, test_time)
{
	const uint64_t seconds = UINT64_C(23) * 3600 + UINT64_C(45) * 60 + 6;

	/* One tick before a full second, an eighth behind it, and days later. */
	time = seconds * CONFIG_SYS_CLOCK_TICKS_PER_SEC - 1;
	capture_start();
	LOG_ERR("a");
	capture_stop();
	zassert_mem_equal(captured, "[23:45:05.99", 12, "%s", captured);

	time = seconds * CONFIG_SYS_CLOCK_TICKS_PER_SEC + CONFIG_SYS_CLOCK_TICKS_PER_SEC / 8;
	capture_start();
	LOG_ERR("b");
	capture_stop();
	zassert_mem_equal(captured, "[23:45:06.125,000] <err>", 24, "%s", captured);

	time = UINT64_C(100) * 3600 * CONFIG_SYS_CLOCK_TICKS_PER_SEC +
	       CONFIG_SYS_CLOCK_TICKS_PER_SEC / 1000;
	capture_start();
	LOG_ERR("c");
	capture_stop();
	zassert_mem_equal(captured, "[100:00:00.001,000] <err>", 25, "%s", captured);
}

ZTEST(log, test_other_levels)
{
	const char *line = captured;

	capture_start();
	log_test_declared();
	log_test_by_macro();
	log_test_without_module();
	zassert_equal(capture_stop(), 5);
	line = check_line(line, "inf", "log_test: declared inf");
	line = check_line(line, "dbg", "log_test: declared in function dbg");
	line = check_line(line, "inf", "log_macro: macro inf");
	line = check_line(line, "wrn", "none wrn");
	line = check_line(line, "inf", "none inf");
	zassert_equal(*line, '\0');
}

ZTEST(log, test_default_level)
{
	capture_start();
	log_test_by_default();
	zassert_equal(capture_stop(), CONFIG_LOG_DEFAULT_LEVEL);
}

ZTEST(log, test_once)
{
	capture_start();
	for (int i = 0; i < 3; i++) {
		LOG_WRN_ONCE("once");
	}
	zassert_equal(capture_stop(), 1);
	check_line(captured, "wrn", "log_test: once");
}

ZTEST(log, test_raw)
{
	capture_start();
	LOG_RAW("raw %d", 1);
	LOG_PRINTK("print %d", 2);
	zassert_equal(capture_stop(), 2);
	zassert_str_equal(captured, "raw 1print 2");
}

ZTEST(log, test_hexdump)
{
	const char *line = captured;
	static const uint8_t bytes[17] = {'a', 0x00, 0x7e, 0x7f, 0x80, 0xff, ' ', 0x1f};

	capture_start();
	LOG_HEXDUMP_ERR(bytes, sizeof(bytes), "bytes");
	LOG_HEXDUMP_WRN(bytes, 0, "none");
	zassert_equal(capture_stop(), 4);
	line = check_line(line, "err", "log_test: bytes");
	zassert_mem_equal(line,
			  "    61 00 7e 7f 80 ff 20 1f 00 00 00 00 00 00 00 00 |a.~... .........\n",
			  captured_pieces[1]);
	line += captured_pieces[1];
	zassert_mem_equal(line, "    00                                              |.\n",
			  captured_pieces[2]);
	line = check_line(line + captured_pieces[2], "wrn", "log_test: none");
	zassert_equal(*line, '\0');
}

ZTEST(log, test_long_lines_are_whole)
{
	static char text[600];

	memset(text, 'x', sizeof(text) - 1);
	capture_start();
	LOG_ERR("%s", text);
	zassert_equal(capture_stop(), 3);
	zassert_not_null(strstr(captured, text));
	zassert_equal(captured[strlen(captured) - 1], '\n');
}

#ifdef CONFIG_MULTITHREADING

#define THREADS 3
#define LINES   15

static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 2048);
static struct k_thread threads[THREADS];

static void log_lines(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < LINES; i++) {
		LOG_WRN("thread %d line %02d", (int)POINTER_TO_INT(p1), i);
	}
}

ZTEST(log, test_lines_of_threads_do_not_mix)
{
	const char *line = captured;
	int next[THREADS] = {0};

	capture_start();
	for (int i = 0; i < THREADS; i++) {
		k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), log_lines,
				INT_TO_POINTER(i), NULL, NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
	}
	for (int i = 0; i < THREADS; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	zassert_equal((int)capture_stop(), THREADS * LINES);
	for (int i = 0; i < THREADS * LINES; i++) {
		char expected[40];
		int thread = line[strlen("[00:00:00.000,000] <wrn> log_test: thread ")] - '0';

		zassert_true(IN_RANGE(thread, 0, THREADS - 1), "%s", line);
		snprintk(expected, sizeof(expected), "log_test: thread %d line %02d", thread,
			 next[thread]++);
		line = check_line(line, "wrn", expected);
	}
}

#endif

static void log_in_isr(const void *arg)
{
	LOG_ERR("from %s", (const char *)arg);
}

ZTEST(log, test_in_an_isr)
{
	capture_start();
	irq_offload(log_in_isr, "an ISR");
	zassert_equal(capture_stop(), 1);
	check_line(captured, "err", "log_test: from an ISR");
}

#else /* CONFIG_LOG */

ZTEST(log, test_off)
{
	int only_logged = 3;

	evaluated = 0;
	capture_start();
	LOG_ERR("error %d", evaluate());
	LOG_WRN("warning %d", only_logged);
	LOG_WRN_ONCE("%d", log_test_does_not_exist());
	LOG_HEXDUMP_ERR("abc", (size_t)log_test_does_not_exist(), "text");
	LOG_RAW("raw %d", log_test_does_not_exist());
	log_test_declared();
	log_test_by_macro();
	log_test_by_default();
	log_test_without_module();
	zassert_equal(capture_stop(), 0);
	zassert_equal(evaluated, 0);

	capture_start();
	LOG_PRINTK("print %d", evaluate());
	zassert_equal(capture_stop(), 1);
	zassert_str_equal(captured, "print 1");
}

#endif
