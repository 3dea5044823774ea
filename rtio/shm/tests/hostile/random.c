/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A client that writes what comes to its mind, beside a second opinion about what is right. The seed is
 * printed; the same one does the same.
 */
#include "../support/rig.h"

ZTEST_SUITE(shm_random, NULL, NULL, rig_before, rig_after, NULL);

#define ROUNDS 20000

static uint32_t state;

static uint32_t below(uint32_t n)
{
	return rig_random(&state) % n;
}

/* A value that is likely to be near a limit. */
static uint32_t some(void)
{
	static const uint32_t liked[] = {
		0,
		1,
		2,
		7,
		8,
		RIG_ENTRIES - 1,
		RIG_ENTRIES,
		RIG_DATA - 8,
		RIG_DATA - 1,
		RIG_DATA,
		RIG_DATA + 1,
		8192,
		0x7fffffff,
		0x80000000,
		UINT32_MAX - 8,
		UINT32_MAX,
	};

	return below(4) == 0 ? rig_random(&state) : liked[below(ARRAY_SIZE(liked))];
}

static bool fits(uint32_t offset, uint32_t len)
{
	return (uint64_t)offset + len <= RIG_DATA;
}

/* The second opinion, of a single request whose tag is free: written from the description. */
static bool is_right(const struct rtio_shm_sqe *e)
{
	bool timed = (e->flags & RTIO_SQE_DEADLINE) != 0;
	bool right = e->tag < RIG_ENTRIES && e->generation != 0 && e->unused == 0 &&
		     (e->flags & ~RTIO_SQE_DEADLINE) == 0 &&
		     (timed ? e->deadline_us <= RTIO_SHM_TIMEOUT_MAX_US : e->deadline_us == 0);

	if (!IS_ENABLED(CONFIG_RTIO_DEADLINE) && (timed || e->op == RTIO_OP_DELAY)) {
		return false;
	}
	if (e->op == RTIO_OP_DELAY) {
		return right && e->iodev == RTIO_SHM_NO_IODEV && e->iodev_flags == 0 &&
		       e->len == 0 && e->tx_offset == 0 && e->rx_offset == 0 &&
		       e->arg.delay_us <= RTIO_SHM_TIMEOUT_MAX_US;
	}
	if (e->iodev >= RIG_COUNT || (e->iodev == RIG_READ && e->op != RTIO_OP_RX)) {
		return false;
	}
	if ((e->iodev_flags & ~(e->iodev == RIG_READ ? 0 : RIG_IODEV_FLAGS)) != 0) {
		return false;
	}
	switch (e->op) {
	case RTIO_OP_NOP:
	case RTIO_OP_I2C_RECOVER:
		return right && e->len == 0 && e->tx_offset == 0 && e->rx_offset == 0 &&
		       e->arg.bits == 0;
	case RTIO_OP_RX:
		return right && fits(e->rx_offset, e->len) && e->tx_offset == 0 && e->arg.bits == 0;
	case RTIO_OP_TX:
		return right && fits(e->tx_offset, e->len) && e->rx_offset == 0 && e->arg.bits == 0;
	case RTIO_OP_TXRX:
		return right && fits(e->tx_offset, e->len) && fits(e->rx_offset, e->len) &&
		       e->arg.bits == 0;
	case RTIO_OP_I2C_CONFIGURE:
		return right && e->len == 0 && e->tx_offset == 0 && e->rx_offset == 0 &&
		       e->arg.bits >> 32 == 0;
	case RTIO_OP_TINY_TX:
		for (uint32_t i = e->len; i < 8; i++) {
			right = right && e->arg.tiny[i] == 0;
		}
		return right && e->len <= 7 && e->tx_offset == 0 && e->rx_offset == 0;
	default:
		return false;
	}
}

/* Mostly right. */
static struct rtio_shm_sqe random_entry(void)
{
	static const uint8_t ops[] = {RTIO_OP_NOP,  RTIO_OP_RX,      RTIO_OP_TX,
				      RTIO_OP_TXRX, RTIO_OP_TINY_TX, RTIO_OP_I2C_CONFIGURE};
	struct rtio_shm_sqe e = rig_entry(ops[below(ARRAY_SIZE(ops))], below(RIG_ENTRIES), 1);

	e.generation = 1 + below(3);
	e.userdata = rig_random(&state);
	switch (e.op) {
	case RTIO_OP_RX:
		e.rx_offset = below(RIG_DATA);
		e.len = below(100);
		break;
	case RTIO_OP_TXRX:
		e.rx_offset = below(RIG_DATA);
		e.tx_offset = below(RIG_DATA);
		e.len = below(100);
		break;
	case RTIO_OP_TX:
		e.tx_offset = below(RIG_DATA);
		e.len = below(100);
		break;
	case RTIO_OP_TINY_TX:
		e.len = below(8);
		memset(e.arg.tiny, (int)below(256), e.len);
		break;
	default:
		break;
	}
	return e;
}

