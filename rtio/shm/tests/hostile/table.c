/* SPDX-License-Identifier: Apache-2.0 */
/** @file Entries as no honest client writes them, and the answer to each. */
#include "../support/rig.h"

ZTEST_SUITE(shm_entries, NULL, NULL, rig_before, rig_after, NULL);

#define R RTIO_OP_RX
#define W RTIO_OP_TX
#define X RTIO_OP_TXRX
#define N RTIO_OP_NOP
#define T RTIO_OP_TINY_TX
#define C RTIO_OP_I2C_CONFIGURE
#define D RTIO_OP_DELAY

#ifdef CONFIG_RTIO_DEADLINE
#define TIMED(result) (result)
#else
#define TIMED(result) (-ENOTSUP)
#endif

/* What is not said is 0, the iodev RIG_FULL, the generation 1. */
static const struct {
	const char *what;
	struct rtio_shm_sqe e;
	int result;
} rows[] = {
	/* right ones, so that the wrong ones are wrong for one reason */
	{"nop", {.op = N}, 0},
	{"read", {.op = R, .rx_offset = 8, .len = 8}, 8},
	{"write", {.op = W, .tx_offset = 8, .len = 8}, 8},
	{"both", {.op = X, .tx_offset = 8, .rx_offset = 8, .len = 8}, 8},
	{"tiny", {.op = T, .len = 2, .arg.tiny = {1, 2}}, 2},
	{"tiny, 7", {.op = T, .len = 7, .arg.tiny = {1, 2, 3, 4, 5, 6, 7}}, 7},
	{"tiny, 0", {.op = T}, 0},
	{"configure", {.op = C, .arg.i2c_config = UINT32_MAX}, 0},
	{"recover", {.op = RTIO_OP_I2C_RECOVER}, 0},
	{"highest tag", {.op = N, .tag = RIG_ENTRIES - 1}, 0},
	{"highest generation", {.op = N, .generation = UINT32_MAX}, 0},
	{"highest priority", {.op = N, .prio = 255}, 0},
	{"flags of the bus", {.op = N, .iodev_flags = RIG_IODEV_FLAGS}, 0},
	{"all of the data", {.op = R, .len = RIG_DATA}, RIG_DATA},
	{"the last byte", {.op = R, .rx_offset = RIG_DATA - 1, .len = 1}, 1},
	{"nothing at the end", {.op = R, .rx_offset = RIG_DATA}, 0},
	{"delay", {.op = D, .iodev = RTIO_SHM_NO_IODEV}, TIMED(0)},
	{"deadline", {.op = N, .flags = RTIO_SQE_DEADLINE, .deadline_us = 1000000}, TIMED(0)},
	{"its read", {.op = R, .iodev = RIG_READ, .len = 4}, 4},

	{"tag one too high", {.op = N, .tag = RIG_ENTRIES}, -EINVAL},
	{"tag much too high", {.op = N, .tag = UINT32_MAX}, -EINVAL},
	{"tag that would wrap", {.op = N, .tag = 1U << 27}, -EINVAL},

	{"operation behind the last", {.op = RTIO_OP_AWAIT + 1}, -EINVAL},
	{"operation 255", {.op = 255}, -EINVAL},
	{"callback", {.op = RTIO_OP_CALLBACK, .arg.bits = 0x41414141}, -ENOTSUP},
	{"callback of nobody", {.op = RTIO_OP_CALLBACK, .iodev = RTIO_SHM_NO_IODEV}, -ENOTSUP},
	{"await", {.op = RTIO_OP_AWAIT}, -ENOTSUP},
	{"i3c recover", {.op = RTIO_OP_I3C_RECOVER}, -ENOTSUP},
	{"i3c configure", {.op = RTIO_OP_I3C_CONFIGURE}, -ENOTSUP},
	{"i3c ccc", {.op = RTIO_OP_I3C_CCC}, -ENOTSUP},

	{"flag: pool", {.op = R, .flags = RTIO_SQE_MEMPOOL_BUFFER}, -ENOTSUP},
	{"flag: multishot", {.op = R, .flags = RTIO_SQE_MULTISHOT}, -ENOTSUP},
	{"flag: no response", {.op = N, .flags = RTIO_SQE_NO_RESPONSE}, -ENOTSUP},
	{"flag: canceled", {.op = N, .flags = RTIO_SQE_CANCELED}, -ENOTSUP},
	{"flag of nobody", {.op = N, .flags = BIT(6)}, -EINVAL},
	{"flag of nobody, high", {.op = N, .flags = BIT(14)}, -EINVAL},
	{"a deadline without its flag", {.op = N, .deadline_us = 1}, -EINVAL},
	{"too long a deadline",
	 {.op = N, .flags = RTIO_SQE_DEADLINE, .deadline_us = RTIO_SHM_TIMEOUT_MAX_US + 1},
	 TIMED(-EINVAL)},
	{"much too long a deadline",
	 {.op = N, .flags = RTIO_SQE_DEADLINE, .deadline_us = UINT64_MAX},
	 TIMED(-EINVAL)},
	{"flag of the bus that is not offered", {.op = N, .iodev_flags = BIT(3)}, -EINVAL},
	{"all flags of the bus", {.op = N, .iodev_flags = UINT32_MAX}, -EINVAL},
	{"flags of a bus where there is none",
	 {.op = D, .iodev = RTIO_SHM_NO_IODEV, .iodev_flags = BIT(1)},
	 TIMED(-EINVAL)},

	{"iodev one too high", {.op = N, .iodev = RIG_COUNT}, -ENODEV},
	{"iodev much too high", {.op = N, .iodev = UINT32_MAX - 1}, -ENODEV},
	{"iodev that would wrap", {.op = N, .iodev = 1U << 28}, -ENODEV},
	{"no iodev", {.op = N, .iodev = RTIO_SHM_NO_IODEV}, -ENODEV},
	{"a delay by an iodev", {.op = D, .iodev = RIG_FULL}, TIMED(-ENODEV)},
	{"a write where reading is offered", {.op = W, .iodev = RIG_READ, .len = 4}, -EACCES},
	{"nop where reading is offered", {.op = N, .iodev = RIG_READ}, -EACCES},
	{"configuring where reading is offered", {.op = C, .iodev = RIG_READ}, -EACCES},

	{"read behind the end", {.op = R, .rx_offset = RIG_DATA + 1}, -EFAULT},
	{"read a byte too much", {.op = R, .rx_offset = RIG_DATA - 7, .len = 8}, -EFAULT},
	{"read all and one", {.op = R, .len = RIG_DATA + 1}, -EFAULT},
	{"read up to the page's end", {.op = R, .len = 8192}, -EFAULT},
	{"read below", {.op = R, .rx_offset = UINT32_MAX - 3, .len = 4}, -EFAULT},
	{"read below, wrapping", {.op = R, .rx_offset = UINT32_MAX - 3, .len = 8}, -EFAULT},
	{"read everything", {.op = R, .len = UINT32_MAX}, -EFAULT},
	{"write behind the end", {.op = W, .tx_offset = RIG_DATA + 1}, -EFAULT},
	{"write a byte too much", {.op = W, .tx_offset = RIG_DATA - 7, .len = 8}, -EFAULT},
	{"write below, wrapping", {.op = W, .tx_offset = UINT32_MAX - 3, .len = 8}, -EFAULT},
	{"write everything", {.op = W, .len = UINT32_MAX}, -EFAULT},
	{"both, writing outside", {.op = X, .tx_offset = RIG_DATA - 1, .len = 8}, -EFAULT},
	{"both, reading outside", {.op = X, .rx_offset = RIG_DATA - 1, .len = 8}, -EFAULT},

	{"tiny, 8", {.op = T, .len = 8, .arg.bits = UINT64_MAX}, -EINVAL},
	{"tiny, 9", {.op = T, .len = 9}, -EINVAL},
	{"tiny, 255", {.op = T, .len = 255}, -EINVAL},
	{"tiny, 256 and 4", {.op = T, .len = 260}, -EINVAL},
	{"tiny, more than it says", {.op = T, .len = 1, .arg.tiny = {1, 2}}, -EINVAL},
	{"tiny with an offset", {.op = T, .len = 1, .tx_offset = 1}, -EINVAL},
	{"nop with a length", {.op = N, .len = 1}, -EINVAL},
	{"nop with a buffer", {.op = N, .tx_offset = 1}, -EINVAL},
	{"nop with another one", {.op = N, .rx_offset = 1}, -EINVAL},
	{"nop with an argument", {.op = N, .arg.bits = 1}, -EINVAL},
	{"read with what to write", {.op = R, .tx_offset = 1, .len = 1}, -EINVAL},
	{"write with where to read", {.op = W, .rx_offset = 1, .len = 1}, -EINVAL},
	{"read with an argument", {.op = R, .len = 1, .arg.bits = UINT64_C(1) << 63}, -EINVAL},
	{"configure with more", {.op = C, .arg.bits = UINT64_C(1) << 32}, -EINVAL},
	{"delay, too long",
	 {.op = D, .iodev = RTIO_SHM_NO_IODEV, .arg.delay_us = RTIO_SHM_TIMEOUT_MAX_US + 1},
	 TIMED(-EINVAL)},
	{"delay, for ever",
	 {.op = D, .iodev = RTIO_SHM_NO_IODEV, .arg.delay_us = UINT64_MAX},
	 TIMED(-EINVAL)},
	{"something where nothing is", {.op = N, .unused = 1}, -EINVAL},
	{"something there, high", {.op = N, .unused = UINT64_C(1) << 63}, -EINVAL},
};

