/* SPDX-License-Identifier: Apache-2.0 */

/* k_queue, k_fifo and k_lifo in one context. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

struct item {
	void *reserved; /* the queue's */
	int value;
};

static struct item items[8];
static struct k_queue queue;

K_QUEUE_DEFINE(defined_queue);
K_FIFO_DEFINE(defined_fifo);
K_LIFO_DEFINE(defined_lifo);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int i = 0; i < (int)ARRAY_SIZE(items); i++) {
		/* What an item was used for before does not matter. */
		items[i] = (struct item){(void *)UINTPTR_MAX, i};
	}
	k_queue_init(&queue);
}

/* The queue holds these items, by number, and after that none. */
static void check_items(const char *numbers)
{
	size_t n = strlen(numbers);

	if (n > 0) {
		zassert_equal(k_queue_peek_head(&queue), &items[numbers[0] - '0']);
		zassert_equal(k_queue_peek_tail(&queue), &items[numbers[n - 1] - '0']);
	}
	for (size_t i = 0; i < n; i++) {
		zassert_false(k_queue_is_empty(&queue));
		zassert_equal(k_queue_get(&queue, K_NO_WAIT), &items[numbers[i] - '0']);
		zassert_equal(items[numbers[i] - '0'].value, numbers[i] - '0');
	}
	zassert_true(k_queue_is_empty(&queue));
	zassert_is_null(k_queue_get(&queue, K_NO_WAIT));
	zassert_is_null(k_queue_peek_head(&queue));
	zassert_is_null(k_queue_peek_tail(&queue));
}

ZTEST_SUITE(queue, NULL, NULL, before, NULL, NULL);

ZTEST(queue, test_append_and_prepend)
{
	check_items("");
	k_queue_append(&queue, &items[0]);
	k_queue_append(&queue, &items[1]);
	k_queue_prepend(&queue, &items[2]);
	k_queue_append(&queue, &items[3]);
	k_queue_prepend(&queue, &items[4]);
	check_items("42013");
	k_queue_prepend(&queue, &items[5]);
	k_queue_append(&queue, &items[6]);
	check_items("56");
}

ZTEST(queue, test_insert)
{
	k_queue_insert(&queue, NULL, &items[0]);
	k_queue_insert(&queue, &items[0], &items[1]);
	k_queue_insert(&queue, &items[0], &items[2]);
	k_queue_insert(&queue, NULL, &items[3]);
	k_queue_insert(&queue, &items[1], &items[4]);
	k_queue_append(&queue, &items[5]);
	check_items("302145");
}

ZTEST(queue, test_remove)
{
	for (int i = 0; i < 5; i++) {
		k_queue_append(&queue, &items[i]);
	}
	zassert_false(k_queue_remove(&queue, &items[5]));
	zassert_true(k_queue_remove(&queue, &items[2]));
	zassert_false(k_queue_remove(&queue, &items[2]));
	zassert_true(k_queue_remove(&queue, &items[0]));
	zassert_true(k_queue_remove(&queue, &items[4]));
	k_queue_append(&queue, &items[6]);
	check_items("136");
	k_queue_append(&queue, &items[0]);
	zassert_true(k_queue_remove(&queue, &items[0]));
	check_items("");
	k_queue_append(&queue, &items[0]);
	check_items("0");
}

ZTEST(queue, test_unique_append)
{
	zassert_true(k_queue_unique_append(&queue, &items[0]));
	zassert_true(k_queue_unique_append(&queue, &items[1]));
	zassert_true(k_queue_unique_append(&queue, &items[2]));
	zassert_false(k_queue_unique_append(&queue, &items[0]));
	zassert_false(k_queue_unique_append(&queue, &items[1]));
	zassert_false(k_queue_unique_append(&queue, &items[2]));
	check_items("012");
	zassert_true(k_queue_unique_append(&queue, &items[0]));
	check_items("0");
}

static void link_items(int first, int last)
{
	for (int i = first; i < last; i++) {
		items[i].reserved = &items[i + 1];
	}
}

ZTEST(queue, test_append_list)
{
	zassert_equal(k_queue_append_list(&queue, NULL, NULL), -EINVAL);
	zassert_equal(k_queue_append_list(&queue, &items[0], NULL), -EINVAL);
	zassert_equal(k_queue_append_list(&queue, NULL, &items[0]), -EINVAL);
	link_items(0, 2); /* the last one's word says nothing yet */
	zassert_ok(k_queue_append_list(&queue, &items[0], &items[2]));
	zassert_ok(k_queue_append_list(&queue, &items[3], &items[3]));
	link_items(4, 5);
	zassert_ok(k_queue_append_list(&queue, &items[4], &items[5]));
	check_items("012345");
}

ZTEST(queue, test_merge_slist)
{
	sys_slist_t list;

	sys_slist_init(&list);
	zassert_equal(k_queue_merge_slist(&queue, &list), -EINVAL);
	zassert_equal(k_queue_merge_slist(&queue, NULL), -EINVAL);
	k_queue_append(&queue, &items[7]);
	for (int i = 0; i < 3; i++) {
		sys_slist_append(&list, (sys_snode_t *)&items[i]);
	}
	zassert_ok(k_queue_merge_slist(&queue, &list));
	zassert_true(sys_slist_is_empty(&list));
	check_items("7012");
}

