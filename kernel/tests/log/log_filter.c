/* SPDX-License-Identifier: Apache-2.0 */

/* Levels that change at run time. Compiled with CONFIG_LOG_RUNTIME_FILTERING. */

#include <zephyr/ztest.h>

#include <zephyr/logging/log.h>
#include <zephyr/logging/log_ctrl.h>

#include "../support/capture.h"
#include "log.h"

LOG_MODULE_REGISTER(log_test, LOG_LEVEL_INF);

static int16_t id;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	id = (int16_t)log_source_id_get("log_test");
	(void)log_filter_set(NULL, 0, id, LOG_LEVEL_INF);
}

ZTEST_SUITE(log_filter, NULL, NULL, before, NULL, NULL);

/* @return how many of four lines came through. */
static size_t log_all(void)
{
	capture_start();
	LOG_ERR("err");
	LOG_WRN("wrn");
	LOG_INF("inf");
	LOG_DBG("dbg");
	return capture_stop();
}

ZTEST(log_filter, test_sources)
{
	uint32_t count = log_src_cnt_get(0);

	zassert_true(count >= 3);
	zassert_equal(log_src_cnt_get(1), 0);
	zassert_true(id >= 0 && (uint32_t)id < count);
	zassert_str_equal(log_source_name_get(0, (uint32_t)id), "log_test");
	zassert_is_null(log_source_name_get(0, count));
	zassert_is_null(log_source_name_get(1, (uint32_t)id));
	zassert_equal(log_source_id_get("no such module"), -1);
	for (uint32_t i = 0; i < count; i++) {
		zassert_equal(log_source_id_get(log_source_name_get(0, i)), (int)i);
	}
}

ZTEST(log_filter, test_starts_at_the_level_compiled_in)
{
	zassert_equal(log_filter_get(NULL, 0, id, true), LOG_LEVEL_INF);
	zassert_equal(log_all(), 3);
}

ZTEST(log_filter, test_set)
{
	zassert_equal(log_filter_set(NULL, 0, id, LOG_LEVEL_ERR), LOG_LEVEL_ERR);
	zassert_equal(log_filter_get(NULL, 0, id, true), LOG_LEVEL_ERR);
	zassert_equal(log_all(), 1);
	zassert_equal(log_filter_set(NULL, 0, id, LOG_LEVEL_NONE), LOG_LEVEL_NONE);
	zassert_equal(log_all(), 0);
	zassert_equal(log_filter_set(NULL, 0, id, 99), LOG_LEVEL_DBG);
	zassert_equal(log_all(), 3, "what is not compiled in stays out");
}

ZTEST(log_filter, test_set_all)
{
	zassert_equal(log_filter_set(NULL, 0, -1, LOG_LEVEL_NONE), LOG_LEVEL_NONE);
	zassert_equal(log_all(), 0);
	capture_start();
	log_test_declared();
	log_test_by_macro();
	zassert_equal(capture_stop(), 0);
	zassert_equal(log_filter_set(NULL, 0, -1, LOG_LEVEL_DBG), LOG_LEVEL_DBG);
	capture_start();
	log_test_declared();
	log_test_by_macro();
	zassert_equal(capture_stop(), 3);
}

ZTEST(log_filter, test_no_such_source)
{
	zassert_equal(log_filter_set(NULL, 0, 1000, LOG_LEVEL_DBG), LOG_LEVEL_NONE);
	zassert_equal(log_filter_set(NULL, 1, id, LOG_LEVEL_DBG), LOG_LEVEL_NONE);
	zassert_equal(log_filter_get(NULL, 0, 1000, true), LOG_LEVEL_NONE);
	zassert_equal(log_filter_get(NULL, 0, -1, true), LOG_LEVEL_NONE);
	zassert_equal(log_filter_get(NULL, 0, id, true), LOG_LEVEL_INF);
}

ZTEST(log_filter, test_without_a_module)
{
	capture_start();
	log_test_without_module();
	zassert_equal(capture_stop(), 2);
}

ZTEST(log_filter, test_calls_of_a_deferred_log)
{
	LOG_INIT();
	zassert_false(LOG_PROCESS());
	log_flush();
	LOG_PANIC();
}