/* Row @p i with tag @p tag, unless that is what it is about. */
static struct rtio_shm_sqe entry_of(size_t i, uint32_t tag)
{
	struct rtio_shm_sqe e = rows[i].e;

	e.tag = e.tag != 0 ? e.tag : tag;
	e.generation = e.generation != 0 ? e.generation : 1;
	e.userdata = 1000 + i;
	return e;
}

static void expect_raw(const char *what, const struct rtio_shm_sqe *e, int result)
{
	struct rtio_shm_cqe cqe;

	zassert_true(rig_get(&cqe), "%s: no answer", what);
	zassert_equal(cqe.result, result, "%s: %d instead of %d", what, cqe.result, result);
	zassert_equal(cqe.userdata, e->userdata, "%s: answer to another one", what);
	zassert_equal(cqe.tag, e->tag, "%s: tag of another one", what);
	zassert_equal(cqe.generation, e->generation, "%s: generation of another one", what);
}

/* Turns until all that was taken has answered. */
static void settle(void)
{
	zassert_ok(rig_turns());
	while (rig_server.in_flight != 0) {
		k_sleep(K_USEC(50));
		zassert_ok(rig_turns());
	}
}

ZTEST(shm_entries, test_alone)
{
	struct rtio_shm_cqe cqe;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rtio_shm_sqe e = entry_of(i, 0);
		uint32_t rejected = rig_server.stats.rejected;

		rig_put(&e);
		settle();
		expect_raw(rows[i].what, &e, rows[i].result);
		zassert_false(rig_get(&cqe), "%s: two answers", rows[i].what);
		zassert_equal(rig_server.stats.rejected - rejected, rows[i].result < 0 ? 1U : 0U,
			      "%s", rows[i].what);
		zassert_equal(rig_server.in_flight, 0);
	}
}

