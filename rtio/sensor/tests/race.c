/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Cancels that race with ends, on the real clock: whoever comes first, each request answers once, with one
 * of the two, and bus and driver go on.
 */
#include <errno.h>

#include "sensors.h"

#define ROUNDS 300

static void after_all(void *fixture)
{
	ARG_UNUSED(fixture);
	bench_home();
}

ZTEST_SUITE(rtio_race, NULL, NULL, NULL, after_all, NULL);

static struct k_thread thread;
static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_spinlock lock; /* guards these two */
static rtio_sqe_handle_t target;
static bool over;
static uint32_t rounds;

static K_SEM_DEFINE(go, 0, 1);

/* Cancel what it is told to, a little later each time. */
static void cancel(void *p1, void *p2, void *p3)
{
	uint32_t wait = 0;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		rtio_sqe_handle_t handle;
		k_spinlock_key_t key;
		bool stop;

		(void)k_sem_take(&go, K_FOREVER);
		key = k_spin_lock(&lock);
		handle = target;
		stop = over;
		k_spin_unlock(&lock, key);
		if (stop) {
			return;
		}
		wait = (wait + 7) % 1200;
		k_busy_wait(wait);
		(void)rtio_cancel(&bench_rtio, handle);
	}
}

static void start_canceller(void)
{
	over = false;
	zassert_not_null(k_thread_create(&thread, stack, sizeof(stack), cancel, NULL, NULL, NULL,
					 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
}

static void stop_canceller(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	over = true;
	k_spin_unlock(&lock, key);
	k_sem_give(&go);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
}

/* Submit what was acquired, with @p sqe in danger. @return whether it was cancelled. */
static bool race(struct rtio_sqe *sqe, int answers, int result)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool cancelled = false;

	/* Now and then nothing is cancelled, so that some come to their end on any machine. */
	target = rounds++ % 8 == 0 ? 0 : rtio_sqe_handle(sqe);
	k_spin_unlock(&lock, key);
	k_sem_give(&go);
	zassert_ok(rtio_submit(&bench_rtio, 0));
	for (int i = 0; i < answers; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&bench_rtio, K_SECONDS(20));

		zassert_not_null(cqe);
		zassert_true(cqe->result == -ECANCELED || cqe->result == result, "result %d",
			     (int)cqe->result);
		cancelled = cancelled || cqe->result == -ECANCELED;
		rtio_cqe_release(&bench_rtio, cqe);
	}
	expect_no_cqe(&bench_rtio);
	return cancelled;
}

/* On a busy machine who cancels can come too late many times in a row. */
static bool goes_on(int n, int cancelled)
{
	static int64_t end;

	if (n == 0) {
		end = k_uptime_get() + 20000;
	}
	return n < ROUNDS || (cancelled == 0 && k_uptime_get() < end);
}

ZTEST(rtio_race, test_bus)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static uint8_t reg = IMU_REG_LATEST | IMU_SPI_READ;
		static uint8_t bytes[8];
		int cancelled = 0;
		int total = 0;

		bench_begin(way);
		bench.spi->hz = 200000;
		start_canceller();
		for (; goes_on(total, cancelled); total++) {
			struct rtio_sqe *sqe =
				bench_write(bench.spi_imu, &reg, 1, RTIO_SQE_TRANSACTION);

			(void)bench_read(bench.spi_imu, bytes, 8, 0);
			cancelled += race(sqe, 2, 8) ? 1 : 0;
		}
		stop_canceller();
		zassert_equal(bench_get(bench.spi_imu, IMU_REG_ID | IMU_SPI_READ, bytes, 1), 1);
		zassert_equal(bytes[0], IMU_ID);
		zassert_true(cancelled > 0 && cancelled < total, "%d of %d", cancelled, total);
	}
}

ZTEST(rtio_race, test_sensor)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int cancelled = 0;
		int total = 0;

		imu6_begin(way, 1, 2);
		start_canceller();
		for (; goes_on(total, cancelled); total++) {
			struct rtio_sqe *sqe;

			imu6_samples(imu6_model->count < 2 ? 2 - imu6_model->count : 0);
			sqe = imu6_read(2);
			cancelled += race(sqe, 1, (int)RTIO_IMU6_BUF_SIZE(2)) ? 1 : 0;
		}
		stop_canceller();
		imu6_samples(2);
		(void)imu6_read(BENCH_IMU_DEPTH);
		zassert_true(bench_go(1) >= (int)RTIO_IMU6_BUF_SIZE(2));
		zassert_ok(rtio_imu6_stop(&imu6));
		zassert_true(cancelled > 0 && cancelled < total, "%d of %d", cancelled, total);
	}
}
