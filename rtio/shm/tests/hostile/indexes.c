/* SPDX-License-Identifier: Apache-2.0 */
/** @file Indexes, words and floods of a client that keeps to no rule. */
#include "../support/rig.h"

ZTEST_SUITE(shm_indexes, NULL, NULL, rig_before, rig_after, NULL);

/* Put and answer a few, so that no index is 0; the last answers are not consumed. */
static void warm_up(void)
{
	struct rtio_shm_cqe cqe;

	for (uint32_t i = 0; i < 10; i++) {
		struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, i, i);

		rig_put(&e);
	}
	zassert_ok(rig_turns());
	for (uint32_t i = 0; i < 4; i++) {
		zassert_true(rig_get(&cqe));
	}
	zassert_ok(rig_turns());
}

/* The client writes its indexes; whether that breaks the rules, after warm_up(). */
static const struct {
	uint32_t sq_tail;
	uint32_t cq_head;
	bool broken;
} rows[] = {
	{10, 4, false},
	{10, 10, false},
	{10 + RIG_ENTRIES, 10, false},
	{11 + RIG_ENTRIES, 4, true},
	{9, 4, true},
	{0, 4, true},
	{UINT32_MAX, 4, true},
	{10 + 0x80000000U, 4, true},
	{10, 3, true},
	{10, 0, true},
	{10, 11, true},
	{10, 4 + RIG_ENTRIES, true},
	{10, UINT32_MAX, true},
	{10, 10 + 0x80000000U, true},
};

ZTEST(shm_indexes, test_absurd_indexes)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rtio_shm_header *h;
		int ret;

		warm_up();
		h = rig_server.header;
		h->sq_tail = rows[i].sq_tail;
		h->cq_head = rows[i].cq_head;
		ret = rig_turns();
		zassert_equal(ret, rows[i].broken ? -EPROTO : 0, "row %u: %d", (unsigned int)i,
			      ret);
		zassert_equal(h->status, ret);
		if (ret != 0) {
			zassert_equal(rtio_shm_submit(&rig_client), -EPROTO);
			zassert_equal(rig_server.stats.taken, 10, "row %u", (unsigned int)i);
		}
		rig_again();
	}
}

ZTEST(shm_indexes, test_backwards_before_it_was_taken)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);

	rig_devices[RIG_FULL].later = true;
	rig_put(&e);
	zassert_ok(rig_turns());
	/* No room, so that entries stay in the ring. */
	rig_server.header->sq_tail = 1 + RIG_ENTRIES;
	zassert_ok(rig_turns());
	zassert_true(rig_server.stats.stalls > 0);
	rig_server.header->sq_tail--;
	(void)rtio_shm_turn(&rig_server);
	zassert_equal(rig_server.over, -EPROTO);
}

ZTEST(shm_indexes, test_what_is_under_way_ends_when_the_rules_are_broken)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 3, 1);
	struct rtio_shm_cqe cqe;

	rig_devices[RIG_FULL].later = true;
	rig_put(&e);
	zassert_ok(rig_turns());
	rig_server.header->sq_tail = 1000;
	zassert_equal(rig_turns(), -EPROTO);
	zassert_equal(rig_devices[RIG_FULL].asked, 1);
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, -ECANCELED);
}

ZTEST(shm_indexes, test_a_full_ring_of_completions_stops_the_client_only)
{
	struct rtio_shm_cqe cqe;
	uint32_t started;

	/* More than the ring holds, none consumed. */
	for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
		struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, i, i);

		rig_put(&e);
	}
	zassert_ok(rig_turns());
	for (uint32_t i = 0; i < 5; i++) {
		struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, i, 100 + i);

		e.flags = i == 2 ? RTIO_SQE_MULTISHOT : 0; /* rejections need room, too */
		rig_put(&e);
	}
	started = rig_devices[RIG_FULL].started;
	for (uint32_t i = 0; i < 10; i++) {
		zassert_ok(rtio_shm_turn(&rig_server), "there is nothing to do");
	}
	zassert_equal(rig_server.stats.stalls, 10);
	zassert_equal(rig_devices[RIG_FULL].started, started);
	zassert_equal(rig_server.stats.taken, RIG_ENTRIES);

	/* Each that is consumed makes room for one; none is lost. */
	for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
		zassert_true(rig_get(&cqe));
		zassert_equal(cqe.userdata, i);
		zassert_ok(rig_turns());
		zassert_equal(rig_server.stats.taken, RIG_ENTRIES + MIN(i + 1, 5U));
	}
	for (uint32_t i = 0; i < 5; i++) {
		zassert_true(rig_get(&cqe));
		zassert_equal(cqe.userdata, 100 + i);
	}
	zassert_false(rig_get(&cqe));
}

ZTEST(shm_indexes, test_a_chain_waits_for_room_for_all_of_it)
{
	struct rtio_shm_sqe e;
	struct rtio_shm_cqe cqe;

	for (uint32_t i = 0; i < RIG_ENTRIES - 1; i++) {
		e = rig_entry(RTIO_OP_NOP, i, i);
		rig_put(&e);
	}
	zassert_ok(rig_turns());
	e = rig_entry(RTIO_OP_NOP, 0, 100);
	e.flags = RTIO_SQE_CHAINED;
	rig_put(&e);
	e = rig_entry(RTIO_OP_NOP, 1, 101);
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_equal(rig_server.stats.taken, RIG_ENTRIES - 1);
	zassert_true(rig_get(&cqe));
	zassert_ok(rig_turns());
	zassert_equal(rig_server.stats.taken, RIG_ENTRIES + 1);
}