ZTEST(shm_entries, test_in_a_chain_nothing_of_it_starts)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rtio_shm_sqe first = rig_entry(RTIO_OP_NOP, 13, 1);
		struct rtio_shm_sqe middle = entry_of(i, 0);
		struct rtio_shm_sqe last = rig_entry(RTIO_OP_NOP, 14, 3);
		uint32_t started = rig_devices[RIG_FULL].started;
		int result = rows[i].result;

		first.flags = RTIO_SQE_CHAINED;
		middle.flags |= RTIO_SQE_CHAINED;
		rig_put(&first);
		rig_put(&middle);
		rig_put(&last);
		settle();
		expect_raw(rows[i].what, &first, result < 0 ? -ECANCELED : 0);
		expect_raw(rows[i].what, &middle, result);
		expect_raw(rows[i].what, &last, result < 0 ? -ECANCELED : 0);
		zassert_true(result >= 0 || rig_devices[RIG_FULL].started == started, "%s",
			     rows[i].what);
	}
}

ZTEST(shm_entries, test_generation_0)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);

	e.generation = 0;
	rig_put(&e);
	settle();
	expect_raw("generation 0", &e, -EINVAL);
}

ZTEST(shm_entries, test_a_tag_in_use)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 5, 1);
	struct rtio_shm_sqe again = rig_entry(RTIO_OP_NOP, 5, 2);

	again.generation = 2;
	rig_devices[RIG_FULL].later = true;
	rig_put(&e);
	zassert_ok(rig_turns());
	rig_put(&again);
	zassert_ok(rig_turns());
	expect_raw("a tag in use", &again, -EBUSY);
	zassert_true(sim_end(&rig_devices[RIG_FULL], 9));
	settle();
	expect_raw("the first", &e, 9);
	/* Free again. */
	rig_devices[RIG_FULL].later = false;
	rig_put(&again);
	settle();
	expect_raw("the next", &again, 0);
}