#if CONFIG_HEAP_MEM_POOL_SIZE > 0

ZTEST(queue, test_alloc)
{
	/* Many more than the heap has room for at once: nodes come back. */
	for (int i = 0; i < 5000; i++) {
		void *word = items[0].reserved;

		zassert_ok(k_queue_alloc_append(&queue, &items[0]));
		k_queue_append(&queue, &items[1]);
		zassert_ok(k_queue_alloc_prepend(&queue, &items[2]));
		/* The same item again, which is already in the queue. */
		zassert_ok(k_queue_alloc_append(&queue, &items[0]));
		zassert_equal(items[0].reserved, word);
		check_items("2010");
	}
}

ZTEST(queue, test_alloc_without_room)
{
	int n = 0;

	while (k_queue_alloc_append(&queue, &items[0]) == 0) {
		n++;
	}
	zassert_true(n > 10);
	zassert_equal(k_queue_alloc_prepend(&queue, &items[1]), -ENOMEM);
	for (; n > 0; n--) {
		zassert_equal(k_queue_get(&queue, K_NO_WAIT), &items[0]);
	}
	check_items("");
}

#else

ZTEST(queue, test_alloc_without_room)
{
	zassert_equal(k_queue_alloc_append(&queue, &items[0]), -ENOMEM);
	zassert_equal(k_queue_alloc_prepend(&queue, &items[0]), -ENOMEM);
	check_items("");
}

#endif

ZTEST(queue, test_zeros_are_an_empty_queue)
{
	memset(&queue, 0, sizeof(queue));
	check_items("");
	k_queue_append(&queue, &items[3]);
	check_items("3");
}

ZTEST(queue, test_defined_queue)
{
	zassert_true(k_queue_is_empty(&defined_queue));
	k_queue_append(&defined_queue, &items[0]);
	zassert_equal(k_queue_get(&defined_queue, K_NO_WAIT), &items[0]);
}

static void use_fifo(struct k_fifo *fifo)
{
	sys_slist_t list;

	zassert_true(k_fifo_is_empty(fifo));
	zassert_is_null(k_fifo_peek_head(fifo));
	zassert_is_null(k_fifo_peek_tail(fifo));
	k_fifo_put(fifo, &items[0]);
	k_fifo_put(fifo, &items[1]);
	link_items(2, 3);
	zassert_ok(k_fifo_put_list(fifo, &items[2], &items[3]));
	sys_slist_init(&list);
	sys_slist_append(&list, (sys_snode_t *)&items[4]);
	zassert_ok(k_fifo_put_slist(fifo, &list));
	zassert_equal(k_fifo_peek_head(fifo), &items[0]);
	zassert_equal(k_fifo_peek_tail(fifo), &items[4]);
	for (int i = 0; i < 5; i++) {
		zassert_equal(k_fifo_get(fifo, K_FOREVER), &items[i]);
	}
	zassert_equal(k_fifo_alloc_put(fifo, &items[5]),
		      CONFIG_HEAP_MEM_POOL_SIZE > 0 ? 0 : -ENOMEM);
	zassert_equal(k_fifo_get(fifo, K_NO_WAIT),
		      CONFIG_HEAP_MEM_POOL_SIZE > 0 ? &items[5] : NULL);
	zassert_is_null(k_fifo_get(fifo, K_NO_WAIT));
}

ZTEST(queue, test_fifo)
{
	struct k_fifo fifo;

	k_fifo_init(&fifo);
	use_fifo(&fifo);
	use_fifo(&defined_fifo);
}

static void use_lifo(struct k_lifo *lifo)
{
	k_lifo_put(lifo, &items[0]);
	k_lifo_put(lifo, &items[1]);
	zassert_equal(k_lifo_alloc_put(lifo, &items[2]),
		      CONFIG_HEAP_MEM_POOL_SIZE > 0 ? 0 : -ENOMEM);
	for (int i = CONFIG_HEAP_MEM_POOL_SIZE > 0 ? 2 : 1; i >= 0; i--) {
		zassert_equal(k_lifo_get(lifo, K_FOREVER), &items[i]);
	}
	zassert_is_null(k_lifo_get(lifo, K_NO_WAIT));
}

ZTEST(queue, test_lifo)
{
	struct k_lifo lifo;

	k_lifo_init(&lifo);
	use_lifo(&lifo);
	use_lifo(&defined_lifo);
}

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	k_queue_append(&queue, &items[0]);
	k_queue_prepend(&queue, &items[1]);
	zassert_false(k_queue_unique_append(&queue, &items[1]));
	zassert_true(k_queue_remove(&queue, &items[0]));
	k_queue_cancel_wait(&queue);
	check_items("1");
}

ZTEST(queue, test_all_calls_in_isr)
{
	irq_offload(use_in_isr, NULL);
}

static void wait_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	zassert_is_null(k_queue_get(&queue, K_FOREVER));
}

ZTEST(queue, test_waiting_in_isr_asserts)
{
	irq_offload(wait_in_isr, NULL);
}
