/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests, chains, transactions, completions: one context of execution. */
#include "../support/device.h"

#include <limits.h>

#define SQ 8
#define CQ 8

RTIO_DEFINE(ctx, SQ, CQ);
RTIO_DEFINE(small_cq, SQ, 2);

static struct device_sim dev;
static struct device_sim other;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
	device_init(&other);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&ctx);
	expect_home(&small_cq);
}

ZTEST_SUITE(rtio_queues, NULL, NULL, before, after, NULL);

ZTEST(rtio_queues, test_one)
{
	(void)device_nop(&ctx, &dev, 1, 0);
	zassert_equal(dev.started, 0, "nothing starts before it is submitted");
	zassert_ok(rtio_submit(&ctx, 1));
	expect_cqe(&ctx, 1, 0);
	expect_no_cqe(&ctx);
}

ZTEST(rtio_queues, test_all_prepared_forms)
{
	static const uint8_t bytes[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	uint8_t rx[4];
	struct rtio_sqe sqe;

	memset(&sqe, 0xff, sizeof(sqe));
	rtio_sqe_prep_nop(&sqe, &dev.iodev, &rx);
	zassert_true(sqe.op == RTIO_OP_NOP && sqe.iodev == &dev.iodev && sqe.userdata == &rx);
	zassert_true(sqe.flags == 0 && sqe.iodev_flags == 0, "recycled requests are clean");
	memset(&sqe, 0xff, sizeof(sqe));
	rtio_sqe_prep_read(&sqe, &dev.iodev, (int8_t)RTIO_PRIO_HIGH, rx, 4, NULL);
	zassert_true(sqe.op == RTIO_OP_RX && sqe.prio == RTIO_PRIO_HIGH && sqe.rx.buf == rx &&
		     sqe.rx.buf_len == 4 && sqe.flags == 0);
	rtio_sqe_prep_write(&sqe, &dev.iodev, RTIO_PRIO_NORM, bytes, 9, NULL);
	zassert_true(sqe.op == RTIO_OP_TX && sqe.prio == 127 && sqe.tx.buf == bytes &&
		     sqe.tx.buf_len == 9 && sqe.flags == 0);
	rtio_sqe_prep_tiny_write(&sqe, &dev.iodev, 0, bytes, 7, NULL);
	zassert_true(sqe.op == RTIO_OP_TINY_TX && sqe.tiny_tx.buf_len == 7);
	zassert_mem_equal(sqe.tiny_tx.buf, bytes, 7);
	rtio_sqe_prep_transceive(&sqe, &dev.iodev, 0, bytes, rx, 4, NULL);
	zassert_true(sqe.op == RTIO_OP_TXRX && sqe.txrx.tx_buf == bytes && sqe.txrx.rx_buf == rx &&
		     sqe.txrx.buf_len == 4);
	rtio_sqe_prep_read_with_pool(&sqe, &dev.iodev, 0, NULL);
	zassert_true(sqe.flags == RTIO_SQE_MEMPOOL_BUFFER && sqe.rx.buf == NULL);
	rtio_sqe_prep_read_multishot(&sqe, &dev.iodev, 0, NULL);
	zassert_equal(sqe.flags, RTIO_SQE_MEMPOOL_BUFFER | RTIO_SQE_MULTISHOT);
	rtio_sqe_prep_i2c_configure(&sqe, &dev.iodev, 0, 5, NULL);
	zassert_true(sqe.op == RTIO_OP_I2C_CONFIGURE && sqe.i2c_config == 5 && sqe.flags == 0);
	rtio_sqe_prep_i2c_recover(&sqe, &dev.iodev, 0, NULL);
	zassert_equal(sqe.op, RTIO_OP_I2C_RECOVER);
	rtio_sqe_prep_await_iodev(&sqe, &dev.iodev, 0, NULL);
	zassert_true(sqe.op == RTIO_OP_AWAIT && sqe.iodev == &dev.iodev && sqe.await.ok == 0);
	rtio_sqe_prep_await_executor(&sqe, 0, NULL);
	zassert_is_null(sqe.iodev);
	memset(&sqe, 0xff, sizeof(sqe));
	rtio_sqe_prep_cmd(&sqe, &dev.iodev, RTIO_PRIO_NORM, rx, 4, NULL);
	zassert_true(sqe.op == RTIO_OP_CMD && sqe.prio == 127 && sqe.cmd.buf == rx &&
		     sqe.cmd.len == 4 && sqe.flags == 0 && sqe.iodev_flags == 0);
#ifdef CONFIG_RTIO_DEADLINE
	memset(&sqe, 0xff, sizeof(sqe));
	rtio_sqe_prep_delay(&sqe, K_TICKS(7), &rx);
	zassert_true(sqe.op == RTIO_OP_DELAY && sqe.iodev == NULL && sqe.userdata == &rx &&
		     sqe.flags == 0 && sqe.delay.timeout.ticks == 7);
#endif
}

ZTEST(rtio_queues, test_acquire_until_empty)
{
	struct rtio_sqe *sqes[SQ];

	for (uint32_t i = 0; i < SQ; i++) {
		zassert_equal(rtio_sqe_acquirable(&ctx), SQ - i);
		(void)device_nop(&ctx, &dev, i, 0);
	}
	zassert_is_null(rtio_sqe_acquire(&ctx));
	zassert_equal(rtio_sqe_acquire_array(&ctx, 1, sqes), -ENOMEM);
	rtio_sqe_drop_all(&ctx);
	zassert_equal(rtio_sqe_acquirable(&ctx), SQ);
	zassert_equal(rtio_sqe_acquire_array(&ctx, SQ + 1, sqes), -ENOMEM);
	zassert_equal(rtio_sqe_acquirable(&ctx), SQ);
	zassert_ok(rtio_sqe_acquire_array(&ctx, SQ, sqes));
	for (uintptr_t i = 0; i < SQ; i++) {
		rtio_sqe_prep_nop(sqes[i], &dev.iodev, UINT_TO_POINTER(i));
	}
	zassert_ok(rtio_submit(&ctx, SQ));
	for (uintptr_t i = 0; i < SQ; i++) {
		expect_cqe(&ctx, i, 0);
	}
}

/* An entry that is used again has nothing of the request that it was. */
ZTEST(rtio_queues, test_recycled_entries_are_clean)
{
	for (int kind = 0; kind < 3; kind++) {
		static const uint16_t flags[3] = {RTIO_SQE_CHAINED, RTIO_SQE_TRANSACTION,
						  RTIO_SQE_NO_RESPONSE};
		struct rtio_sqe *sqes[SQ];

		for (uintptr_t i = 0; i < SQ; i++) {
			(void)device_nop(&ctx, &dev, i, i < SQ - 1 ? flags[kind] : 0);
		}
		zassert_ok(rtio_submit(&ctx, 0));
		zassert_ok(rtio_flush_completion_queue(&ctx));
		zassert_ok(rtio_sqe_acquire_array(&ctx, SQ, sqes));
		for (uintptr_t i = 0; i < SQ; i++) {
			rtio_sqe_prep_nop(sqes[i], &dev.iodev, UINT_TO_POINTER(i));
			zassert_equal(sqes[i]->flags, 0);
		}
		dev.fail_at = dev.started + 1;
		zassert_ok(rtio_submit(&ctx, SQ));
		for (uintptr_t i = 0; i < SQ; i++) {
			expect_cqe(&ctx, i, i == 0 ? -EIO : 0);
		}
	}
}

ZTEST(rtio_queues, test_copy_in_is_all_or_nothing)
{
	struct rtio_sqe sqes[SQ];

	for (uintptr_t i = 0; i < SQ; i++) {
		rtio_sqe_prep_nop(&sqes[i], &dev.iodev, UINT_TO_POINTER(i));
	}
	(void)device_nop(&ctx, &dev, 99, 0);
	zassert_equal(rtio_sqe_copy_in(&ctx, sqes, SQ), -ENOMEM);
	zassert_equal(rtio_sqe_acquirable(&ctx), SQ - 1);
	zassert_ok(rtio_sqe_copy_in(&ctx, sqes, SQ - 1));
	zassert_ok(rtio_sqe_copy_in(&ctx, sqes, 0));
	zassert_ok(rtio_submit(&ctx, SQ));
	expect_cqe(&ctx, 99, 0);
	for (uintptr_t i = 0; i < SQ - 1; i++) {
		expect_cqe(&ctx, i, 0);
	}
}

ZTEST(rtio_queues, test_chain_in_order_over_two_devices)
{
	dev.later = true;
	for (uintptr_t i = 0; i < 4; i++) {
		(void)device_nop(&ctx, i % 2 == 0 ? &dev : &other, i, i < 3 ? RTIO_SQE_CHAINED : 0);
	}
	(void)device_nop(&ctx, &other, 9, 0);
	zassert_ok(rtio_submit(&ctx, 0));
	expect_cqe(&ctx, 9, 0);
	expect_no_cqe(&ctx);
	zassert_true(device_end(&dev, 5));
	expect_cqe(&ctx, 0, 5);
	expect_cqe(&ctx, 1, 0);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&ctx, 2, 0);
	expect_cqe(&ctx, 3, 0);
}

