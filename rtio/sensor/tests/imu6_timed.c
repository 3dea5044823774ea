/* SPDX-License-Identifier: Apache-2.0 */
/** @file The IMU at work in its own time: stamps, deadlines, a stream that keeps up. */
#include <errno.h>

#include "sensors.h"

ZTEST_SUITE(rtio_imu6_timed, NULL, NULL, bench_before, bench_after, NULL);

#define EACH_BUS                                                                                   \
	for (int way = 0; way < BENCH_WAYS; way++)                                                 \
		for (int bus = 0; bus < 2; bus++)

static void start(int way, int bus, uint16_t period_us, uint8_t watermark)
{
	struct rtio_imu6_config config = {period_us, 0, 0, watermark};

	imu6_begin(way, bus, watermark);
	zassert_ok(rtio_imu6_stop(&imu6));
	imu6_model->clock_ahead = (uint32_t)-20000 - (uint32_t)rtio_sim_now();
	zassert_ok(rtio_imu6_start(&imu6, &config));
}

/* Each reading says when it was taken, to the microsecond, while the clock of the IMU goes round. */
ZTEST(rtio_imu6_timed, test_timestamps)
{
	EACH_BUS
	{
		uint64_t first;
		uint32_t seen = 0;

		start(way, bus, 3000, 4);
		first = (uint64_t)rtio_sim_now() + 3000;
		for (int i = 0; i < 5; i++) {
			struct sensor_channel channels[] = {
				SENSOR_TIMESTAMP64_CHANNEL,
				SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
			};
			struct sensor_reader reader;
			int len;

			(void)imu6_read(8);
			len = bench_go(1);
			zassert_ok(
				sensor_reader(&imu6.sensor, imu6_buf, len, &reader, channels, 2));
			while (sensor_reader_next(&reader)) {
				zassert_true(channels[0].value.u64 == first + 3000 * seen,
					     "reading %u is %d us off", (unsigned int)seen,
					     (int)(channels[0].value.u64 - first - 3000 * seen));
				zassert_equal(channels[1].value.i32, (int32_t)seen * 10 - 300);
				seen++;
			}
		}
		zassert_equal(seen, 20);
		zassert_ok(rtio_imu6_stop(&imu6));
	}
}

#ifdef CONFIG_RTIO_DEADLINE

/* Nothing comes in time; the bus hangs; the next read works. */
ZTEST(rtio_imu6_timed, test_deadline)
{
	EACH_BUS
	{
		int64_t began;

		imu6_begin(way, bus, 2);
		for (int hang = 0; hang < 2; hang++) {
			began = rtio_sim_now();
			if (hang != 0) {
				rtio_sim_bus_fault(bus == 0 ? bench.i2c : bench.spi,
						   RTIO_SIM_FAULT_HANG, 15);
				imu6_samples(2);
			}
			rtio_sqe_set_deadline(imu6_read(8), K_MSEC(7));
			zassert_equal(bench_go(1), -ETIMEDOUT);
			zassert_equal(rtio_sim_now() - began, 7000);
		}
		imu6_samples(2);
		(void)imu6_read(8);
		zassert_true(bench_go(1) > 0);
	}
}

#endif

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

RTIO_DEFINE_WITH_MEMPOOL(fast, 2, 8, 8, 256, 4);

/*
 * 1 kHz on SPI, about as fast as the bus can on I2C. The consumer is slow now and then, but not
 * slower than its eight buffers and the FIFO allow. No sample is missing.
 */
ZTEST(rtio_imu6_timed, test_keeps_up)
{
	EACH_BUS
	{
		struct rtio_sqe *sqe = rtio_sqe_acquire(&fast);
		rtio_sqe_handle_t handle;
		uint32_t seen = 0;

		start(way, bus, bus == 0 ? 4000 : 1000, 4);
		rtio_sqe_prep_read_multishot(sqe, &imu6.sensor.iodev, RTIO_PRIO_NORM, NULL);
		handle = rtio_sqe_handle(sqe);
		zassert_ok(rtio_submit(&fast, 0));
		while (seen < 400) {
			struct rtio_cqe *cqe = rtio_cqe_consume_block(&fast);
			uint32_t count = ((uint32_t)cqe->result - RTIO_IMU6_HEAD_SIZE) /
					 RTIO_IMU6_FRAME_SIZE;
			uint32_t len;
			uint8_t *buf;

			zassert_true(cqe->result > 0, "result %d", (int)cqe->result);
			zassert_ok(rtio_cqe_get_mempool_buffer(&fast, cqe, &buf, &len));
			imu6_expect(buf, cqe->result, seen, count);
			zassert_false(rtio_imu6_overrun(buf));
			seen += count;
			if (seen % 5 == 0) {
				k_sleep(K_MSEC(20));
			}
			rtio_release_buffer(&fast, buf, len);
			rtio_cqe_release(&fast, cqe);
		}
		zassert_equal(imu6_model->lost, 0);
		zassert_ok(rtio_cancel(&fast, handle));
		zassert_ok(rtio_imu6_stop(&imu6));
		k_sleep(K_MSEC(100));
		(void)rtio_flush_completion_queue(&fast);
		expect_home(&fast);
	}
}

#endif
