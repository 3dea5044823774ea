/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/sys/slist.h>

/* Members before and after the node, so that a wrong offset shows. */
struct item {
	long id;
	sys_snode_t node;
	long tail;
};

static sys_slist_t list = SYS_SLIST_STATIC_INIT(&list);
static struct item items[5];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	sys_slist_init(&list);
	for (int i = 0; i < 5; i++) {
		items[i].id = i;
	}
}

ZTEST_SUITE(slist, NULL, NULL, before, NULL, NULL);

static void append_items(int count)
{
	for (int i = 0; i < count; i++) {
		sys_slist_append(&list, &items[i].node);
	}
}

/* The ids in @p checked must be the digits of @p expected. */
static void check(const sys_slist_t *checked, const char *expected)
{
	char ids[11] = "";
	size_t length = 0;
	const sys_snode_t *node;
	const sys_snode_t *last = NULL;

	SYS_SLIST_FOR_EACH_NODE(checked, node) {
		zassert_true(length < sizeof(ids) - 1);
		ids[length++] = (char)('0' + CONTAINER_OF(node, struct item, node)->id);
		last = node;
	}
	zassert_str_equal(ids, expected);
	zassert_equal_ptr(sys_slist_peek_tail(checked), last);
	zassert_equal(sys_slist_len(checked), length);
	zassert_equal(sys_slist_is_empty(checked), length == 0);
}

ZTEST(slist, test_empty)
{
	sys_slist_t zeroed = {NULL, NULL};

	check(&list, "");
	check(&zeroed, "");
	zassert_is_null(sys_slist_get(&list));
	zassert_is_null(sys_slist_peek_head(&list));
	zassert_is_null(sys_slist_peek_next(NULL));
	sys_slist_prepend(&zeroed, &items[0].node);
	check(&zeroed, "0");
}

ZTEST(slist, test_append_and_prepend)
{
	sys_slist_append(&list, &items[1].node);
	sys_slist_append(&list, &items[2].node);
	sys_slist_prepend(&list, &items[0].node);
	check(&list, "012");
	zassert_equal_ptr(sys_slist_peek_head(&list), &items[0].node);
	zassert_equal_ptr(sys_slist_peek_next(&items[0].node), &items[1].node);
	zassert_is_null(sys_slist_peek_next_no_check(&items[2].node));
}

ZTEST(slist, test_insert)
{
	sys_slist_insert(&list, NULL, &items[0].node);
	check(&list, "0");
	sys_slist_insert(&list, &items[0].node, &items[2].node);
	check(&list, "02");
	sys_slist_insert(&list, &items[0].node, &items[1].node);
	check(&list, "012");
	sys_slist_insert(&list, NULL, &items[3].node);
	check(&list, "3012");
}

ZTEST(slist, test_append_list)
{
	items[0].node.next = &items[1].node;
	items[1].node.next = NULL;
	sys_slist_append_list(&list, &items[0].node, &items[1].node);
	check(&list, "01");
	items[2].node.next = &items[3].node;
	items[3].node.next = NULL;
	sys_slist_append_list(&list, &items[2].node, &items[3].node);
	check(&list, "0123");
	sys_slist_append_list(&list, NULL, NULL);
	check(&list, "0123");
}

ZTEST(slist, test_merge)
{
	sys_slist_t other;

	sys_slist_init(&other);
	append_items(2);
	sys_slist_merge_slist(&list, &other);
	check(&list, "01");
	sys_slist_merge_slist(&other, &list);
	check(&other, "01");
	check(&list, "");
	sys_slist_append(&list, &items[2].node);
	sys_slist_merge_slist(&list, &other);
	check(&list, "201");
	check(&other, "");
}

ZTEST(slist, test_get)
{
	append_items(3);
	zassert_equal_ptr(sys_slist_get(&list), &items[0].node);
	check(&list, "12");
	zassert_equal_ptr(sys_slist_get_not_empty(&list), &items[1].node);
	zassert_equal_ptr(sys_slist_get_not_empty(&list), &items[2].node);
	check(&list, "");
	append_items(1);
	check(&list, "0");
}