/* Whichever member fails, at once or later: those behind it are never begun and answer in order. */
ZTEST(rtio_queues, test_chain_fails)
{
	for (uint32_t later = 0; later < 2; later++) {
		for (uintptr_t failing = 0; failing < 4; failing++) {
			device_init(&dev);
			dev.later = later != 0;
			dev.fail_at = (uint32_t)failing + 1;
			for (uintptr_t i = 0; i < 4; i++) {
				(void)device_nop(&ctx, &dev, i, i < 3 ? RTIO_SQE_CHAINED : 0);
			}
			zassert_ok(rtio_submit(&ctx, 0));
			for (uintptr_t i = 0; i <= failing && later != 0; i++) {
				zassert_true(device_end(&dev, i == failing ? -EIO : 0));
			}
			zassert_equal(dev.started, failing + 1);
			for (uintptr_t i = 0; i < 4; i++) {
				expect_cqe(&ctx, i,
					   i < failing    ? 0
					   : i == failing ? -EIO
							  : -ECANCELED);
			}
		}
	}
}

ZTEST(rtio_queues, test_transactions)
{
	dev.later = true;
	for (uintptr_t i = 0; i < 4; i++) {
		(void)device_nop(&ctx, &dev, i, i % 2 == 0 ? RTIO_SQE_TRANSACTION : 0);
	}
	zassert_ok(rtio_submit(&ctx, 0));
	zassert_equal(dev.started, 2, "one call of the device for each");
	zassert_equal_ptr(rtio_txn_next(dev.held[0]), rtio_iodev_sqe_next(dev.held[0]));
	zassert_is_null(rtio_txn_next(rtio_txn_next(dev.held[0])));
	zassert_is_null(rtio_chain_next(dev.held[0]));
	zassert_true(device_end(&dev, 3));
	zassert_true(device_end(&dev, -EIO));
	expect_cqe(&ctx, 0, 3);
	expect_cqe(&ctx, 1, 3);
	expect_cqe(&ctx, 2, -EIO);
	expect_cqe(&ctx, 3, -ECANCELED);
}

