/* SPDX-License-Identifier: Apache-2.0 */

/* k_msgq in one context: what each call does, at every limit. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

#define SIZE_MAX_TESTED 100
#define MSGS_MAX_TESTED 5

static const size_t sizes[] = {1, 3, 4, 8, 16, 17, SIZE_MAX_TESTED};
static const uint32_t first_counts[] = {0, UINT32_MAX - 2, INT32_MAX};

static char __aligned(8) ring[SIZE_MAX_TESTED * MSGS_MAX_TESTED];

K_MSGQ_DEFINE(defined_q, 12, 3, 4);

/* Message number @p n of @p size bytes. */
static void fill(uint8_t *msg, size_t size, uint32_t n)
{
	for (size_t i = 0; i < size; i++) {
		msg[i] = (uint8_t)((size_t)n * 31 + i);
	}
}

static void check(const uint8_t *msg, size_t size, uint32_t n)
{
	uint8_t expected[SIZE_MAX_TESTED];

	fill(expected, size, n);
	zassert_mem_equal(msg, expected, size, "not message %u of %zu bytes", (unsigned int)n,
			  size);
}

/* An empty queue that has seen @p count messages. */
static void start(struct k_msgq *q, size_t size, uint32_t max, uint32_t count)
{
	k_msgq_init(q, ring, size, max);
	q->put.count = count;
	q->get.count = count;
#ifdef CONFIG_SMP
	q->put.other_seen = count;
	q->get.other_seen = count;
#endif
}

static int put(struct k_msgq *q, uint32_t n)
{
	uint8_t msg[SIZE_MAX_TESTED + 1];

	fill(msg, q->msg_size, n);
	return k_msgq_put(q, msg, K_NO_WAIT);
}

static int put_front(struct k_msgq *q, uint32_t n)
{
	uint8_t msg[SIZE_MAX_TESTED + 1];

	fill(msg, q->msg_size, n);
	return k_msgq_put_front(q, msg);
}

/* Get one message, which must be number @p n, and nothing beside it may be written. */
static void get(struct k_msgq *q, uint32_t n)
{
	uint8_t msg[SIZE_MAX_TESTED + 1];

	msg[q->msg_size] = 0xa5;
	zassert_ok(k_msgq_get(q, msg, K_NO_WAIT));
	check(msg, q->msg_size, n);
	zassert_equal(msg[q->msg_size], 0xa5);
}

static void check_empty(struct k_msgq *q)
{
	uint8_t msg[SIZE_MAX_TESTED];

	zassert_equal(k_msgq_num_used_get(q), 0);
	zassert_equal(k_msgq_num_free_get(q), q->max_msgs);
	zassert_equal(k_msgq_get(q, msg, K_NO_WAIT), -ENOMSG);
	zassert_equal(k_msgq_peek(q, msg), -ENOMSG);
	zassert_equal(k_msgq_peek_at(q, msg, 0), -ENOMSG);
}

static void check_full(struct k_msgq *q)
{
	zassert_equal(k_msgq_num_used_get(q), q->max_msgs);
	zassert_equal(k_msgq_num_free_get(q), 0);
	zassert_equal(put(q, 99), -ENOMSG);
	zassert_equal(put_front(q, 99), -ENOMSG);
}

/* Do something to an empty queue of every size of message and ring, and of every history. */
static void for_all(void (*fn)(struct k_msgq *q))
{
	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (uint32_t max = 1; max <= MSGS_MAX_TESTED; max++) {
			for (size_t c = 0; c < ARRAY_SIZE(first_counts); c++) {
				struct k_msgq q;

				start(&q, sizes[s], max, first_counts[c]);
				fn(&q);
			}
		}
	}
}

ZTEST_SUITE(msgq, NULL, NULL, NULL, NULL, NULL);

static void fill_and_drain(struct k_msgq *q)
{
	uint32_t n = 0;

	for (int round = 0; round < 7; round++) {
		check_empty(q);
		for (uint32_t i = 0; i < q->max_msgs; i++) {
			zassert_equal(k_msgq_num_used_get(q), i);
			zassert_ok(put(q, n + i));
		}
		check_full(q);
		for (uint32_t i = 0; i < q->max_msgs; i++) {
			get(q, n + i);
			zassert_equal(k_msgq_num_free_get(q), i + 1);
		}
		n += q->max_msgs;
	}
	check_empty(q);
}

