/* SPDX-License-Identifier: Apache-2.0 */
/** @file What a client that keeps to the rules can have done, and how it is answered. */
#include "../support/rig.h"

ZTEST_SUITE(shm_requests, NULL, NULL, rig_before, rig_after, NULL);

static struct rtio_shm_sqe *acquire(void)
{
	struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(&rig_client);

	zassert_not_null(sqe);
	return sqe;
}

static rtio_shm_handle_t nop(uint32_t iodev, uint64_t userdata, uint16_t flags)
{
	struct rtio_shm_sqe *sqe = acquire();

	rtio_shm_sqe_prep_nop(sqe, iodev, userdata);
	sqe->flags |= flags;
	return rtio_shm_sqe_handle(sqe);
}

ZTEST(shm_requests, test_a_write_and_a_read)
{
	uint8_t *data = rtio_shm_data(&rig_client);
	struct rtio_shm_sqe *sqe = acquire();

	zassert_equal(rtio_shm_data_size(&rig_client), RIG_DATA);
	memcpy(data + 100, "over there", sizeof("over there"));
	rtio_shm_sqe_prep_write(sqe, RIG_FULL, RTIO_PRIO_HIGH, 100, 10, 1);
	sqe->iodev_flags = RTIO_IODEV_I2C_STOP;
	rtio_shm_sqe_prep_read(acquire(), RIG_FULL, RTIO_PRIO_LOW, RIG_DATA - 10, 10, 2);
	zassert_equal(rtio_shm_submit(&rig_client), 2);
	zassert_true(rtio_shm_turn(&rig_server) >= 0);
	rig_expect(1, 10);
	rig_expect(2, 10);
	rig_expect_none();
	zassert_mem_equal(data + RIG_DATA - 10, "over there", 10);
}

ZTEST(shm_requests, test_what_arrives_is_what_was_asked_for)
{
	const struct sim *dev = &rig_devices[RIG_OTHER];
	struct rtio_shm_sqe *sqe = acquire();

	rtio_shm_sqe_prep_tiny_write(sqe, RIG_OTHER, RTIO_PRIO_HIGH, (const uint8_t *)"command", 7,
				     1);
	sqe->iodev_flags = RTIO_IODEV_I2C_RESTART;
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, 7);
	zassert_equal(dev->tiny_len, 7);
	zassert_mem_equal(dev->store, "command", 7);
	zassert_equal(dev->prio, RTIO_PRIO_HIGH);
	zassert_equal(dev->iodev_flags, RTIO_IODEV_I2C_RESTART);

	sqe = acquire();
	rtio_shm_sqe_prep(sqe, RTIO_OP_I2C_CONFIGURE, RIG_OTHER, RTIO_PRIO_NORM, 2);
	sqe->arg.i2c_config = 0xfedcba98;
	rtio_shm_sqe_prep(acquire(), RTIO_OP_I2C_RECOVER, RIG_OTHER, RTIO_PRIO_NORM, 3);
	rtio_shm_sqe_prep_transceive(acquire(), RIG_OTHER, RTIO_PRIO_LOW, 0, 4096, 100, 4);
	memset(rtio_shm_data(&rig_client), 0x5a, 100);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(2, 0);
	rig_expect(3, 0);
	rig_expect(4, 100);
	zassert_equal(dev->config, 0xfedcba98);
	zassert_equal(rtio_shm_data(&rig_client)[4096 + 99], 0x5a);
}

ZTEST(shm_requests, test_empty_buffers_at_the_end_are_inside)
{
	rtio_shm_sqe_prep_write(acquire(), RIG_FULL, RTIO_PRIO_LOW, RIG_DATA, 0, 1);
	rtio_shm_sqe_prep_read(acquire(), RIG_FULL, RTIO_PRIO_LOW, 0, RIG_DATA, 2);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, 0);
	rig_expect(2, (int)RIG_DATA);
}

