/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Calls at random, each compared with the reference: which word a packet begins at, which are
 * dropped, in which order, with which content, what is claimed, how much is in use.
 *
 * A failure names its seed; MPSC_PBUF_SEED=<it> in the environment has it again.
 */
#ifdef CONFIG_PORT_POSIX
#include <stdlib.h>
#endif

#include "../support/packets.h"
#include "reference.h"

/* With 14 runs, more than a million calls; on a board under emulation less. */
#ifdef CONFIG_PORT_POSIX
#define STEPS 80000U
#else
#define STEPS 4000U
#endif

#define HELD_MAX 6

static struct mpsc_pbuf_buffer buffer;
static struct reference reference;

static uint32_t seed;
static uint32_t random_state;
static uint32_t step;
static uint32_t next_id;
static uint32_t all_drops;

/* Packets that are being filled, or claimed. */
struct held {
	union mpsc_pbuf_generic *packets[HELD_MAX];
	uint32_t ids[HELD_MAX];
	uint32_t count;
};

static struct held filling;
static struct held claimed;

static uint32_t pick(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

#define CHECK(condition)                                                                           \
	zassert_true(condition, "seed %u, %u words, flags %u, step %u",                            \
		     (unsigned int)seed, (unsigned int)buffer.size, (unsigned int)buffer.flags,     \
		     (unsigned int)step)

static void hold(struct held *held, const union mpsc_pbuf_generic *packet, uint32_t id)
{
	held->packets[held->count] = (union mpsc_pbuf_generic *)(uintptr_t)packet;
	held->ids[held->count++] = id;
}

static uint32_t let_go(struct held *held, uint32_t i, union mpsc_pbuf_generic **packet)
{
	uint32_t id = held->ids[i];

	*packet = held->packets[i];
	held->count--;
	held->packets[i] = held->packets[held->count];
	held->ids[i] = held->ids[held->count];
	return id;
}

/* What the last allocation dropped is what the reference dropped. The callback saw the content. */
static void check_drops(void)
{
	CHECK(drop_count == reference.dropped_count);
	for (uint32_t i = 0; i < drop_count; i++) {
		CHECK(drop_ids[i] == reference.dropped[i]);
	}
	all_drops += drop_count;
	CHECK(mpsc_pbuf_dropped_get(&buffer) == all_drops);
	drop_count = 0;
}

/* A size for a packet: small ones mostly, now and then more than the buffer has. */
static uint32_t pick_wlen(void)
{
	uint32_t most = pick(4) == 0 ? buffer.size + 1 : buffer.size / 3 + 1;

	return 1 + pick(most);
}

static void do_alloc(void)
{
	uint32_t wlen = pick_wlen();
	uint32_t at = reference_alloc(&reference, wlen, next_id);
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&buffer, wlen, K_NO_WAIT);

	if (at == REFERENCE_NONE) {
		CHECK(packet == NULL);
	} else {
		CHECK((uint32_t *)(void *)packet == &memory[at]);
		CHECK(packet->hdr.valid == 0 && packet->hdr.busy == 0);
		packet_fill(packet, wlen, next_id);
		hold(&filling, packet, next_id++);
	}
	check_drops();
}

static void do_commit(void)
{
	union mpsc_pbuf_generic *packet;
	uint32_t id = let_go(&filling, pick(filling.count), &packet);

	reference_commit(&reference, id);
	mpsc_pbuf_commit(&buffer, packet);
}

static void do_put(void)
{
	uint32_t words[REFERENCE_WORDS + 1] = {0};
	uint32_t wlen = pick(2) == 0 ? 1 : pick_wlen();
	uint32_t at = reference_alloc(&reference, wlen, next_id);
	int ret;

	packet_fill((union mpsc_pbuf_generic *)(void *)words, wlen, next_id);
	if (wlen == 1) {
		ret = mpsc_pbuf_put_word(&buffer, packet_header(1, next_id));
	} else {
		ret = mpsc_pbuf_put_data(&buffer, words, wlen);
	}
	if (at == REFERENCE_NONE) {
		CHECK(ret == (wlen > buffer.size ? -EMSGSIZE : -ENOSPC));
	} else {
		CHECK(ret == 0);
		reference_commit(&reference, next_id++);
	}
	check_drops();
}

static void check_claimed(const union mpsc_pbuf_generic *packet, uint32_t id)
{
	const struct piece *piece = reference_packet(&reference, id);

	CHECK((const uint32_t *)(const void *)packet == &memory[piece->at]);
	CHECK(packet_is(packet, piece->wlen, id));
	hold(&claimed, packet, id);
}