ZTEST(msgq, test_fill_and_drain)
{
	for_all(fill_and_drain);
}

/* As many in the ring as fit, less one: every slot is the last one once, on both sides. */
static void go_round(struct k_msgq *q)
{
	uint32_t put_n = 0;
	uint32_t got_n = 0;

	while (put_n < q->max_msgs - 1) {
		zassert_ok(put(q, put_n++));
	}
	for (int i = 0; i < 3 * MSGS_MAX_TESTED; i++) {
		zassert_ok(put(q, put_n++));
		get(q, got_n++);
	}
	while (got_n < put_n) {
		get(q, got_n++);
	}
	check_empty(q);
}

ZTEST(msgq, test_go_round)
{
	for_all(go_round);
}

static void peek_everywhere(struct k_msgq *q)
{
	uint8_t msg[SIZE_MAX_TESTED];

	for (uint32_t first = 0; first < q->max_msgs; first++) {
		for (uint32_t i = 0; i < q->max_msgs; i++) {
			zassert_ok(put(q, first + i));
			for (uint32_t idx = 0; idx <= i; idx++) {
				zassert_ok(k_msgq_peek_at(q, msg, idx));
				check(msg, q->msg_size, first + idx);
			}
			zassert_equal(k_msgq_peek_at(q, msg, i + 1), -ENOMSG);
			zassert_equal(k_msgq_peek_at(q, msg, UINT32_MAX), -ENOMSG);
			zassert_ok(k_msgq_peek(q, msg));
			check(msg, q->msg_size, first);
			zassert_equal(k_msgq_num_used_get(q), i + 1);
		}
		for (uint32_t i = 0; i < q->max_msgs; i++) {
			get(q, first + i);
		}
		/* Begin the next round one slot further. */
		zassert_ok(put(q, 0));
		get(q, 0);
	}
}

ZTEST(msgq, test_peek)
{
	for_all(peek_everywhere);
}

static void fill_from_the_front(struct k_msgq *q)
{
	for (uint32_t i = 0; i < q->max_msgs; i++) {
		zassert_ok(put_front(q, i));
	}
	check_full(q);
	for (uint32_t i = q->max_msgs; i > 0; i--) {
		get(q, i - 1);
	}
	check_empty(q);
}

ZTEST(msgq, test_put_front)
{
	for_all(fill_from_the_front);
}

/* What put_front() adds, the producers' end has not counted: it must look anew. */
static void fill_from_both_ends(struct k_msgq *q)
{
	for (uint32_t fronts = 1; fronts <= q->max_msgs; fronts++) {
		uint32_t ends = q->max_msgs - fronts;

		/* The producers' end believes that the ring is empty. */
		for (uint32_t i = 0; i < fronts; i++) {
			zassert_ok(put_front(q, 100 + i));
		}
		for (uint32_t i = 0; i < ends; i++) {
			zassert_ok(put(q, i));
		}
		check_full(q);
		for (uint32_t i = fronts; i > 0; i--) {
			get(q, 100 + i - 1);
		}
		for (uint32_t i = 0; i < ends; i++) {
			get(q, i);
		}
		check_empty(q);
	}
}

ZTEST(msgq, test_put_front_and_put)
{
	for_all(fill_from_both_ends);
}

static void fill_and_purge(struct k_msgq *q)
{
	for (uint32_t used = 0; used <= q->max_msgs; used++) {
		for (uint32_t i = 0; i < used; i++) {
			zassert_ok(put(q, i));
		}
		k_msgq_purge(q);
		check_empty(q);
		fill_and_drain(q);
	}
}

ZTEST(msgq, test_purge)
{
	for_all(fill_and_purge);
}

