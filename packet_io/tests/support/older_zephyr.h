/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * For Zephyr before 3.3, whose assertions want a message: those that the tests use, without.
 */
#ifndef PACKET_IO_TESTS_OLDER_ZEPHYR_H_
#define PACKET_IO_TESTS_OLDER_ZEPHYR_H_

#include <string.h>

#include <zephyr/ztest.h>

#ifndef zexpect_true

#undef zassert_true
#undef zassert_false
#undef zassert_ok
#undef zassert_is_null
#undef zassert_not_null
#undef zassert_equal
#undef zassert_not_equal
#undef zassert_equal_ptr
#undef zassert_mem_equal

/* A message is a literal, so an empty one before it changes nothing. */
#define zassert_true(cond, ...)      zassert(cond, #cond " is false", "" __VA_ARGS__)
#define zassert_false(cond, ...)     zassert(!(cond), #cond " is true", "" __VA_ARGS__)
#define zassert_ok(cond, ...)        zassert((cond) == 0, #cond " is not 0", "" __VA_ARGS__)
#define zassert_is_null(ptr, ...)    zassert((ptr) == NULL, #ptr " is not NULL", "" __VA_ARGS__)
#define zassert_not_null(ptr, ...)   zassert((ptr) != NULL, #ptr " is NULL", "" __VA_ARGS__)
#define zassert_equal(a, b, ...)     zassert((a) == (b), #a " is not " #b, "" __VA_ARGS__)
#define zassert_not_equal(a, b, ...) zassert((a) != (b), #a " is " #b, "" __VA_ARGS__)
#define zassert_equal_ptr(a, b, ...)                                                               \
	zassert((const void *)(a) == (const void *)(b), #a " is not " #b, "" __VA_ARGS__)
#define zassert_str_equal(a, b, ...) zassert(strcmp(a, b) == 0, #a " is not " #b, "" __VA_ARGS__)
#define zassert_mem_equal(a, b, size, ...)                                                         \
	zassert(memcmp(a, b, size) == 0, #a " is not " #b, "" __VA_ARGS__)

/* An expectation that fails lets the test run on; there all that there is ends it. */
#define zexpect_true    zassert_true
#define zexpect_equal   zassert_equal
#define zexpect_is_null zassert_is_null

#endif /* zexpect_true */

#endif /* PACKET_IO_TESTS_OLDER_ZEPHYR_H_ */
