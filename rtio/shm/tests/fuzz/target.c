/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The bytes are steps: what a client writes into the area, turns of the server, ends of requests. After
 * each turn, what must hold at all times is checked; in the end the server has to be left clean.
 */
#include "target.h"

#include "../../src/internal.h"
#include "../support/sim.h"

#include <stdio.h>
#include <stdlib.h>

#define ENTRIES 8U
#define DATA    700U
#define DEVICES 2U

/* Does not return unless @p holds. */
static void check(bool holds, const char *what)
{
	if (!holds) {
		(void)fprintf(stderr, "the server broke its word: %s\n", what);
		abort();
	}
}

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t get(struct input *in, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes && in->size > 0; i++) {
		value |= (uint32_t)*in->data << 8 * i;
		in->data++;
		in->size--;
	}
	return value;
}

RTIO_DEFINE(context, ENTRIES, ENTRIES + 1);

static struct sim devices[DEVICES];
static struct rtio_shm_slot slots[ENTRIES];
static const struct rtio_shm_iodev iodevs[DEVICES] = {
	{&devices[0].iodev,
	 BIT(RTIO_OP_NOP) | BIT(RTIO_OP_RX) | BIT(RTIO_OP_TX) | BIT(RTIO_OP_TINY_TX) |
		 BIT(RTIO_OP_TXRX) | BIT(RTIO_OP_I2C_RECOVER) | BIT(RTIO_OP_I2C_CONFIGURE),
	 RTIO_IODEV_I2C_STOP},
	{&devices[1].iodev, BIT(RTIO_OP_RX), 0},
};
static const struct rtio_shm_config config = {&context, iodevs, DEVICES, ENTRIES, DATA, slots};
static struct rtio_shm_server server;
static uint32_t put; /* entries written, published or not */

static void store_entry(const struct rtio_shm_sqe *e)
{
	server.sq[put++ % ENTRIES] = *e;
}

static void put_raw(struct input *in)
{
	uint32_t words[sizeof(struct rtio_shm_sqe) / sizeof(uint32_t)];
	struct rtio_shm_sqe e;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = get(in, sizeof(words[i]));
	}
	memcpy(&e, words, sizeof(e));
	store_entry(&e);
}

/* One that is nearly right. */
static void put_short(struct input *in)
{
	struct rtio_shm_sqe e = {.generation = 1};
	uint32_t bits;

	e.op = (uint8_t)(get(in, 1) % 16);
	e.tag = get(in, 1) % (ENTRIES + 1);
	e.iodev = get(in, 1) % (DEVICES + 2);
	e.iodev = e.iodev > DEVICES ? RTIO_SHM_NO_IODEV : e.iodev;
	bits = get(in, 1);
	e.flags = (uint16_t)((bits & 0x3f) | (bits & 0x40 ? RTIO_SQE_DEADLINE : 0));
	e.len = get(in, 2);
	if (e.op == RTIO_OP_RX || e.op == RTIO_OP_TXRX || (bits & 0x80) != 0) {
		e.rx_offset = get(in, 2);
	}
	if (e.op == RTIO_OP_TX || e.op == RTIO_OP_TXRX || (bits & 0x80) != 0) {
		e.tx_offset = get(in, 2);
	}
	if (e.op == RTIO_OP_TINY_TX || e.op == RTIO_OP_I2C_CONFIGURE || e.op == RTIO_OP_DELAY) {
		e.arg.bits = get(in, 2);
	}
	store_entry(&e);
}

/* What holds at all times. */
static void check_server(void)
{
	const struct rtio_shm_server *s = &server;
	uint32_t used = 0;

	for (uint32_t i = 0; i < ENTRIES; i++) {
		check(!slots[i].taken, "a slot is claimed for nothing");
		used += slots[i].handle != 0 ? 1 : 0;
	}
	check(used == s->in_flight, "requests are counted");
	check(s->in_flight + (s->cq_tail - s->cq_head) <= ENTRIES, "each answer has a place");
	check(s->sq_tail - s->sq_head <= ENTRIES, "entries are those of the ring");
	check(s->stats.taken == s->stats.completed + s->in_flight, "each answers once");
	for (uint32_t i = 0; i < DEVICES; i++) {
		check(devices[i].outside == 0, "buffers are inside");
	}
}

static int turn(void)
{
	struct rtio_shm_stats before = server.stats;
	int ret = rtio_shm_turn(&server);

	check(server.stats.taken - before.taken <=
		      CONFIG_RTIO_SHM_BATCH + CONFIG_RTIO_SHM_CHAIN_MAX,
	      "a turn is bounded");
	check_server();
	return ret;
}

static void step(struct input *in)
{
	struct rtio_shm_header *h = server.header;
	uint32_t at;

	switch (get(in, 1) % 16) {
	case 0:
		put_raw(in);
		break;
	case 1:
	case 2:
		put_short(in);
		break;
	case 3:
		h->sq_tail += get(in, 1) % (ENTRIES + 2);
		break;
	case 4:
		h->sq_tail = put;
		break;
	case 5:
		h->sq_tail = get(in, 4);
		break;
	case 6:
		h->cq_head = get(in, 4);
		break;
	case 7:
		h->cq_head = h->cq_tail;
		break;
	case 8:
		at = get(in, 2) % (uint32_t)(server.data - (uint8_t *)h) / sizeof(uint32_t);
		((uint32_t *)(void *)h)[at] = get(in, 4);
		break;
	case 9:
		server.cancels[get(in, 1) % ENTRIES] = get(in, 1);
		h->cancel_count++;
		break;
	case 10:
		at = get(in, 1);
		(void)sim_end(&devices[at % DEVICES], (int8_t)get(in, 1));
		break;
	case 11:
		at = get(in, 1);
		devices[at % DEVICES].later = (at & 2) != 0;
		devices[at % DEVICES].deaf = (at & 4) != 0;
		break;
	case 12:
		rtio_shm_ring(&server);
		break;
	case 13:
		at = get(in, 1);
		server.gone = at == 1 ? 1 : server.gone;
		server.stop = at == 2 ? 1 : server.stop;
		break;
	default:
		(void)turn();
		break;
	}
}

static void finish(void)
{
	uint32_t turns = 0;

	rtio_shm_server_stop(&server);
	for (uint32_t i = 0; i < DEVICES; i++) {
		devices[i].later = false;
		devices[i].deaf = false;
	}
	do {
		while (sim_end(&devices[0], 0) || sim_end(&devices[1], 0)) {
		}
		check(turns++ < 100000, "it ends");
		if (turns > 100) {
			k_sleep(K_USEC(100)); /* a short delay of the client */
		}
	} while (turn() >= 0);
	check(rtio_shm_server_close(&server) == 0, "it closes");
	check(rtio_sqe_acquirable(&context) == ENTRIES, "all requests are home");
	check(rtio_cqe_consume(&context) == NULL, "all completions are home");
	check(context.xcqcnt == 0, "no completion was lost");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};

	put = 0;
	check(rtio_shm_server_open(&server, &config) == 0, "it opens");
	for (uint32_t i = 0; i < DEVICES; i++) {
		sim_init(&devices[i]);
		devices[i].low = server.data;
		devices[i].high = server.data + DATA;
	}
	while (in.size > 0) {
		step(&in);
	}
	finish();
	return 0;
}
