/* SPDX-License-Identifier: Apache-2.0 */

/*
 * k_msgq under many threads and an ISR at once, on the real clock. Every message comes out once,
 * whole, and each consumer sees those of one producer in their order.
 */

#include <zephyr/ztest.h>

#include <port/port.h>

#include "../support/crew.h"

#define PRODUCERS       4
#define CONSUMERS       3
#define FRONT           PRODUCERS       /* the producer that puts at the front */
#define ISR             (PRODUCERS + 1) /* the one that is an ISR */
#define SOURCES         (PRODUCERS + 2)
#define MESSAGES        3000 /* of each producer */
#define SIZE_MAX_TESTED 100
#define STOP            UINT16_MAX

static char __aligned(8) ring[SIZE_MAX_TESTED * 7];
static struct k_msgq q;

/* What is in the first four bytes; the rest follows from it. */
struct head {
	uint16_t source;
	uint16_t number;
};

static uint8_t seen[SOURCES][MESSAGES]; /* how often each message came out; atomic */
static uint32_t purged;                 /* puts that a purge ended */
static uint32_t came_out;

static void make(uint8_t *msg, uint16_t source, uint16_t number)
{
	struct head head = {source, number};

	memcpy(msg, &head, sizeof(head));
	for (size_t i = sizeof(head); i < q.msg_size; i++) {
		msg[i] = (uint8_t)(source * 7 + number * 13 + i);
	}
}

static struct head take_apart(const uint8_t *msg)
{
	uint8_t expected[SIZE_MAX_TESTED];
	struct head head;

	memcpy(&head, msg, sizeof(head));
	make(expected, head.source, head.number);
	zassert_mem_equal(msg, expected, q.msg_size, "a torn message");
	return head;
}

static void count(const struct head *head)
{
	zassert_true(head->source < SOURCES && head->number < MESSAGES);
	zassert_equal(__atomic_fetch_add(&seen[head->source][head->number], 1, __ATOMIC_RELAXED), 0,
		      "message %u of source %u came twice", head->number, head->source);
	(void)atomic32_add_relaxed(&came_out, 1);
}

static k_timeout_t some_timeout(uint32_t *random)
{
	switch (crew_random(random) % 4) {
	case 0:
		return K_NO_WAIT;
	case 1:
		return K_USEC(crew_random(random) % 50);
	default:
		return K_FOREVER;
	}
}

static void produce(void *p1, void *p2, void *p3)
{
	uint16_t source = (uint16_t)POINTER_TO_UINT(p1);
	uint32_t random = crew_seed() ^ source;
	uint8_t msg[SIZE_MAX_TESTED];

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint16_t n = 0; n < MESSAGES; n++) {
		int ret;

		make(msg, source, n);
		do {
			ret = source == FRONT ? k_msgq_put_front(&q, msg)
					      : k_msgq_put(&q, msg, some_timeout(&random));
			if (ret == -ENOMSG && source == FRONT) {
				k_yield();
			}
		} while (ret != 0);
	}
	crew_check_tokens();
}

static void consume(void *p1, void *p2, void *p3)
{
	int last[SOURCES];
	uint32_t random = crew_seed() ^ POINTER_TO_UINT(p1);
	uint8_t msg[SIZE_MAX_TESTED];
	struct head head;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < SOURCES; i++) {
		last[i] = -1;
	}
	for (;;) {
		if (k_msgq_get(&q, msg, some_timeout(&random)) != 0) {
			continue;
		}
		head = take_apart(msg);
		if (head.source == STOP) {
			crew_check_tokens();
			return;
		}
		count(&head);
		if (head.source != FRONT) {
			zassert_true(head.number > last[head.source], "out of order");
			last[head.source] = head.number;
		}
	}
}

static struct port_irq irq;
static uint16_t irq_put; /* messages put by the ISR; its own */
static uint32_t irq_runs;

static void produce_in_isr(void *arg)
{
	uint8_t msg[SIZE_MAX_TESTED];

	ARG_UNUSED(arg);
	make(msg, ISR, irq_put);
	if (irq_put < MESSAGES && k_msgq_put(&q, msg, K_NO_WAIT) == 0) {
		irq_put++;
	}
	atomic32_store_release(&irq_runs, atomic32_load_relaxed(&irq_runs) + 1);
}

/* Raise the interrupt until it has put all its messages. */
static void interrupt(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t runs = 0; irq_put < MESSAGES; runs++) {
		port_irq_raise(&irq);
		while (atomic32_load_acquire(&irq_runs) == runs) {
			k_yield();
		}
	}
}

static void look(void *p1, void *p2, void *p3)
{
	uint32_t *stop = p1;
	uint8_t msg[SIZE_MAX_TESTED];

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; atomic32_load_relaxed(stop) == 0; i++) {
		if (k_msgq_peek_at(&q, msg, i % 7) == 0) {
			(void)take_apart(msg);
		}
		zassert_true(k_msgq_num_used_get(&q) <= q.max_msgs);
		k_yield();
	}
}

