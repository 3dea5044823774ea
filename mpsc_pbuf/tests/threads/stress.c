/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Producers on threads and in interrupts, one consumer, helpers that free for it: every packet is
 * consumed or dropped, once, intact; those of one producer come in order.
 */
#include <string.h>

#include <zephyr/irq_offload.h>

#include "../support/crew.h"
#include "../support/packets.h"

/* With a sanitizer the same is slower by as much. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define PACKETS 4000U
#else
#define PACKETS 20000U
#endif

#define PRODUCERS 3 /* threads */
#define SOURCES   (PRODUCERS + 1)
#define ID(source, number) ((source) << 16 | (number))

static struct mpsc_pbuf_buffer buffer;

static uint32_t flags;
static uint32_t seen[SOURCES][PACKETS]; /* how often a packet came, consumed or dropped */
static uint32_t accepted[SOURCES];      /* packets stored */
static uint32_t refused[SOURCES];
static uint32_t last_claimed[SOURCES]; /* 1 + number; the consumer's */
static uint32_t dropped;
static uint32_t producing;
static int64_t
	end_of_time; /* for producers, where one core serves all and others beside; in ms of uptime */

static void see(const union mpsc_pbuf_generic *generic)
{
	const struct packet *packet = &((const union item *)generic)->packet;
	uint32_t id = packet->id;

	zassert_true(packet_is(generic, packet->len, id));
	zassert_true(id >> 16 < SOURCES && (id & 0xffff) < PACKETS);
	zassert_equal(atomic32_add_relaxed(&seen[id >> 16][id & 0xffff], 1), 0);
}

static void on_drop(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(b);
	see(packet);
	(void)atomic32_add_relaxed(&dropped, 1);
}

static uint32_t pick(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525U + 1013904223U;
	return (*state >> 16) % below;
}

/* Try once to store packet @p number of @p source. */
static void produce(uint32_t source, uint32_t number, uint32_t *random, k_timeout_t timeout)
{
	uint32_t wlen = 1 + pick(random, 12);
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&buffer, wlen, timeout);

	if (packet == NULL) {
		refused[source]++;
		return;
	}
	if (pick(random, 16) == 0 && !k_is_in_isr()) {
		k_yield(); /* others overtake */
	}
	packet_fill(packet, wlen, ID(source, number));
	mpsc_pbuf_commit(&buffer, packet);
	accepted[source]++;
}

static void producer(void *a, void *b, void *c)
{
	uint32_t source = (uint32_t)(uintptr_t)a;
	uint32_t random = source + 1;

	ARG_UNUSED(b);
	ARG_UNUSED(c);
	for (uint32_t number = 0; number < PACKETS && k_uptime_get() < end_of_time; number++) {
		produce(source, number, &random, pick(&random, 3) == 0 ? K_USEC(200) : K_NO_WAIT);
	}
	(void)atomic32_sub_acq_rel(&producing, 1);
}

/* The interrupt: each time it is raised, a packet or two. */
static uint32_t isr_number;
static uint32_t isr_random;