ZTEST(slist, test_remove)
{
	append_items(4);
	sys_slist_remove(&list, &items[0].node, &items[1].node);
	check(&list, "023");
	zassert_is_null(items[1].node.next);
	sys_slist_remove(&list, &items[2].node, &items[3].node);
	check(&list, "02");
	sys_slist_remove(&list, NULL, &items[0].node);
	check(&list, "2");
	sys_slist_remove(&list, NULL, &items[2].node);
	check(&list, "");
}

ZTEST(slist, test_find)
{
	sys_snode_t *prev = NULL;

	zassert_false(sys_slist_find(&list, &items[0].node, &prev));
	zassert_is_null(prev);
	append_items(3);
	zassert_true(sys_slist_find(&list, &items[0].node, &prev));
	zassert_is_null(prev);
	zassert_true(sys_slist_find(&list, &items[2].node, &prev));
	zassert_equal_ptr(prev, &items[1].node);
	zassert_false(sys_slist_find(&list, &items[3].node, &prev));
	zassert_equal_ptr(prev, &items[2].node);
	zassert_true(sys_slist_find(&list, &items[1].node, NULL));
}

ZTEST(slist, test_find_and_remove)
{
	append_items(3);
	zassert_false(sys_slist_find_and_remove(&list, &items[3].node));
	zassert_false(sys_slist_find_and_remove(&list, NULL));
	zassert_true(sys_slist_find_and_remove(&list, &items[2].node));
	check(&list, "01");
	zassert_false(sys_slist_find_and_remove(&list, &items[2].node));
	zassert_true(sys_slist_find_and_remove(&list, &items[0].node));
	zassert_true(sys_slist_find_and_remove(&list, &items[1].node));
	check(&list, "");
}

ZTEST(slist, test_loops)
{
	struct item *i;
	sys_snode_t *node = NULL;
	long ids = 0;

	append_items(4);
	SYS_SLIST_FOR_EACH_CONTAINER(&list, i, node) {
		ids = ids * 10 + i->id;
	}
	zassert_equal(ids, 123);

	ids = 0;
	SYS_SLIST_ITERATE_FROM_NODE(&list, node) {
		ids = ids * 10 + CONTAINER_OF(node, struct item, node)->id;
	}
	zassert_equal(ids, 123, "from NULL: the whole list");

	ids = 0;
	node = &items[1].node;
	SYS_SLIST_ITERATE_FROM_NODE(&list, node) {
		ids = ids * 10 + CONTAINER_OF(node, struct item, node)->id;
	}
	zassert_equal(ids, 23);
}

ZTEST(slist, test_loops_that_remove)
{
	struct item *i;
	struct item *following;
	sys_snode_t *node;
	sys_snode_t *next;

	append_items(4);
	SYS_SLIST_FOR_EACH_CONTAINER_SAFE(&list, i, following, node) {
		if (i->id % 2 == 0) {
			zassert_true(sys_slist_find_and_remove(&list, &i->node));
		}
	}
	check(&list, "13");
	SYS_SLIST_FOR_EACH_NODE_SAFE(&list, node, next) {
		sys_slist_remove(&list, NULL, node);
	}
	check(&list, "");
}

ZTEST(slist, test_containers)
{
	struct item *i = NULL;
	int calls = 0;

	zassert_is_null(SYS_SLIST_PEEK_HEAD_CONTAINER(&list, i, node));
	zassert_is_null(SYS_SLIST_PEEK_TAIL_CONTAINER(&list, i, node));
	zassert_is_null(SYS_SLIST_PEEK_NEXT_CONTAINER(i, node));
	append_items(3);
	zassert_equal_ptr(SYS_SLIST_PEEK_HEAD_CONTAINER(&list, i, node), &items[0]);
	zassert_equal_ptr(SYS_SLIST_PEEK_TAIL_CONTAINER(&list, i, node), &items[2]);
	i = &items[1];
	zassert_equal_ptr(SYS_SLIST_PEEK_NEXT_CONTAINER(i, node), &items[2]);
	i = &items[2];
	zassert_is_null(SYS_SLIST_PEEK_NEXT_CONTAINER(i, node));

	i = SYS_SLIST_CONTAINER((calls++, sys_slist_get(&list)), i, node);
	zassert_equal_ptr(i, &items[0]);
	zassert_equal(calls, 1, "evaluates its argument once");
}