ZTEST(shm_entries, test_a_tag_twice_in_a_chain)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 5, 1);
	struct rtio_shm_sqe again = rig_entry(RTIO_OP_NOP, 5, 2);

	e.flags = RTIO_SQE_CHAINED;
	rig_put(&e);
	rig_put(&again);
	settle();
	expect_raw("the first", &e, -ECANCELED);
	expect_raw("the second", &again, -EBUSY);
	rig_put(&again);
	settle();
	expect_raw("afterwards", &again, 0);
}

ZTEST(shm_entries, test_transactions_have_one_iodev)
{
	static const struct {
		uint32_t iodevs[3];
		uint16_t flags[2];
		int results[3];
	} all[] = {
		{{0, 0, 0}, {RTIO_SQE_TRANSACTION, RTIO_SQE_TRANSACTION}, {0, 0, 0}},
		{{0, 1, 1},
		 {RTIO_SQE_TRANSACTION, RTIO_SQE_TRANSACTION},
		 {-ECANCELED, -EINVAL, -ECANCELED}},
		{{0, 0, 1},
		 {RTIO_SQE_TRANSACTION, RTIO_SQE_TRANSACTION},
		 {-ECANCELED, -ECANCELED, -EINVAL}},
		{{0, 0, 1},
		 {RTIO_SQE_CHAINED, RTIO_SQE_TRANSACTION},
		 {-ECANCELED, -ECANCELED, -EINVAL}},
		{{0, 0, 1}, {RTIO_SQE_TRANSACTION, RTIO_SQE_CHAINED}, {0, 0, 0}},
		{{0, 1, 0}, {RTIO_SQE_CHAINED, RTIO_SQE_CHAINED}, {0, 0, 0}},
		{{1, 0, 0}, {RTIO_SQE_CHAINED, RTIO_SQE_TRANSACTION}, {0, 0, 0}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct rtio_shm_sqe e[3];

		for (uint32_t k = 0; k < 3; k++) {
			e[k] = rig_entry(RTIO_OP_NOP, k, k);
			e[k].iodev = all[i].iodevs[k];
			e[k].flags = k < 2 ? all[i].flags[k] : 0;
			rig_put(&e[k]);
		}
		settle();
		for (uint32_t k = 0; k < 3; k++) {
			expect_raw("a transaction", &e[k], all[i].results[k]);
		}
	}
}

ZTEST(shm_entries, test_no_delay_in_a_transaction)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);
	struct rtio_shm_sqe delay = rig_entry(RTIO_OP_DELAY, 1, 2);

	e.flags = RTIO_SQE_TRANSACTION;
	rig_put(&e);
	rig_put(&delay);
	settle();
	expect_raw("nop", &e, -ECANCELED);
	expect_raw("delay", &delay, TIMED(-EINVAL));

	e.flags = 0;
	delay.flags = RTIO_SQE_TRANSACTION;
	rig_put(&delay);
	rig_put(&e);
	settle();
	expect_raw("delay", &delay, TIMED(-EINVAL));
	expect_raw("nop", &e, -ECANCELED);
}