/* A transaction as a member of a chain. */
ZTEST(rtio_queues, test_transaction_in_chain)
{
	static const uint16_t flags[5] = {RTIO_SQE_CHAINED, RTIO_SQE_TRANSACTION, RTIO_SQE_CHAINED,
					  RTIO_SQE_CHAINED, 0};

	for (uint32_t failing = 0; failing <= 4; failing++) {
		device_init(&dev);
		dev.fail_at = failing;
		for (uintptr_t i = 0; i < 5; i++) {
			(void)device_nop(&ctx, &dev, i, flags[i]);
		}
		zassert_ok(rtio_submit(&ctx, 5));
		zassert_equal(dev.started, failing == 0 ? 4 : failing);
		for (uintptr_t i = 0; i < 5; i++) {
			uint32_t number = i == 0 ? 1 : i <= 2 ? 2 : (uint32_t)i;
			int result = failing == 0 || number < failing ? 0
				     : number == failing && i != 2    ? -EIO
								      : -ECANCELED;

			expect_cqe(&ctx, i, result);
		}
	}
}

ZTEST(rtio_queues, test_no_response)
{
	dev.fail_at = 2;
	(void)device_nop(&ctx, &dev, 1, RTIO_SQE_NO_RESPONSE);
	(void)device_nop(&ctx, &dev, 2, RTIO_SQE_NO_RESPONSE | RTIO_SQE_CHAINED);
	(void)device_nop(&ctx, &dev, 3, 0);
	zassert_ok(rtio_submit(&ctx, 1));
	expect_cqe(&ctx, 3, -ECANCELED);
	expect_no_cqe(&ctx);
}

