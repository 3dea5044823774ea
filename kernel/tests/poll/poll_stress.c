/* SPDX-License-Identifier: Apache-2.0 */

/*
 * k_poll() under many threads, on the real clock. Consumers wait for several objects at once and
 * take what they are told of; a wake-up that is lost leaves something behind and everybody asleep.
 */

#include <zephyr/ztest.h>

#include <port/port.h>

#include "../support/crew.h"

#define CONSUMERS 4
#define PRODUCERS 3
#define MESSAGES  2500 /* of each producer */

static struct k_sem sem;
static struct k_fifo fifo;
static struct k_msgq msgq;
static uint32_t ring[2];
static uint32_t taken;
static struct k_poll_signal stop;

static struct item {
	void *reserved;
} items[PRODUCERS * MESSAGES];

static void produce(void *p1, void *p2, void *p3)
{
	struct item *mine = p1;
	uint32_t random = crew_seed();

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < MESSAGES; i++) {
		uint32_t r = crew_random(&random);

		switch (r % 4) {
		case 0:
			k_sem_give(&sem);
			break;
		case 1:
			k_fifo_put(&fifo, &mine[i]);
			break;
		default:
			zassert_ok(k_msgq_put(&msgq, &r, K_FOREVER));
			break;
		}
		if (r / 4 % 64 == 0) {
			k_sleep(K_USEC(30));
		}
	}
}

static void took(bool something)
{
	if (something) {
		(void)atomic32_add_relaxed(&taken, 1);
	}
}

static void consume(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();
	uint32_t msg;
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_FIFO_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &fifo),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &msgq),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &stop),
	};

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(&taken) < PRODUCERS * MESSAGES) {
		bool brief = crew_random(&random) % 4 == 0;
		int ret = k_poll(events, ARRAY_SIZE(events), brief ? K_USEC(20) : K_FOREVER);

		zassert_true(ret == 0 || (brief && ret == -EAGAIN));
		if (events[0].state == K_POLL_STATE_SEM_AVAILABLE) {
			took(k_sem_take(&sem, K_NO_WAIT) == 0);
		}
		if (events[1].state == K_POLL_STATE_FIFO_DATA_AVAILABLE) {
			took(k_fifo_get(&fifo, K_NO_WAIT) != NULL);
		}
		if (events[2].state == K_POLL_STATE_MSGQ_DATA_AVAILABLE) {
			took(k_msgq_get(&msgq, &msg, K_NO_WAIT) == 0);
		}
	}
	/* Whoever takes the last one sends the others home. */
	for (int i = 0; i < CONSUMERS; i++) {
		zassert_ok(k_poll_signal_raise(&stop, 0));
	}
	crew_check_tokens();
}

ZTEST_SUITE(poll_stress, NULL, NULL, NULL, NULL, NULL);

ZTEST(poll_stress, test_many_on_many)
{
	taken = 0;
	k_poll_signal_init(&stop);
	zassert_ok(k_sem_init(&sem, 0, K_SEM_MAX_LIMIT));
	k_fifo_init(&fifo);
	k_msgq_init(&msgq, (char *)ring, sizeof(uint32_t), ARRAY_SIZE(ring));
	for (int i = 0; i < CONSUMERS; i++) {
		crew_start(consume, NULL, NULL, NULL, i);
	}
	for (int i = 0; i < PRODUCERS; i++) {
		crew_start(produce, &items[(size_t)i * MESSAGES], NULL, NULL, i);
	}
	crew_join();
	zassert_equal(taken, PRODUCERS * MESSAGES);
	zassert_equal(k_sem_count_get(&sem), 0);
	zassert_true(k_fifo_is_empty(&fifo));
	zassert_equal(k_msgq_num_used_get(&msgq), 0);
	zassert_true(poll_q_empty(&sem.pollers));
	zassert_true(poll_q_empty(&fifo._queue.pollers));
	zassert_true(poll_q_empty(&msgq.pollers));
	zassert_true(poll_q_empty(&stop.pollers));
}

/*
 * Rounds that threads do together, one after the other, take long where one core serves all of them and
 * others beside: whoever leads them ends with the one that is under way then.
 */