static void isr_routine(void *arg)
{
	ARG_UNUSED(arg);
	for (uint32_t n = 1 + pick(&isr_random, 2); n > 0 && isr_number < PACKETS; n--) {
		produce(PRODUCERS, isr_number++, &isr_random, K_NO_WAIT);
	}
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

static void interrupter(void *a, void *b, void *c)
{
	static struct port_irq irq = {.routine = isr_routine};

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	for (uint32_t i = 0; i < PACKETS && k_uptime_get() < end_of_time; i++) {
		port_irq_raise(&irq);
		if (i % 4 == 0) {
			k_yield();
		}
	}
	irq_offload(nothing, NULL); /* behind the last one */
	(void)atomic32_sub_acq_rel(&producing, 1);
}

/* Packets on their way to somebody who frees them. */
K_MSGQ_DEFINE(elsewhere, sizeof(void *), 4, sizeof(void *));

static void freer(void *a, void *b, void *c)
{
	const union mpsc_pbuf_generic *packet;

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	while (k_msgq_get(&elsewhere, &packet, K_FOREVER) == 0 && packet != NULL) {
		uint32_t id = ((const union item *)packet)->packet.id;

		zassert_true(packet_is(packet, ((const union item *)packet)->packet.len, id));
		mpsc_pbuf_free(&buffer, packet);
	}
}

static void consume(const union mpsc_pbuf_generic *packet, uint32_t *random)
{
	uint32_t id = ((const union item *)packet)->packet.id;

	see(packet);
	zassert_true(last_claimed[id >> 16] < 1 + (id & 0xffff), "out of order");
	last_claimed[id >> 16] = 1 + (id & 0xffff);
	if (pick(random, 4) != 0 || k_msgq_put(&elsewhere, &packet, K_NO_WAIT) != 0) {
		mpsc_pbuf_free(&buffer, packet);
	}
}

static void consume_all(void)
{
	uint32_t random = 99;
	bool last = false;

	for (;;) {
		const union mpsc_pbuf_generic *packets[4];
		int count;

		switch (pick(&random, 4)) {
		case 0:
			count = mpsc_pbuf_claim_batch(&buffer, packets, ARRAY_SIZE(packets));
			break;
		case 1:
			packets[0] = mpsc_pbuf_claim(&buffer);
			count = packets[0] != NULL;
			break;
		default:
			packets[0] = mpsc_pbuf_claim_wait(&buffer, K_USEC(300));
			count = packets[0] != NULL;
			break;
		}
		for (int i = 0; i < count; i++) {
			consume(packets[i], &random);
		}
		if (count == 0) {
			if (last) {
				return;
			}
			last = atomic32_load_acquire(&producing) == 0;
		} else {
			last = false;
		}
	}
}

static void check_balance(void)
{
	uint32_t all = 0;

	for (uint32_t source = 0; source < SOURCES; source++) {
		uint32_t came = 0;

		for (uint32_t number = 0; number < PACKETS; number++) {
			came += seen[source][number];
		}
		zassert_equal(came, accepted[source], "source %u", (unsigned int)source);
		all += accepted[source];
	}
	zassert_true(all > 0);
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), dropped);
	if ((flags & MPSC_PBUF_MODE_OVERWRITE) == 0) {
		zassert_equal(dropped, 0);
	}
	buffer_check_whole(&buffer);
}

static void stress(uint32_t size, uint32_t mode, int consumer_priority)
{
	const void *end = NULL;

	flags = mode;
	memset(seen, 0, sizeof(seen));
	memset(accepted, 0, sizeof(accepted));
	memset(refused, 0, sizeof(refused));
	memset(last_claimed, 0, sizeof(last_claimed));
	dropped = 0;
	isr_number = 0;
	isr_random = 1;
	producing = PRODUCERS + 1;
	end_of_time = k_uptime_get() + 10000;
	buffer_init(&buffer, size, mode);
	buffer.notify_drop = on_drop;
	k_thread_priority_set(k_current_get(), consumer_priority);
	for (uintptr_t i = 0; i < PRODUCERS; i++) {
		crew_start(producer, (void *)i, NULL, 2 + (int)i);
	}
	crew_start(interrupter, NULL, NULL, 1);
	crew_start(freer, NULL, NULL, 5);
	consume_all();
	zassert_ok(k_msgq_put(&elsewhere, &end, K_FOREVER));
	crew_join();
	/* buffer_check_whole() drops nothing, but puts. */
	buffer.notify_drop = NULL;
	check_balance();
}

ZTEST(mpsc_pbuf_stress, test_no_overwrite)
{
	stress(64, 0, 3);
	stress(61, MPSC_PBUF_MAX_UTILIZATION, 0);
}

ZTEST(mpsc_pbuf_stress, test_overwrite)
{
	stress(64, MPSC_PBUF_MODE_OVERWRITE, 3);
	stress(37, MPSC_PBUF_MODE_OVERWRITE | MPSC_PBUF_MAX_UTILIZATION, 6);
}

ZTEST_SUITE(mpsc_pbuf_stress, NULL, NULL, NULL, NULL, NULL);