/* The executor knows callbacks, delays and waiting, and refuses the rest. */
ZTEST(rtio_queues, test_no_iodev)
{
	rtio_sqe_prep_nop(rtio_sqe_acquire(&ctx), NULL, NULL);
	zassert_ok(rtio_submit(&ctx, 1));
	expect_cqe(&ctx, 0, -EINVAL);
}

static int callback_results[4];
static uint32_t callbacks;

static void on_callback(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(sqe);
	zassert_equal_ptr(r, &ctx);
	zassert_equal_ptr(arg0, &dev);
	callback_results[callbacks++] = res;
	/* Any call may be made from here. */
	(void)device_nop(&ctx, &other, 77, 0);
	zassert_ok(rtio_submit(&ctx, 0));
	expect_cqe(&ctx, 77, 0);
}

ZTEST(rtio_queues, test_callbacks_get_results)
{
	struct rtio_sqe *sqe;

	callbacks = 0;
	(void)device_nop(&ctx, &dev, 1, RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE);
	dev.result = 42;
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_callback_no_cqe(sqe, on_callback, &dev, NULL);
	zassert_ok(rtio_submit(&ctx, 0));
	zassert_true(callbacks == 1 && callback_results[0] == 42);

	/* Both run behind a failure, and see it. */
	callbacks = 0;
	dev.result = -EIO;
	(void)device_nop(&ctx, &dev, 1, RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE);
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_callback_no_cqe(sqe, on_callback, &dev, NULL);
	sqe->flags |= RTIO_SQE_CHAINED;
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_callback(sqe, on_callback, &dev, UINT_TO_POINTER(5));
	zassert_ok(rtio_submit(&ctx, 1));
	zassert_true(callbacks == 2 && callback_results[0] == -EIO && callback_results[1] == -EIO);
	expect_cqe(&ctx, 5, -ECANCELED);
}

/* A chain of any length that ends at once is a loop. */
ZTEST(rtio_queues, test_synchronous_chain_uses_bounded_stack)
{
	for (uintptr_t i = 0; i < SQ; i++) {
		(void)device_nop(&ctx, &dev, i, i < SQ - 1 ? RTIO_SQE_CHAINED : 0);
	}
	zassert_ok(rtio_submit(&ctx, SQ));
	zassert_equal(dev.deepest, 1);
	for (uintptr_t i = 0; i < SQ; i++) {
		expect_cqe(&ctx, i, 0);
	}
}

ZTEST(rtio_queues, test_lost_completions_are_counted)
{
	unsigned long lost = (unsigned long)small_cq.xcqcnt;

	for (uintptr_t i = 0; i < 5; i++) {
		(void)device_nop(&small_cq, &dev, i, 0);
	}
	/* Returns although not all of them leave a completion. */
	zassert_ok(rtio_submit(&small_cq, 5));
	zassert_equal((unsigned long)small_cq.xcqcnt - lost, 3);
	zassert_equal(rtio_sqe_acquirable(&small_cq), SQ, "lost or not, the request has ended");
	expect_cqe(&small_cq, 0, 0);
	expect_cqe(&small_cq, 1, 0);
	expect_no_cqe(&small_cq);
}

ZTEST(rtio_queues, test_counters_wrap)
{
	static const unsigned long starts[2] = {ULONG_MAX - 3, (unsigned long)LONG_MAX - 3};

	for (int start = 0; start < 2; start++) {
		ctx.cq_count = (atomic_t)starts[start];
		for (uintptr_t i = 0; i < SQ; i++) {
			(void)device_nop(&ctx, &dev, i, 0);
			zassert_ok(rtio_submit(&ctx, 1));
			expect_cqe(&ctx, i, 0);
		}
		zassert_equal((unsigned long)ctx.cq_count, starts[start] + SQ);
	}
	/* Nor is a count too soon beyond a wrap. */
	ctx.cq_count = (atomic_t)(ULONG_MAX - 1);
	dev.later = true;
	(void)device_nop(&ctx, &dev, 0, 0);
	(void)device_nop(&ctx, &dev, 1, 0);
	zassert_equal(rtio_submit_timeout(&ctx, 2, K_TICKS(1)), -EAGAIN);
	zassert_true(device_end(&dev, 0) && device_end(&dev, 0));
	expect_cqe(&ctx, 0, 0);
	expect_cqe(&ctx, 1, 0);
	ctx.cq_count = 5;
	(void)device_nop(&ctx, &dev, 0, 0);
	zassert_equal(rtio_submit_timeout(&ctx, 1, K_TICKS(1)), -EAGAIN);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&ctx, 0, 0);
	dev.later = false;
	/* What ended before the call does not count: this one waits in vain. */
	(void)device_nop(&ctx, &dev, 1, 0);
	zassert_ok(rtio_submit(&ctx, 0));
	zassert_equal(rtio_submit_timeout(&ctx, 1, K_TICKS(1)), -EAGAIN);
	expect_cqe(&ctx, 1, 0);
}

