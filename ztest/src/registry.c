/* SPDX-License-Identifier: Apache-2.0 */

/** @file The records that ZTEST_SUITE() and its relatives leave in sections, in order of names. */

#include "ztest_internal.h"

/** What sorts in place of the end of a name; see <zephyr/ztest_test.h>. */
static unsigned char key_char(const char *name, size_t i, size_t len)
{
	return i < len ? (unsigned char)name[i] : i == len ? (unsigned char)'_' : 0U;
}

/** As strcmp() of both names with an underscore behind them. */
static int compare_names(const char *a, const char *b)
{
	size_t len_a = strlen(a);
	size_t len_b = strlen(b);
	size_t i = 0;

	while (i <= len_a && key_char(a, i, len_a) == key_char(b, i, len_b)) {
		i++;
	}
	return i > len_a ? (len_a == len_b ? 0 : -1)
			 : (int)key_char(a, i, len_a) - (int)key_char(b, i, len_b);
}

/** A record and the name it sorts by. Records of one name (rules may share one) sort by address. */
struct entry {
	const char *name;
	const void *record; /* NULL: none */
};

static bool sorts_before(struct entry a, struct entry b)
{
	int order = compare_names(a.name, b.name);

	return order != 0 ? order < 0 : (uintptr_t)a.record < (uintptr_t)b.record;
}

/** Let @p candidate be @p best if it lies behind @p prev and before the best so far. */
static void consider(struct entry candidate, struct entry prev, struct entry *best)
{
	if ((prev.record == NULL || sorts_before(prev, candidate)) &&
	    (best->record == NULL || sorts_before(candidate, *best))) {
		*best = candidate;
	}
}

const struct ztest_suite_node *z_ztest_next_suite(const struct ztest_suite_node *prev)
{
	struct entry after = {prev != NULL ? prev->name : NULL, prev};
	struct entry best = {NULL, NULL};

	STRUCT_SECTION_FOREACH(ztest_suite_node, suite) {
		consider((struct entry){suite->name, suite}, after, &best);
	}
	return best.record;
}

const struct ztest_unit_test *z_ztest_next_test(const char *suite,
						const struct ztest_unit_test *prev)
{
	struct entry after = {prev != NULL ? prev->name : NULL, prev};
	struct entry best = {NULL, NULL};

	STRUCT_SECTION_FOREACH(ztest_unit_test, test) {
		if (strcmp(test->test_suite_name, suite) == 0) {
			consider((struct entry){test->name, test}, after, &best);
		}
	}
	return best.record;
}

const struct ztest_test_rule *z_ztest_next_rule(const struct ztest_test_rule *prev)
{
	struct entry after = {prev != NULL ? prev->name : NULL, prev};
	struct entry best = {NULL, NULL};

	STRUCT_SECTION_FOREACH(ztest_test_rule, rule) {
		consider((struct entry){rule->name, rule}, after, &best);
	}
	return best.record;
}

const struct ztest_suite_node *z_ztest_find_suite(const char *name)
{
	STRUCT_SECTION_FOREACH(ztest_suite_node, suite) {
		if (strcmp(suite->name, name) == 0) {
			return suite;
		}
	}
	return NULL;
}

const struct ztest_expected_result_entry *z_ztest_expectation(const struct ztest_unit_test *test)
{
	STRUCT_SECTION_FOREACH(ztest_expected_result_entry, entry) {
		if (strcmp(entry->test_suite_name, test->test_suite_name) == 0 &&
		    strcmp(entry->test_name, test->name) == 0) {
			return entry;
		}
	}
	return NULL;
}