static void stress(size_t size, uint32_t max)
{
	uint8_t msg[SIZE_MAX_TESTED];
	uint32_t stop = 0;

	k_msgq_init(&q, ring, size, max);
	/* The counts wrap in the middle of it. */
	q.put.count = q.put.other_seen = q.get.count = q.get.other_seen = UINT32_MAX - MESSAGES;
	memset(seen, 0, sizeof(seen));
	came_out = 0;
	irq = (struct port_irq){.routine = produce_in_isr};
	irq_put = 0;
	irq_runs = 0;

	/* Those that end by themselves first. */
	for (uintptr_t i = 0; i <= FRONT; i++) {
		crew_start(produce, UINT_TO_POINTER(i), NULL, NULL, (int)i);
	}
	crew_start(interrupt, NULL, NULL, NULL, 0);
	crew_start(look, &stop, NULL, NULL, 0);
	for (uintptr_t i = 0; i < CONSUMERS; i++) {
		crew_start(consume, UINT_TO_POINTER(100 + i), NULL, NULL, (int)i);
	}
	while (atomic32_load_relaxed(&came_out) < SOURCES * MESSAGES) {
		k_sleep(K_USEC(200));
	}
	atomic32_store_relaxed(&stop, 1);
	for (int i = 0; i < CONSUMERS; i++) {
		make(msg, STOP, 0);
		zassert_ok(k_msgq_put(&q, msg, K_FOREVER));
	}
	crew_join();
	zassert_equal(k_msgq_num_used_get(&q), 0);
	zassert_equal(q.waiting, 0);
}

ZTEST_SUITE(msgq_stress, NULL, NULL, NULL, NULL, NULL);

ZTEST(msgq_stress, test_size_4)
{
	stress(4, 1);
}

ZTEST(msgq_stress, test_size_8)
{
	stress(8, 3);
}

ZTEST(msgq_stress, test_size_16)
{
	stress(16, 7);
}

ZTEST(msgq_stress, test_size_17)
{
	stress(17, 2);
}

ZTEST(msgq_stress, test_size_100)
{
	stress(100, 7);
}

/* ---- purge beside everything ---------------------------------------------------------------- */

static void produce_purgeable(void *p1, void *p2, void *p3)
{
	uint16_t source = (uint16_t)POINTER_TO_UINT(p1);
	uint8_t msg[SIZE_MAX_TESTED];

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint16_t n = 0; n < MESSAGES; n++) {
		int ret;

		make(msg, source, n);
		ret = k_msgq_put(&q, msg, K_FOREVER);
		if (ret != 0) {
			zassert_equal(ret, -ENOMSG);
			(void)atomic32_add_relaxed(&purged, 1);
			/* Sent away, so nobody may get it. */
			(void)__atomic_fetch_add(&seen[source][n], 100, __ATOMIC_RELAXED);
		}
	}
}

static void consume_some(void *p1, void *p2, void *p3)
{
	uint32_t *stop = p1;
	uint8_t msg[SIZE_MAX_TESTED];
	struct head head;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(stop) == 0) {
		if (k_msgq_get(&q, msg, K_USEC(100)) == 0) {
			head = take_apart(msg);
			zassert_true(head.source < SOURCES && head.number < MESSAGES);
			zassert_true(__atomic_fetch_add(&seen[head.source][head.number], 1,
							__ATOMIC_RELAXED) == 0);
		}
	}
}

static void purge(void *p1, void *p2, void *p3)
{
	uint32_t *stop = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(stop) == 0) {
		k_msgq_purge(&q);
		k_sleep(K_USEC(20));
	}
}

ZTEST(msgq_stress, test_purge)
{
	static uint32_t stop_purge;
	static uint32_t stop_consume;
	k_tid_t producers[PRODUCERS];

	k_msgq_init(&q, ring, 16, 3);
	memset(seen, 0, sizeof(seen));
	purged = 0;
	stop_purge = 0;
	stop_consume = 0;
	crew_start(purge, &stop_purge, NULL, NULL, 0);
	crew_start(consume_some, &stop_consume, NULL, NULL, 0);
	for (uintptr_t i = 0; i < PRODUCERS; i++) {
		producers[i] = crew_start(produce_purgeable, UINT_TO_POINTER(i), NULL, NULL, 0);
	}
	for (int i = 0; i < PRODUCERS; i++) {
		zassert_ok(k_thread_join(producers[i], K_FOREVER));
	}
	atomic32_store_relaxed(&stop_purge, 1);
	atomic32_store_relaxed(&stop_consume, 1);
	crew_join();
	k_msgq_purge(&q);
	zassert_equal(q.waiting, 0);
	for (int i = 0; i < PRODUCERS; i++) {
		for (int n = 0; n < MESSAGES; n++) {
			zassert_true(seen[i][n] <= 1 || seen[i][n] == 100);
		}
	}
}