ZTEST(rtio_queues, test_completions_by_hand)
{
	struct rtio_cqe *a = rtio_cqe_acquire(&small_cq);
	struct rtio_cqe *b = rtio_cqe_acquire(&small_cq);

	zassert_true(a != NULL && b != NULL && a != b);
	zassert_is_null(rtio_cqe_acquire(&small_cq));
	a->result = 1;
	a->userdata = UINT_TO_POINTER(1);
	rtio_cqe_produce(&small_cq, a);
	rtio_cqe_release(&small_cq, b);
	rtio_cqe_release(&small_cq, NULL);
	rtio_cqe_submit(&small_cq, -EIO, UINT_TO_POINTER(2), 0);
	expect_cqe(&small_cq, 1, 1);
	expect_cqe(&small_cq, 2, -EIO);
}

ZTEST(rtio_queues, test_copy_out_and_flush)
{
	struct rtio_cqe cqes[4];

	dev.fail_at = 2;
	for (uintptr_t i = 0; i < 5; i++) {
		(void)device_nop(&ctx, &dev, i, 0);
	}
	zassert_ok(rtio_submit(&ctx, 5));
	zassert_equal(rtio_cqe_copy_out(&ctx, cqes, 4, K_NO_WAIT), 4);
	zassert_true(cqes[1].result == -EIO && POINTER_TO_UINT(cqes[3].userdata) == 3);
	zassert_equal(rtio_cqe_copy_out(&ctx, cqes, 4, K_TICKS(1)), 1, "what came until then");
	zassert_equal(rtio_cqe_copy_out(&ctx, cqes, 4, K_NO_WAIT), 0);
	zassert_ok(rtio_flush_completion_queue(&ctx));
	dev.fail_at = 7;
	for (uintptr_t i = 0; i < 3; i++) {
		(void)device_nop(&ctx, &dev, i, 0);
	}
	zassert_ok(rtio_submit(&ctx, 3));
	zassert_equal(rtio_flush_completion_queue(&ctx), -EIO);
	zassert_is_null(rtio_cqe_consume_timeout(&ctx, K_TICKS(1)));
	zassert_is_null(rtio_cqe_consume_timeout(&ctx, K_NO_WAIT));
}

ZTEST(rtio_queues, test_more_than_one_group)
{
	static struct rtio_iodev_sqe entries[50];
	static struct rtio_cqe completions[50];
	static struct rtio big = Z_RTIO_CONTEXT(NULL, NULL, entries, 50, completions, 50);

	for (uintptr_t i = 0; i < 50; i++) {
		/* Plain ones, with a chain of two in between here and there. */
		(void)device_nop(&big, &dev, i, i % 20 == 17 ? RTIO_SQE_CHAINED : 0);
	}
	zassert_ok(rtio_submit(&big, 50));
	for (uintptr_t i = 0; i < 50; i++) {
		expect_cqe(&big, i, 0);
	}
	expect_home(&big);
}

RTIO_POOL_DEFINE(pool, 2, 4, 4);

ZTEST(rtio_queues, test_pool_of_contexts)
{
	struct rtio *a = rtio_pool_acquire(&pool);
	struct rtio *b = rtio_pool_acquire(&pool);

	zassert_true(a != NULL && b != NULL && a != b);
	zassert_is_null(rtio_pool_acquire(&pool));
	dev.later = true;
	(void)device_nop(a, &dev, 1, 0);
	zassert_ok(rtio_submit(a, 0));
	(void)device_nop(a, &dev, 2, 0);
	rtio_cqe_submit(a, 0, NULL, 0);
	rtio_pool_release(&pool, a);
	zassert_is_null(rtio_pool_acquire(&pool), "something of it is under way");
	zassert_true(device_end(&dev, 0));
	zassert_equal_ptr(rtio_pool_acquire(&pool), a);
	expect_home(a);
	rtio_pool_release(&pool, a);
	rtio_pool_release(&pool, b);
}
