/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/dlist.h>

/* Members before and after the node, so that a wrong offset shows. */
struct item {
	long id;
	sys_dnode_t node;
	long tail;
};

static sys_dlist_t list = SYS_DLIST_STATIC_INIT(&list);
static struct item items[5];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	sys_dlist_init(&list);
	for (int i = 0; i < 5; i++) {
		items[i].id = i;
		sys_dnode_init(&items[i].node);
	}
}

ZTEST_SUITE(dlist, NULL, NULL, before, NULL, NULL);

static void append_items(int count)
{
	for (int i = 0; i < count; i++) {
		sys_dlist_append(&list, &items[i].node);
	}
}

/* Add the id of @p node to the digits in @p ids. */
static void note(char *ids, const sys_dnode_t *node)
{
	size_t length = strlen(ids);

	zassert_true(length < 9);
	zassert_true(sys_dnode_is_linked(node));
	ids[length] = (char)('0' + CONTAINER_OF(node, struct item, node)->id);
	ids[length + 1] = '\0';
}

/* The ids in @p checked must be the digits of @p expected, in both directions. */
static void check(const sys_dlist_t *checked, const char *expected)
{
	char ids[11] = "";
	char backwards[11] = "";
	size_t length = strlen(expected);
	const sys_dnode_t *node;

	SYS_DLIST_FOR_EACH_NODE(checked, node) {
		note(ids, node);
	}
	zassert_str_equal(ids, expected);
	for (node = sys_dlist_peek_tail(checked); node != NULL;
	     node = sys_dlist_peek_prev(checked, node)) {
		note(backwards, node);
	}
	sys_mem_swap(backwards, strlen(backwards));
	zassert_str_equal(backwards, expected);
	zassert_equal(sys_dlist_len(checked), length);
	zassert_equal(sys_dlist_is_empty(checked), length == 0);
	zassert_equal(sys_dlist_has_multiple_nodes(checked), length > 1);
}

ZTEST(dlist, test_static_initialiser)
{
	static sys_dlist_t fresh = SYS_DLIST_STATIC_INIT(&fresh);

	check(&fresh, "");
	sys_dlist_append(&fresh, &items[3].node);
	check(&fresh, "3");
}

ZTEST(dlist, test_empty)
{
	sys_dnode_t *node = &items[0].node;

	check(&list, "");
	zassert_is_null(sys_dlist_peek_head(&list));
	zassert_is_null(sys_dlist_peek_tail(&list));
	zassert_is_null(sys_dlist_get(&list));
	zassert_false(sys_dlist_is_head(&list, node));
	zassert_false(sys_dlist_is_tail(&list, node));
	zassert_is_null(sys_dlist_peek_next(&list, NULL));
	zassert_is_null(sys_dlist_peek_prev(&list, NULL));
}

ZTEST(dlist, test_zeroed_reads_as_empty)
{
	sys_dlist_t zeroed = {{NULL}, {NULL}};
	struct item *i = NULL;

	check(&zeroed, "");
	zassert_is_null(sys_dlist_get(&zeroed));
	SYS_DLIST_FOR_EACH_CONTAINER(&zeroed, i, node) {
		ztest_test_fail();
	}
	append_items(1);
	sys_dlist_join(&list, &zeroed);
	check(&list, "0");
}

ZTEST(dlist, test_append_and_prepend)
{
	sys_dlist_append(&list, &items[1].node);
	sys_dlist_append(&list, &items[2].node);
	sys_dlist_prepend(&list, &items[0].node);
	check(&list, "012");
	zassert_true(sys_dlist_is_head(&list, &items[0].node));
	zassert_false(sys_dlist_is_head(&list, &items[1].node));
	zassert_true(sys_dlist_is_tail(&list, &items[2].node));
	zassert_false(sys_dlist_is_tail(&list, &items[1].node));
	zassert_equal_ptr(sys_dlist_peek_head_not_empty(&list), &items[0].node);
	zassert_equal_ptr(sys_dlist_peek_next_no_check(&list, &items[0].node), &items[1].node);
	zassert_is_null(sys_dlist_peek_next_no_check(&list, &items[2].node));
	zassert_equal_ptr(sys_dlist_peek_prev_no_check(&list, &items[2].node), &items[1].node);
	zassert_is_null(sys_dlist_peek_prev_no_check(&list, &items[0].node));
}

ZTEST(dlist, test_insert)
{
	append_items(2);
	sys_dlist_insert(&items[0].node, &items[2].node);
	check(&list, "201");
	sys_dlist_insert(&items[1].node, &items[3].node);
	check(&list, "2031");
}

static int above(sys_dnode_t *node, void *data)
{
	return CONTAINER_OF(node, struct item, node)->id > *(int *)data;
}

static void insert_in_order(int id)
{
	sys_dlist_insert_at(&list, &items[id].node, above, &id);
}