ZTEST(shm_entries, test_both_links)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);
	struct rtio_shm_sqe last = rig_entry(RTIO_OP_NOP, 1, 2);

	e.flags = RTIO_SQE_TRANSACTION | RTIO_SQE_CHAINED;
	rig_put(&e);
	rig_put(&last);
	settle();
	expect_raw("both links", &e, -EINVAL);
	expect_raw("the last", &last, -ECANCELED);
}

ZTEST(shm_entries, test_an_unfinished_chain)
{
	struct rtio_shm_sqe e[3];

	for (uint32_t k = 0; k < 3; k++) {
		e[k] = rig_entry(RTIO_OP_NOP, k, k);
		e[k].flags = RTIO_SQE_CHAINED;
		rig_put(&e[k]);
	}
	settle();
	expect_raw("the first", &e[0], -ECANCELED);
	expect_raw("the second", &e[1], -ECANCELED);
	expect_raw("the last", &e[2], -EINVAL);
	zassert_equal(rig_devices[RIG_FULL].started, 0);
	/* What comes next is no part of it. */
	e[0].flags = 0;
	rig_put(&e[0]);
	settle();
	expect_raw("the next", &e[0], 0);
}

ZTEST(shm_entries, test_too_long_a_chain)
{
	const uint32_t length = CONFIG_RTIO_SHM_CHAIN_MAX + 3;
	struct rtio_shm_sqe e[CONFIG_RTIO_SHM_CHAIN_MAX + 4];

	for (uint32_t k = 0; k <= length; k++) {
		e[k] = rig_entry(RTIO_OP_NOP, k, k);
		e[k].flags = k + 1 < length ? RTIO_SQE_CHAINED : 0;
		rig_put(&e[k]);
	}
	settle();
	for (uint32_t k = 0; k < length; k++) {
		expect_raw("of the chain", &e[k],
			   k == CONFIG_RTIO_SHM_CHAIN_MAX - 1 ? -E2BIG : -ECANCELED);
	}
	expect_raw("behind it", &e[length], 0);
	zassert_equal(rig_devices[RIG_FULL].started, 1);
}

ZTEST(shm_entries, test_too_long_a_chain_without_end)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 7);
	struct rtio_shm_cqe cqe;

	e.flags = RTIO_SQE_TRANSACTION;
	for (uint32_t k = 0; k < RIG_ENTRIES; k++) {
		rig_put(&e);
	}
	settle();
	for (uint32_t k = 0; k < RIG_ENTRIES; k++) {
		zassert_true(rig_get(&cqe));
		zassert_true(cqe.result < 0);
	}
	zassert_equal(rig_devices[RIG_FULL].started, 0);
	e.flags = 0;
	rig_put(&e);
	settle();
	expect_raw("afterwards", &e, 0);
}

ZTEST(shm_entries, test_the_rest_of_too_long_a_chain_needs_room_as_well)
{
	const uint32_t before = RIG_ENTRIES - CONFIG_RTIO_SHM_CHAIN_MAX;
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);
	struct rtio_shm_cqe cqe;

	for (uint32_t k = 0; k < before; k++) {
		rig_put(&e);
		settle();
	}
	for (uint32_t k = 0; k < CONFIG_RTIO_SHM_CHAIN_MAX + 3; k++) {
		e = rig_entry(RTIO_OP_NOP, k, 2);
		e.flags = k < CONFIG_RTIO_SHM_CHAIN_MAX + 2 ? RTIO_SQE_CHAINED : 0;
		rig_put(&e);
	}
	settle();
	zassert_equal(rig_server.stats.taken, RIG_ENTRIES);
	for (uint32_t k = 1; k <= RIG_ENTRIES + 3; k++) {
		zassert_true(rig_get(&cqe));
		zassert_true(k > before ? cqe.result < 0 : cqe.result >= 0);
		settle();
		zassert_equal(rig_server.stats.taken, RIG_ENTRIES + MIN(k, 3U));
	}
	zassert_false(rig_get(&cqe));
}