#define ROUNDS_MSEC 15000

static uint32_t rounds;     /* that have begun; written by who leads them */
static uint32_t last_round; /* or 0; likewise, before it begins */

static void begin_round(uint32_t i, int64_t began)
{
	if (i == MESSAGES || k_uptime_get() - began > ROUNDS_MSEC) {
		last_round = i;
	}
	atomic32_store_release(&rounds, i);
}

/* @return whether round @p i, which has begun then, is the last. */
static bool wait_for_round(uint32_t i)
{
	while (atomic32_load_acquire(&rounds) < i) {
		k_yield();
	}
	return last_round == i;
}

/* Two objects that fire at the same moment leave one token, not two and not none. */
static struct k_poll_signal pair[2];
static uint32_t fired;

static void fire(void *p1, void *p2, void *p3)
{
	struct k_poll_signal *mine = p1;
	bool last = false;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	for (uint32_t i = 1; !last; i++) {
		last = wait_for_round(i);
		zassert_ok(k_poll_signal_raise(mine, (int)i));
		(void)__atomic_fetch_add(&fired, 1, __ATOMIC_RELEASE);
	}
}

ZTEST(poll_stress, test_two_at_the_same_moment)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &pair[0]),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &pair[1]),
	};

	int64_t began = k_uptime_get();

	rounds = 0;
	last_round = 0;
	fired = 0;
	for (int i = 0; i < 2; i++) {
		k_poll_signal_init(&pair[i]);
		crew_start(fire, &pair[i], NULL, NULL, 0);
	}
	for (uint32_t i = 1; last_round == 0; i++) {
		bool seen[2] = {false, false};

		begin_round(i, began);
		while (!seen[0] || !seen[1]) {
			zassert_ok(k_poll(events, 2, K_FOREVER));
			for (int e = 0; e < 2; e++) {
				if (events[e].state == K_POLL_STATE_SIGNALED) {
					zassert_equal(pair[e].result, (int)i);
					k_poll_signal_reset(&pair[e]);
					seen[e] = true;
				}
			}
		}
		while (atomic32_load_acquire(&fired) < 2 * i) {
			k_yield();
		}
		crew_check_tokens();
	}
	crew_join();
}

/*
 * Two objects that become ready at the same moment choose the same thread, the most urgent; the one
 * that loses it must find the other thread. Each takes one thing a round, so both must be woken.
 */
static struct k_sem twins[2];
static uint32_t done;

static void give_twin(void *p1, void *p2, void *p3)
{
	bool last = false;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 1; !last; i++) {
		last = wait_for_round(i);
		k_sem_give(p1);
	}
}

static void take_one(void *p1, void *p2, void *p3)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &twins[0]),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &twins[1]),
	};

	bool last = false;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 1; !last; i++) {
		do {
			zassert_ok(k_poll(events, 2, K_FOREVER));
		} while (k_sem_take(&twins[0], K_NO_WAIT) != 0 &&
			 k_sem_take(&twins[1], K_NO_WAIT) != 0);
		last = wait_for_round(i); /* which has begun */
		(void)__atomic_fetch_add(&done, 1, __ATOMIC_RELEASE);
		while (atomic32_load_acquire(&done) < 2 * i) {
			k_yield();
		}
	}
	crew_check_tokens();
}

ZTEST(poll_stress, test_loser_looks_further)
{
	int64_t began = k_uptime_get();

	rounds = 0;
	last_round = 0;
	done = 0;
	zassert_ok(k_sem_init(&twins[0], 0, 1));
	zassert_ok(k_sem_init(&twins[1], 0, 1));
	for (int i = 0; i < 2; i++) {
		crew_start(give_twin, &twins[i], NULL, NULL, 0);
		crew_start(take_one, NULL, NULL, NULL, i);
	}
	for (uint32_t i = 1; last_round == 0; i++) {
		begin_round(i, began);
		while (atomic32_load_acquire(&done) < 2 * i) {
			k_sleep(K_USEC(1));
		}
	}
	crew_join();
}