ZTEST(shm_requests, test_a_chain_goes_one_after_the_other)
{
	rig_devices[RIG_FULL].later = true;
	(void)nop(RIG_FULL, 1, RTIO_SQE_CHAINED);
	(void)nop(RIG_OTHER, 2, RTIO_SQE_CHAINED);
	(void)nop(RIG_FULL, 3, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_equal(rig_devices[RIG_OTHER].started, 0);
	zassert_true(sim_end(&rig_devices[RIG_FULL], 11));
	(void)rig_turns();
	rig_expect(1, 11);
	rig_expect(2, 0);
	rig_expect_none();
	zassert_true(sim_end(&rig_devices[RIG_FULL], 13));
	(void)rig_turns();
	rig_expect(3, 13);
}

ZTEST(shm_requests, test_a_failure_fails_the_rest_of_the_chain)
{
	rig_devices[RIG_FULL].later = true;
	(void)nop(RIG_FULL, 1, RTIO_SQE_CHAINED);
	(void)nop(RIG_OTHER, 2, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_true(sim_end(&rig_devices[RIG_FULL], -EIO));
	(void)rig_turns();
	rig_expect(1, -EIO);
	rig_expect(2, -ECANCELED);
	zassert_equal(rig_devices[RIG_OTHER].started, 0);
}

ZTEST(shm_requests, test_a_transaction_is_one_call)
{
	(void)nop(RIG_FULL, 1, RTIO_SQE_TRANSACTION);
	(void)nop(RIG_FULL, 2, RTIO_SQE_TRANSACTION);
	(void)nop(RIG_FULL, 3, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, 0);
	rig_expect(2, 0);
	rig_expect(3, 0);
	zassert_equal(rig_devices[RIG_FULL].started, 1);
	zassert_equal(rig_devices[RIG_FULL].members, 3);
}

ZTEST(shm_requests, test_the_longest_chain)
{
	const uint32_t n = MIN(RIG_ENTRIES, CONFIG_RTIO_SHM_CHAIN_MAX);

	for (uint32_t i = 0; i < n; i++) {
		(void)nop(RIG_FULL, i, i + 1 < n ? RTIO_SQE_CHAINED : 0);
	}
	zassert_equal(rtio_shm_submit(&rig_client), (int)n);
	(void)rig_turns();
	for (uint32_t i = 0; i < n; i++) {
		rig_expect(i, 0);
	}
}

ZTEST(shm_requests, test_as_many_as_there_are_entries)
{
	for (uint32_t round = 0; round < 5; round++) {
		for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
			(void)nop(RIG_FULL, i, 0);
		}
		zassert_is_null(rtio_shm_sqe_acquire(&rig_client));
		zassert_equal(rtio_shm_submit(&rig_client), (int)RIG_ENTRIES);
		(void)rig_turns();
		/* All have ended, and none has been consumed. */
		zassert_is_null(rtio_shm_sqe_acquire(&rig_client));
		for (uint32_t i = 0; i < RIG_ENTRIES; i++) {
			rig_expect(i, 0);
		}
	}
	zassert_equal(rig_server.stats.stalls, 0);
	zassert_equal(rig_server.stats.taken, 5 * RIG_ENTRIES);
}

ZTEST(shm_requests, test_dropped_requests_never_were)
{
	(void)nop(RIG_FULL, 1, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)nop(RIG_FULL, 2, 0);
	(void)nop(RIG_FULL, 3, 0);
	rtio_shm_sqe_drop_all(&rig_client);
	(void)nop(RIG_FULL, 4, 0);
	zassert_equal(rtio_shm_submit(&rig_client), 1);
	zassert_equal(rtio_shm_submit(&rig_client), 0);
	(void)rig_turns();
	rig_expect(1, 0);
	rig_expect(4, 0);
	rig_expect_none();
}

ZTEST(shm_requests, test_an_unfinished_chain_is_not_submitted)
{
	(void)nop(RIG_FULL, 1, RTIO_SQE_CHAINED);
	zassert_equal(rtio_shm_submit(&rig_client), -EINVAL);
	(void)nop(RIG_FULL, 2, 0);
	zassert_equal(rtio_shm_submit(&rig_client), 2);
	(void)rig_turns();
	rig_expect(1, 0);
	rig_expect(2, 0);
}

ZTEST(shm_requests, test_indexes_wrap)
{
	struct rtio_shm_header *h = rig_server.header;
	const uint32_t near = UINT32_MAX - 5;

	rig_server.sq_head = rig_server.sq_tail = h->sq_tail = near;
	rig_client.acquired = rig_client.submitted = near;
	rig_server.cq_head = rig_server.cq_tail = rig_server.cq_published = near;
	h->cq_head = h->cq_tail = rig_client.cq_head = near;
	for (uint32_t i = 0; i < 5 * RIG_ENTRIES; i++) {
		(void)nop(RIG_FULL, i, RTIO_SQE_CHAINED);
		(void)nop(RIG_FULL, 1000 + i, 0);
		zassert_equal(rtio_shm_submit(&rig_client), 2);
		zassert_ok(rig_turns());
		rig_expect(i, 0);
		rig_expect(1000 + i, 0);
	}
}

ZTEST(shm_requests, test_names_are_never_0)
{
	rig_client.tags[rig_client.free_tag].generation = UINT32_MAX;
	zassert_equal(nop(RIG_FULL, 1, 0) >> 32, 1);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, 0);
}

/* ---- cancelling ------------------------------------------------------------------------------ */

