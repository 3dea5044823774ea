/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Iterable sections: all objects of all files, without holes, in a file in the order of their
 * definitions; also when the linker drops what nobody refers to, and optimises it all as one.
 */

#include <zephyr/ztest.h>

#include "sections.h"

static const STRUCT_SECTION_ITERABLE(big, z_last_by_name) = {1, 0, ""};
static const STRUCT_SECTION_ITERABLE(big, m_big) = {1, 1, ""};
static const STRUCT_SECTION_ITERABLE(big, a_first_by_name) = {1, 2, ""};
STRUCT_SECTION_ITERABLE(odd, odd_0) = {1, 0, 0};
static STRUCT_SECTION_ITERABLE(odd, odd_1) = {1, 1, 0};
STRUCT_SECTION_ITERABLE_ARRAY(odd, odd_array, 3) = {{1, 2, 0}, {1, 3, 0}, {1, 4, 0}};
STRUCT_SECTION_ITERABLE(odd, odd_5) = {1, 5, 0};
static const STRUCT_SECTION_ITERABLE_ALTERNATE(elsewhere, big, big_elsewhere) = {7, 0, ""};
static const TYPE_SECTION_ITERABLE(int, an_int, ints, an_int) = 11;
static const TYPE_SECTION_ITERABLE(int, another_int, ints, another_int) = 22;

ZTEST_SUITE(sections, NULL, NULL, NULL, NULL, NULL);

ZTEST(sections, test_const_objects)
{
	int next[3] = {0};

	STRUCT_SECTION_FOREACH(big, b) {
		zassert_true(b->file == 1 || b->file == 2);
		zassert_equal(b->number, next[b->file], "out of order in file %d", b->file);
		next[b->file]++;
	}
	zassert_equal(next[1], 3);
	zassert_equal(next[2], 3);
}

ZTEST(sections, test_variable_objects)
{
	int next[3] = {0};

	STRUCT_SECTION_FOREACH(odd, o) {
		zassert_true(o->file == 1 || o->file == 2);
		zassert_equal(o->number, next[(int)o->file]);
		next[(int)o->file]++;
		o->rest++;
	}
	zassert_equal(next[1], 6);
	zassert_equal(next[2], 2);
	zassert_equal(odd_0.rest, 1);
	zassert_equal(odd_array[2].rest, 1);
}

ZTEST(sections, test_count_and_get)
{
	size_t count;
	struct odd *o;

	STRUCT_SECTION_COUNT(odd, &count);
	zassert_equal(count, 8);
	STRUCT_SECTION_COUNT(big, &count);
	zassert_equal(count, 6);
	for (size_t i = 0; i < 8; i++) {
		STRUCT_SECTION_GET(odd, i, &o);
		zassert_true(o->file == 1 || o->file == 2);
	}
}

ZTEST(sections, test_alternate_and_types)
{
	int sum = 0;
	int n = 0;

	STRUCT_SECTION_FOREACH_ALTERNATE(elsewhere, big, b) {
		zassert_equal(b->file, 7);
		zassert_equal(b, &big_elsewhere);
		n++;
	}
	zassert_equal(n, 1);
	TYPE_SECTION_FOREACH(const int, ints, i) {
		zassert_equal(*i, sum == 0 ? 11 : 22);
		sum += *i;
	}
	zassert_equal(sum, 33);
}

ZTEST(sections, test_empty_section)
{
	size_t count = 1;

	STRUCT_SECTION_FOREACH(empty, e) {
		zassert_unreachable("%p", (void *)e);
	}
	STRUCT_SECTION_COUNT(empty, &count);
	zassert_equal(count, 0);
}