ZTEST(dlist, test_insert_at)
{
	insert_in_order(2);
	insert_in_order(4);
	insert_in_order(0);
	insert_in_order(3);
	insert_in_order(1);
	check(&list, "01234");
}

ZTEST(dlist, test_remove)
{
	append_items(4);
	sys_dlist_remove(&items[2].node);
	check(&list, "013");
	zassert_false(sys_dnode_is_linked(&items[2].node));
	sys_dlist_remove(&items[0].node);
	sys_dlist_remove(&items[3].node);
	check(&list, "1");
	sys_dlist_remove(&items[1].node);
	check(&list, "");
	append_items(4);
	sys_dlist_dequeue(&items[1].node);
	check(&list, "023");
}

ZTEST(dlist, test_get)
{
	append_items(2);
	zassert_equal_ptr(sys_dlist_get(&list), &items[0].node);
	check(&list, "1");
	zassert_equal_ptr(sys_dlist_get(&list), &items[1].node);
	zassert_is_null(sys_dlist_get(&list));
	zassert_false(sys_dnode_is_linked(&items[0].node));
}

ZTEST(dlist, test_join)
{
	sys_dlist_t other;

	sys_dlist_init(&other);
	append_items(2);
	sys_dlist_join(&other, &list);
	check(&other, "01");
	check(&list, "");
	sys_dlist_join(&other, &list);
	check(&other, "01");
	sys_dlist_append(&list, &items[2].node);
	sys_dlist_join(&list, &other);
	check(&list, "201");
	check(&other, "");
}

ZTEST(dlist, test_split)
{
	sys_dlist_t front;

	sys_dlist_init(&front);
	append_items(5);
	sys_dlist_split(&front, &list, &items[0].node);
	check(&front, "");
	check(&list, "01234");
	sys_dlist_split(&front, &list, &items[2].node);
	check(&front, "01");
	check(&list, "234");
	sys_dlist_split(&front, &list, &items[4].node);
	check(&front, "0123");
	check(&list, "4");
}

ZTEST(dlist, test_loops)
{
	struct item *i;
	sys_dnode_t *node = NULL;
	long ids = 0;

	append_items(4);
	SYS_DLIST_FOR_EACH_CONTAINER(&list, i, node) {
		ids = ids * 10 + i->id;
	}
	zassert_equal(ids, 123);
	zassert_is_null(i);

	ids = 0;
	SYS_DLIST_ITERATE_FROM_NODE(&list, node) {
		ids = ids * 10 + CONTAINER_OF(node, struct item, node)->id;
	}
	zassert_equal(ids, 123, "from NULL: the whole list");

	ids = 0;
	node = &items[1].node;
	SYS_DLIST_ITERATE_FROM_NODE(&list, node) {
		ids = ids * 10 + CONTAINER_OF(node, struct item, node)->id;
	}
	zassert_equal(ids, 23);

	node = &items[3].node;
	SYS_DLIST_ITERATE_FROM_NODE(&list, node) {
		ztest_test_fail();
	}
}

ZTEST(dlist, test_loops_that_remove)
{
	struct item *i;
	struct item *following;
	sys_dnode_t *node;
	sys_dnode_t *next;

	append_items(4);
	SYS_DLIST_FOR_EACH_CONTAINER_SAFE(&list, i, following, node) {
		if (i->id % 2 == 0) {
			sys_dlist_remove(&i->node);
		}
	}
	check(&list, "13");
	SYS_DLIST_FOR_EACH_NODE_SAFE(&list, node, next) {
		sys_dlist_remove(node);
	}
	check(&list, "");
	SYS_DLIST_FOR_EACH_CONTAINER_SAFE(&list, i, following, node) {
		ztest_test_fail();
	}
}

ZTEST(dlist, test_containers)
{
	struct item *i = NULL;
	int calls = 0;

	zassert_is_null(SYS_DLIST_PEEK_HEAD_CONTAINER(&list, i, node));
	zassert_is_null(SYS_DLIST_PEEK_TAIL_CONTAINER(&list, i, node));
	zassert_is_null(SYS_DLIST_PEEK_NEXT_CONTAINER(&list, i, node));
	append_items(3);
	zassert_equal_ptr(SYS_DLIST_PEEK_HEAD_CONTAINER(&list, i, node), &items[0]);
	zassert_equal_ptr(SYS_DLIST_PEEK_TAIL_CONTAINER(&list, i, node), &items[2]);
	i = &items[1];
	zassert_equal_ptr(SYS_DLIST_PEEK_NEXT_CONTAINER(&list, i, node), &items[2]);
	i = &items[2];
	zassert_is_null(SYS_DLIST_PEEK_NEXT_CONTAINER(&list, i, node));

	i = SYS_DLIST_CONTAINER((calls++, sys_dlist_get(&list)), i, node);
	zassert_equal_ptr(i, &items[0]);
	zassert_equal(calls, 1, "evaluates its argument once");
}