static void do_claim(void)
{
	uint32_t id = reference_claim(&reference);
	const union mpsc_pbuf_generic *packet =
		pick(2) == 0 ? mpsc_pbuf_claim(&buffer) : mpsc_pbuf_claim_wait(&buffer, K_NO_WAIT);

	CHECK((packet == NULL) == (id == REFERENCE_NONE));
	if (packet != NULL) {
		check_claimed(packet, id);
	}
}

static void do_claim_batch(void)
{
	const union mpsc_pbuf_generic *packets[HELD_MAX];
	uint32_t max = pick(HELD_MAX - claimed.count + 1);
	int count = mpsc_pbuf_claim_batch(&buffer, packets, max);

	for (int i = 0; i < count; i++) {
		uint32_t id = reference_claim(&reference);

		CHECK(id != REFERENCE_NONE);
		check_claimed(packets[i], id);
	}
	/* With room for more it has looked for more. */
	CHECK((uint32_t)count == max || reference_claim(&reference) == REFERENCE_NONE);
}

static void do_free(void)
{
	union mpsc_pbuf_generic *packet;
	uint32_t id = let_go(&claimed, pick(claimed.count), &packet);

	CHECK(packet_is(packet, reference_packet(&reference, id)->wlen, id));
	reference_free(&reference, id);
	mpsc_pbuf_free(&buffer, packet);
}

static void check_usage(void)
{
	uint32_t most = (buffer.size - 1) * (uint32_t)sizeof(uint32_t);
	uint32_t usage = reference_usage(&reference) * (uint32_t)sizeof(uint32_t);
	uint32_t size;
	uint32_t now;

	mpsc_pbuf_get_utilization(&buffer, &size, &now);
	CHECK(size == most && now == MIN(usage, most));
	if ((buffer.flags & MPSC_PBUF_MAX_UTILIZATION) != 0) {
		CHECK(mpsc_pbuf_get_max_utilization(&buffer, &now) == 0);
		CHECK(now == MIN(reference.max_usage * sizeof(uint32_t), most));
	}
}

static void do_something(void)
{
	switch (pick(10)) {
	case 0:
	case 1:
		if (filling.count < HELD_MAX) {
			do_alloc();
		}
		break;
	case 2:
	case 3:
		if (filling.count > 0) {
			do_commit();
		}
		break;
	case 4:
	case 5:
		do_put();
		break;
	case 6:
		if (claimed.count < HELD_MAX) {
			do_claim();
		}
		break;
	case 7:
		do_claim_batch();
		break;
	default:
		if (claimed.count > 0) {
			do_free();
		}
		break;
	}
	CHECK(mpsc_pbuf_is_pending(&buffer) == reference_pending(&reference));
	if (pick(8) == 0) {
		check_usage();
	}
}

/* Nothing is kept: all of it comes back. */
static void end(void)
{
	while (filling.count > 0) {
		do_commit();
	}
	while (claimed.count > 0) {
		do_free();
	}
	for (;;) {
		do_claim();
		if (claimed.count == 0) {
			break;
		}
		do_free();
	}
	check_usage();
	buffer_check_whole(&buffer);
}

static void run(uint32_t size, uint32_t flags, uint32_t steps)
{
	random_state = seed;
	next_id = 1;
	all_drops = 0;
	filling.count = 0;
	claimed.count = 0;
	buffer_init(&buffer, size, flags);
	reference_init(&reference, size, (flags & MPSC_PBUF_MODE_OVERWRITE) != 0);
	for (step = 0; step < steps; step++) {
		do_something();
	}
	end();
}

static void run_all(uint32_t flags)
{
	static const uint32_t sizes[] = {1, 2, 7, 8, 16, 31, 64};
	static uint32_t next_seed = 0x9e3779b9;

	seed = next_seed;
	next_seed += 0x9e3779b9;
#ifdef CONFIG_PORT_POSIX
	const char *given = getenv("MPSC_PBUF_SEED");

	if (given != NULL) {
		seed = (uint32_t)strtoul(given, NULL, 10);
	}
#endif
	seed |= 1;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		run(sizes[i], flags | (i % 2 == 0 ? 0 : MPSC_PBUF_MAX_UTILIZATION), STEPS);
	}
}

ZTEST(mpsc_pbuf_model, test_no_overwrite)
{
	run_all(0);
}

ZTEST(mpsc_pbuf_model, test_overwrite)
{
	run_all(MPSC_PBUF_MODE_OVERWRITE);
}

ZTEST_SUITE(mpsc_pbuf_model, NULL, NULL, NULL, NULL, NULL);