/* Change something of it. */
static void mutate(struct rtio_shm_sqe *e)
{
	uint32_t *words = (uint32_t *)(void *)e;
	uint32_t i = below(sizeof(*e) / sizeof(*words));

	switch (below(3)) {
	case 0:
		words[i] ^= 1U << below(32);
		break;
	case 1:
		words[i] = some();
		break;
	default:
		e->op = (uint8_t)below(16);
		break;
	}
}

ZTEST(shm_random, test_one_by_one_beside_a_second_opinion)
{
	uint32_t right = 0;

	state = 20250711;
	for (uint32_t round = 0; round < 10 * ROUNDS; round++) {
		struct rtio_shm_sqe e = random_entry();
		struct rtio_shm_cqe cqe;
		uint32_t rejected = rig_server.stats.rejected;
		bool expected;

		for (uint32_t n = below(3); n > 0; n--) {
			mutate(&e);
		}
		/* What is linked is a chain that does not end; a delay takes its time. */
		e.flags &= (uint16_t) ~(RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION);
		expected = is_right(&e);
		if (expected && (e.op == RTIO_OP_DELAY || (e.flags & RTIO_SQE_DEADLINE) != 0)) {
			continue;
		}
		rig_put(&e);
		zassert_ok(rig_turns());
		zassert_true(rig_get(&cqe));
		zassert_equal(cqe.userdata, e.userdata);
		zassert_equal(rig_server.stats.rejected - rejected, expected ? 0U : 1U,
			      "round %u: operation %u, flags %x, answer %d", round, e.op, e.flags,
			      cqe.result);
		right += expected ? 1 : 0;
	}
	zassert_true(right > ROUNDS, "%u were right", right);
}

/* What holds at all times. */
static void check(uint32_t round)
{
	const struct rtio_shm_server *s = &rig_server;
	uint32_t used = 0;

	for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
		zassert_false(s->config.slots[i].taken);
		used += s->config.slots[i].handle != 0 ? 1 : 0;
	}
	zassert_equal(used, s->in_flight, "round %u", round);
	zassert_true(s->in_flight + (s->cq_tail - s->cq_head) <= RIG_ENTRIES, "round %u", round);
	zassert_equal(s->stats.taken, s->stats.completed + s->in_flight, "round %u", round);
	zassert_true(s->sq_tail - s->sq_head <= RIG_ENTRIES, "round %u", round);
}

static void do_something(void)
{
	struct rtio_shm_header *h = rig_server.header;
	struct rtio_shm_sqe e;
	struct rtio_shm_cqe cqe;

	switch (below(16)) {
	case 0:
	case 1:
	case 2:
		(void)sim_end(&rig_devices[below(2)], (int)some());
		break;
	case 3:
		rig_devices[below(2)].later = below(2) != 0;
		rig_devices[below(2)].deaf = below(2) != 0;
		break;
	case 4:
		rig_server.cancels[below(RIG_ENTRIES)] = below(4);
		h->cancel_count += below(2);
		break;
	case 5:
		((uint32_t *)(void *)h)[below(rig_server.area_size / 4)] ^= below(50) == 0;
		break;
	case 6:
		if (below(20) == 0) {
			h->sq_tail += some();
		} else if (below(20) == 0) {
			h->cq_head += some();
		}
		break;
	case 7:
	case 8:
		for (uint32_t n = 0; n < RIG_ENTRIES && rig_get(&cqe); n++) {
		}
		break;
	default:
		for (uint32_t n = below(6); n > 0; n--) {
			e = random_entry();
			e.flags |= below(3) == 0 ? RTIO_SQE_CHAINED : 0;
			e.flags |= below(6) == 0 ? RTIO_SQE_TRANSACTION : 0;
			if (below(6) == 0) {
				mutate(&e);
			}
			e.iodev = e.op == RTIO_OP_DELAY ? e.iodev
				  : below(8) == 0       ? some()
							: below(2);
			e.arg.bits = e.op == RTIO_OP_DELAY ? below(500) : e.arg.bits;
			if (h->sq_tail - rig_server.sq_head < RIG_ENTRIES) {
				rig_put(&e);
			}
		}
		break;
	}
}

ZTEST(shm_random, test_anything_at_any_time)
{
	uint32_t broken = 0;

	state = 987654321;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t n = below(4); n > 0; n--) {
			do_something();
		}
		(void)rtio_shm_turn(&rig_server);
		check(round);
		if (rig_server.over != 0 || below(2000) == 0) {
			broken += rig_server.over != 0 ? 1 : 0;
			rig_again();
		}
	}
	zassert_true(broken > 10, "broken %u times", broken);
}