ZTEST(shm_indexes, test_a_turn_is_bounded)
{
	const uint32_t most = CONFIG_RTIO_SHM_BATCH + CONFIG_RTIO_SHM_CHAIN_MAX;
	uint32_t state = 1;

	for (uint32_t round = 0; round < 1000; round++) {
		uint32_t taken = rig_server.stats.taken;
		uint32_t completed = rig_server.stats.completed;
		struct rtio_shm_cqe cqe;

		while (rig_server.header->sq_tail - rig_server.sq_head < RIG_ENTRIES) {
			struct rtio_shm_sqe e =
				rig_entry(RTIO_OP_NOP, rig_random(&state) % RIG_ENTRIES, 1);

			rig_put(&e);
		}
		while (rig_get(&cqe)) {
		}
		rig_server.header->cancel_count += rig_random(&state);
		zassert_true(rtio_shm_turn(&rig_server) >= 0);
		zassert_true(rig_server.stats.taken - taken <= most);
		zassert_true(rig_server.stats.completed - completed <=
			     2 * CONFIG_RTIO_SHM_BATCH + most);
	}
}

ZTEST(shm_indexes, test_what_the_server_wrote_means_nothing_to_it)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_RX, 0, 1);
	struct rtio_shm_cqe cqe;
	struct rtio_shm_header *h = rig_server.header;

	e.len = 8;
	h->magic = h->version = h->entries = h->num_iodevs = 0xffffffffU;
	h->sq_offset = h->cq_offset = h->cancel_offset = h->data_offset = 0xfffffff0U;
	h->data_size = 0xffffffffU;
	h->chain_max = 0xffffffffU;
	h->server_sleeps = 77;
	h->status = 5;
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, 8);
	e.len = RIG_DATA + 1;
	h->cq_tail = 1000;
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_equal(h->cq_tail, 2);
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, -EFAULT);
	e = rig_entry(RTIO_OP_NOP, RIG_ENTRIES, 1);
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, -EINVAL);
}

ZTEST(shm_indexes, test_words_of_cancelling)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 3, 1);
	struct rtio_shm_cqe cqe;

	rig_devices[RIG_FULL].later = true;
	rig_devices[RIG_FULL].deaf = true;
	memset(rig_server.cancels, 0xff, RIG_ENTRIES * sizeof(uint32_t));
	rig_server.header->cancel_count = UINT32_MAX;
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_equal(rig_devices[RIG_FULL].asked, 0, "another generation");
	rig_server.cancels[3] = 1;
	for (uint32_t i = 0; i < 100; i++) {
		rig_server.header->cancel_count++;
		zassert_ok(rig_turns());
	}
	zassert_equal(rig_devices[RIG_FULL].asked, 1, "asked once");
	zassert_equal(rig_server.stats.cancelled, 1);
	zassert_true(sim_end(&rig_devices[RIG_FULL], 3));
	zassert_ok(rig_turns());
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, 3);
}

ZTEST(shm_indexes, test_no_devices)
{
	struct rtio_shm_config config = rig_config;
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);
	struct rtio_shm_cqe cqe;

	rig_close();
	config.iodevs = NULL;
	config.num_iodevs = 0;
	config.data_size = 0;
	zassert_ok(rtio_shm_server_open(&rig_server, &config));
	rig_put(&e);
	zassert_ok(rig_turns());
	zassert_true(rig_get(&cqe));
	zassert_equal(cqe.result, -ENODEV);
	zassert_ok(rtio_shm_server_close(&rig_server));
	rig_open(true);
}

ZTEST(shm_indexes, test_nothing_is_taken_after_the_end)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 3, 1);
	struct rtio_shm_sqe late = rig_entry(RTIO_OP_NOP, 4, 2);

	rig_devices[RIG_FULL].later = true;
	rig_devices[RIG_FULL].deaf = true;
	rig_put(&e);
	zassert_ok(rig_turns());
	rtio_shm_server_stop(&rig_server);
	zassert_ok(rig_turns());
	rig_put(&late);
	zassert_ok(rig_turns());
	zassert_equal(rig_server.stats.taken, 1);
	zassert_true(sim_end(&rig_devices[RIG_FULL], 0));
	zassert_equal(rig_turns(), -ECANCELED);
	zassert_equal(rig_server.stats.taken, 1);
}

/* What came after the last look keeps both sides awake; they would sleep for ever. */
ZTEST(shm_indexes, test_nobody_sleeps_when_there_is_something)
{
	struct rtio_shm_sqe e = rig_entry(RTIO_OP_NOP, 0, 1);
	struct rtio_shm_cqe cqe;

	zassert_ok(rig_turns());
	rig_put(&e);
	rtio_shm_nap(&rig_server);
	zassert_ok(rig_turns());
	rig_server.header->cancel_count++;
	rtio_shm_nap(&rig_server);
	zassert_ok(rtio_shm_client_nap(&rig_client, sys_timepoint_calc(K_FOREVER)));
	zassert_ok(rig_turns());

	/* No room: entries do not keep it awake, room does. */
	while (rig_server.header->sq_tail - rig_server.sq_head < RIG_ENTRIES) {
		rig_put(&e);
		zassert_ok(rig_turns());
	}
	zassert_true(rig_server.stalled);
	zassert_true(rig_get(&cqe));
	rtio_shm_nap(&rig_server);
	zassert_equal(rig_server.header->server_sleeps, 0);
	zassert_equal(rig_server.header->client_sleeps, 0);
	zassert_equal(rig_server.stats.sleeps, 0);
}