ZTEST(shm_requests, test_cancel_what_runs)
{
	rtio_shm_handle_t handle;

	rig_devices[RIG_FULL].later = true;
	handle = nop(RIG_FULL, 1, RTIO_SQE_CHAINED);
	(void)nop(RIG_OTHER, 2, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_ok(rtio_shm_cancel(&rig_client, handle));
	zassert_equal(rtio_shm_cancel(&rig_client, handle), -EALREADY);
	(void)rig_turns();
	rig_expect(1, -ECANCELED);
	rig_expect(2, -ECANCELED);
	zassert_equal(rig_devices[RIG_FULL].asked, 1);
	zassert_equal(rtio_shm_cancel(&rig_client, handle), -ENOENT);
}

ZTEST(shm_requests, test_cancel_what_the_server_has_not_seen)
{
	rtio_shm_handle_t handle;

	rig_devices[RIG_FULL].later = true;
	(void)nop(RIG_FULL, 1, 0);
	handle = nop(RIG_FULL, 2, 0);
	(void)rtio_shm_submit(&rig_client);
	zassert_ok(rtio_shm_cancel(&rig_client, handle));
	(void)rig_turns();
	rig_expect(2, -ECANCELED);
	rig_expect_none();
	zassert_true(sim_end(&rig_devices[RIG_FULL], 5));
	(void)rig_turns();
	rig_expect(1, 5);
}

ZTEST(shm_requests, test_cancel_before_submitting)
{
	rtio_shm_handle_t handle;

	rig_devices[RIG_FULL].later = true;
	handle = nop(RIG_FULL, 1, 0);
	zassert_ok(rtio_shm_cancel(&rig_client, handle));
	(void)rig_turns();
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, -ECANCELED);
}

ZTEST(shm_requests, test_cancel_names_one_request)
{
	rtio_shm_handle_t first = nop(RIG_FULL, 1, 0);
	rtio_shm_handle_t second;

	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, 0);
	rig_devices[RIG_FULL].later = true;
	second = nop(RIG_FULL, 2, 0);
	zassert_equal((uint32_t)first, (uint32_t)second, "the test wants a tag to come again");
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_equal(rtio_shm_cancel(&rig_client, first), -ENOENT);
	zassert_equal(rtio_shm_cancel(&rig_client, 0), -ENOENT);
	zassert_equal(rtio_shm_cancel(&rig_client, UINT64_MAX), -ENOENT);
	/* By the word alone, too. */
	rig_server.cancels[(uint32_t)first] = (uint32_t)(first >> 32);
	rig_server.header->cancel_count++;
	(void)rig_turns();
	rig_expect_none();
	zassert_equal(rig_devices[RIG_FULL].asked, 0);
}

ZTEST(shm_requests, test_cancel_a_deaf_device)
{
	rtio_shm_handle_t handle;

	rig_devices[RIG_FULL].later = true;
	rig_devices[RIG_FULL].deaf = true;
	handle = nop(RIG_FULL, 1, 0);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_ok(rtio_shm_cancel(&rig_client, handle));
	(void)rig_turns();
	rig_expect_none();
	zassert_true(sim_end(&rig_devices[RIG_FULL], 7));
	(void)rig_turns();
	rig_expect(1, 7);
}

/* ---- time ------------------------------------------------------------------------------------ */

#ifdef CONFIG_RTIO_DEADLINE

/* Turns until @p n completions are there. */
static void turns_until(uint32_t n)
{
	while (rig_server.stats.completed < n) {
		zassert_true(rtio_shm_turn(&rig_server) >= 0);
		k_sleep(K_USEC(100));
	}
}

ZTEST(shm_requests, test_deadlines_pass_through)
{
	struct rtio_shm_sqe *sqe = acquire();

	rig_devices[RIG_FULL].later = true;
	rtio_shm_sqe_prep_nop(sqe, RIG_FULL, 1);
	rtio_shm_sqe_set_deadline(sqe, 3000);
	sqe->flags |= RTIO_SQE_CHAINED;
	(void)nop(RIG_OTHER, 2, 0);
	(void)rtio_shm_submit(&rig_client);
	turns_until(2);
	rig_expect(1, -ETIMEDOUT);
	rig_expect(2, -ECANCELED);
	zassert_equal(rig_devices[RIG_OTHER].started, 0);
}

ZTEST(shm_requests, test_delays_pass_through)
{
	int64_t begin = k_uptime_ticks();
	struct rtio_shm_sqe *sqe = acquire();

	rtio_shm_sqe_prep_delay(sqe, 3000, 1);
	sqe->flags |= RTIO_SQE_CHAINED;
	(void)nop(RIG_FULL, 2, 0);
	(void)rtio_shm_submit(&rig_client);
	turns_until(2);
	zassert_true(k_uptime_ticks() - begin >= (int64_t)k_us_to_ticks_floor64(3000));
	rig_expect(1, 0);
	rig_expect(2, 0);
}

ZTEST(shm_requests, test_the_longest_delay_is_cancelled)
{
	struct rtio_shm_sqe *sqe = acquire();
	rtio_shm_handle_t handle = rtio_shm_sqe_handle(sqe);

	rtio_shm_sqe_prep_delay(sqe, RTIO_SHM_TIMEOUT_MAX_US, 1);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect_none();
	zassert_ok(rtio_shm_cancel(&rig_client, handle));
	(void)rig_turns();
	rig_expect(1, -ECANCELED);
}

#else

ZTEST(shm_requests, test_no_deadlines_here)
{
	struct rtio_shm_sqe *sqe = acquire();

	rtio_shm_sqe_prep_nop(sqe, RIG_FULL, 1);
	rtio_shm_sqe_set_deadline(sqe, 3000);
	rtio_shm_sqe_prep_delay(acquire(), 1, 2);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	rig_expect(1, -ENOTSUP);
	rig_expect(2, -ENOTSUP);
}

#endif
