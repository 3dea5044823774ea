/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests that are cancelled while they wait, while their bytes move, while nothing moves. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_bus_cancel, NULL, NULL, bench_before, bench_after, NULL);

static uint8_t bytes[4];
static const uint8_t reg = IMU_REG_ID;

/* The bus is as it should be between requests, and works. */
static void expect_works(void)
{
	expect_no_cqe(&bench_rtio);
	zassert_is_null(bench.i2c->head);
	zassert_is_null(bench.i2c->open);
	bytes[0] = 0;
	zassert_equal(bench_get(bench.i2c_imu, IMU_REG_ID, bytes, 1), 1);
	zassert_equal(bytes[0], IMU_ID);
}

/* Hangs in every position, and is cancelled; what waits behind it is done. */
ZTEST(rtio_bus_cancel, test_hanging)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		for (uint32_t at = 1; at <= 4; at++) {
			rtio_sqe_handle_t handle;

			bench_begin(way);
			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_HANG, at);
			handle = rtio_sqe_handle(
				bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_TRANSACTION));
			(void)bench_read(bench.i2c_imu, bytes, 1, 0);
			bench_read(bench.i2c_imu, bytes, 2, 0)->userdata = &bytes;
			zassert_ok(rtio_submit(&bench_rtio, 0));
			bench_until_fault(bench.i2c);
			expect_no_cqe(&bench_rtio);
			zassert_ok(rtio_cancel(&bench_rtio, handle));
			expect_cqe(&bench_rtio, 0, -ECANCELED);
			expect_cqe(&bench_rtio, 0, -ECANCELED);
			zassert_equal(rtio_cancel(&bench_rtio, handle), -ENOENT);
			zassert_equal(bench_go(1), 2);
			expect_works();
		}
	}
}

/* Cancelled before any of it has moved, by masking interrupts where they serve the bus. */
ZTEST(rtio_bus_cancel, test_waiting)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		for (uint32_t which = 0; which < 3; which++) {
			rtio_sqe_handle_t handles[3];
			unsigned int key;

			bench_begin(way);
			key = irq_lock();
			for (uintptr_t i = 0; i < 3; i++) {
				struct rtio_sqe *sqe = bench_read(bench.i2c_imu, bytes, 4, 0);

				sqe->userdata = UINT_TO_POINTER(i);
				handles[i] = rtio_sqe_handle(sqe);
			}
			zassert_ok(rtio_submit(&bench_rtio, 0));
			zassert_ok(rtio_cancel(&bench_rtio, handles[which]));
			expect_cqe(&bench_rtio, which, -ECANCELED);
			irq_unlock(key);
			for (uintptr_t i = 0; i < 3; i++) {
				struct rtio_cqe *cqe;

				if (i == which) {
					continue;
				}
				cqe = rtio_cqe_consume_block(&bench_rtio);
				zassert_equal(POINTER_TO_UINT(cqe->userdata), i);
				zassert_equal(cqe->result, 4);
				rtio_cqe_release(&bench_rtio, cqe);
			}
			expect_works();
		}
	}
}

/* All at once. */
ZTEST(rtio_bus_cancel, test_all)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_HANG, 1);
		for (int i = 0; i < 8; i++) {
			(void)bench_read(bench.i2c_imu, bytes, 4, i == 2 ? RTIO_SQE_CHAINED : 0);
		}
		zassert_ok(rtio_submit(&bench_rtio, 0));
		zassert_true(rtio_cancel_all(&bench_rtio, bench.i2c_imu) > 0);
		for (int i = 0; i < 8; i++) {
			expect_cqe(&bench_rtio, 0, -ECANCELED);
		}
		rtio_sim_bus_heal(bench.i2c);
		expect_works();
	}
}

/* A chain is cut where it is. */
ZTEST(rtio_bus_cancel, test_chain)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		rtio_sqe_handle_t handle;

		bench_begin(way);
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_HANG, 3);
		(void)bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_CHAINED);
		handle = rtio_sqe_handle(bench_read(bench.i2c_imu, bytes, 1, RTIO_SQE_CHAINED));
		(void)bench_read(bench.i2c_imu, bytes, 1, 0);
		zassert_ok(rtio_submit(&bench_rtio, 1));
		bench_until_fault(bench.i2c);
		zassert_ok(rtio_cancel(&bench_rtio, handle));
		expect_cqe(&bench_rtio, 0, 1);
		expect_cqe(&bench_rtio, 0, -ECANCELED);
		expect_cqe(&bench_rtio, 0, -ECANCELED);
		expect_works();
	}
}