/* Calls at random, beside a plain array that does the same. */
static void follow_model(struct k_msgq *q)
{
	uint32_t model[MSGS_MAX_TESTED];
	uint32_t used = 0;
	uint32_t random = crew_seed();
	uint8_t msg[SIZE_MAX_TESTED];

	for (uint32_t n = 0; n < 400; n++) {
		bool full = used == q->max_msgs;
		uint32_t what = crew_random(&random) % 16;

		if (what < 6) {
			zassert_equal(put(q, n), full ? -ENOMSG : 0);
			if (!full) {
				model[used++] = n;
			}
		} else if (what < 8) {
			zassert_equal(put_front(q, n), full ? -ENOMSG : 0);
			if (!full) {
				memmove(&model[1], &model[0], used * sizeof(model[0]));
				model[0] = n;
				used++;
			}
		} else if (what < 15) {
			if (used == 0) {
				check_empty(q);
			} else {
				get(q, model[0]);
				used--;
				memmove(&model[0], &model[1], used * sizeof(model[0]));
			}
		} else {
			k_msgq_purge(q);
			used = 0;
		}
		zassert_equal(k_msgq_num_used_get(q), used);
		for (uint32_t i = 0; i < used; i++) {
			zassert_ok(k_msgq_peek_at(q, msg, i));
			check(msg, q->msg_size, model[i]);
		}
	}
}

ZTEST(msgq, test_follows_a_model)
{
	for_all(follow_model);
}

ZTEST(msgq, test_attributes)
{
	struct k_msgq_attrs attrs;

	zassert_ok(put(&defined_q, 1));
	k_msgq_get_attrs(&defined_q, &attrs);
	zassert_equal(attrs.msg_size, 12);
	zassert_equal(attrs.max_msgs, 3);
	zassert_equal(attrs.used_msgs, 1);
	get(&defined_q, 1);
	fill_and_drain(&defined_q);
}

ZTEST(msgq, test_ring_from_the_heap)
{
	struct k_msgq q;

	zassert_equal(k_msgq_alloc_init(&q, 0, 4), -EINVAL);
	zassert_equal(k_msgq_alloc_init(&q, SIZE_MAX / 2, 3), -EINVAL);
	zassert_equal(k_msgq_alloc_init(&q, SIZE_MAX / 4, 3), -ENOMEM);
	for (int i = 0; i < 3000; i++) {
		int ret = k_msgq_alloc_init(&q, 17, 5);

		if (CONFIG_HEAP_MEM_POOL_SIZE == 0) {
			zassert_equal(ret, -ENOMEM);
			break;
		}
		/* More often than the heap has room for: cleanup gives it back. */
		zassert_ok(ret);
		if (i == 0) {
			fill_and_drain(&q);
		}
		zassert_ok(k_msgq_cleanup(&q));
	}
}

static void use_in_isr(const void *arg)
{
	static struct k_msgq q;

	ARG_UNUSED(arg);
	zassert_true(k_is_in_isr());
	start(&q, 16, 3, UINT32_MAX);
	fill_and_drain(&q);
	follow_model(&q);
}

ZTEST(msgq, test_all_calls_in_isr)
{
	irq_offload(use_in_isr, NULL);
}

struct isr_wait {
	struct k_msgq *q;
	int get;
	int put;
};

static void get_forever(const void *arg)
{
	struct isr_wait *wait = *(struct isr_wait *const *)arg;
	char msg;

	ztest_set_assert_valid(true);
	wait->get = k_msgq_get(wait->q, &msg, K_FOREVER);
}

static void put_forever(const void *arg)
{
	struct isr_wait *wait = *(struct isr_wait *const *)arg;
	char msg = 1;

	ztest_set_assert_valid(true);
	wait->put = k_msgq_put(wait->q, &msg, K_MSEC(1));
}

ZTEST(msgq, test_waiting_in_isr_asserts)
{
	struct k_msgq q;
	struct isr_wait wait = {.q = &q};
	struct isr_wait *arg = &wait;

	start(&q, 1, 1, 0);
	irq_offload(get_forever, &arg);
	zassert_equal(wait.get, -ENOMSG);

	zassert_ok(put(&q, 0));
	irq_offload(put_forever, &arg);
	zassert_equal(wait.put, -ENOMSG);
}

/* Memory from an allocator is aligned for any C type, and no more than that. */
ZTEST(msgq, test_queue_in_allocated_memory)
{
	static uint64_t memory[2 + sizeof(struct k_msgq) / sizeof(uint64_t)];
	struct k_msgq *q = (struct k_msgq *)(void *)&memory[1];

	start(q, 1, 2, 0);
	zassert_ok(put(q, 0));
	zassert_equal(k_msgq_num_used_get(q), 1);
	k_msgq_purge(q);
}
