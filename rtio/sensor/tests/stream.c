/* SPDX-License-Identifier: Apache-2.0 */
/** @file A stream: one multishot read, a buffer of the pool for each watermark. */
#include <errno.h>

#include "sensors.h"

ZTEST_SUITE(rtio_stream, NULL, NULL, bench_before, bench_after, NULL);

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/* Buffers of 256 bytes: room for 14 frames. */
RTIO_DEFINE_WITH_MEMPOOL(stream, 4, 8, 3, 256, 4);

static rtio_sqe_handle_t begin(int way, int bus, uint8_t watermark)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&stream);
	rtio_sqe_handle_t handle;

	imu6_begin(way, bus, watermark);
	rtio_sqe_prep_read_multishot(sqe, &imu6.sensor.iodev, RTIO_PRIO_HIGH, NULL);
	handle = rtio_sqe_handle(sqe);
	zassert_ok(rtio_submit(&stream, 0));
	return handle;
}

/* The next buffer has samples from @p first on, at least @p least. @return how many. */
static uint32_t take(uint32_t first, uint32_t least, uint8_t **buf, uint32_t *len)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_block(&stream);
	uint32_t count = ((uint32_t)cqe->result - RTIO_IMU6_HEAD_SIZE) / RTIO_IMU6_FRAME_SIZE;

	zassert_true(cqe->result > 0, "result %d", (int)cqe->result);
	zassert_ok(rtio_cqe_get_mempool_buffer(&stream, cqe, buf, len));
	zassert_true(count >= least);
	imu6_expect(*buf, cqe->result, first, count);
	rtio_cqe_release(&stream, cqe);
	return count;
}

static void end(rtio_sqe_handle_t handle)
{
	struct rtio_cqe *cqe;

	zassert_ok(rtio_cancel(&stream, handle));
	cqe = rtio_cqe_consume_block(&stream);
	zassert_equal(cqe->result, -ECANCELED);
	zassert_equal(cqe->flags, 0);
	rtio_cqe_release(&stream, cqe);
	for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&stream) < 4; i++) {
		k_yield();
	}
	expect_home(&stream);
}

#define EACH_BUS                                                                                   \
	for (int way = 0; way < BENCH_WAYS; way++)                                                 \
		for (int bus = 0; bus < 2; bus++)

ZTEST(rtio_stream, test_stream)
{
	EACH_BUS
	{
		rtio_sqe_handle_t handle = begin(way, bus, 3);
		uint32_t seen = 0;

		for (int i = 0; i < 20; i++) {
			uint32_t len;
			uint8_t *buf;

			imu6_samples(3);
			seen += take(seen, 3, &buf, &len);
			zassert_equal(seen, 3 * (uint32_t)(i + 1));
			rtio_release_buffer(&stream, buf, len);
		}
		end(handle);
	}
}

/* No memory: the stream ends and says so, the FIFO keeps the frames, a new one has them. */
ZTEST(rtio_stream, test_no_memory)
{
	EACH_BUS
	{
		rtio_sqe_handle_t handle = begin(way, bus, 2);
		struct rtio_sqe *sqe;
		struct rtio_cqe *cqe;
		uint8_t *bufs[3];
		uint32_t lens[3];
		uint32_t len;
		uint8_t *buf;

		for (uint32_t i = 0; i < 3; i++) {
			imu6_samples(2);
			zassert_equal(take(2 * i, 2, &bufs[i], &lens[i]), 2);
		}
		imu6_samples(2);
		cqe = rtio_cqe_consume_block(&stream);
		zassert_equal(cqe->result, -ENOMEM);
		rtio_cqe_release(&stream, cqe);
		zassert_equal(rtio_cancel(&stream, handle), -ENOENT);
		for (uint32_t i = 0; i < 3; i++) {
			imu6_expect(bufs[i], (int)RTIO_IMU6_BUF_SIZE(2), 2 * i, 2);
			rtio_release_buffer(&stream, bufs[i], lens[i]);
		}
		sqe = rtio_sqe_acquire(&stream);
		rtio_sqe_prep_read_multishot(sqe, &imu6.sensor.iodev, RTIO_PRIO_HIGH, NULL);
		handle = rtio_sqe_handle(sqe);
		zassert_ok(rtio_submit(&stream, 0));
		zassert_equal(take(6, 2, &buf, &len), 2);
		rtio_release_buffer(&stream, buf, len);
		end(handle);
	}
}

/* Cancelled at any point of a step, with all memory home. */
ZTEST(rtio_stream, test_cancel)
{
	EACH_BUS
	{
		for (uint32_t at = 1; at <= 24; at++) {
			rtio_sqe_handle_t handle = begin(way, bus, 2);
			struct rtio_sim_bus *wires = bus == 0 ? bench.i2c : bench.spi;

			rtio_sim_bus_fault(wires, RTIO_SIM_FAULT_HANG, at);
			imu6_samples(2);
			bench_sleep(20000);
			end(handle);
		}
	}
}

/* A failure ends the stream; its memory goes home. */
ZTEST(rtio_stream, test_fault)
{
	EACH_BUS
	{
		for (uint32_t at = 1; at <= 40; at++) {
			rtio_sqe_handle_t handle = begin(way, bus, 2);
			struct rtio_sim_bus *wires = bus == 0 ? bench.i2c : bench.spi;
			struct rtio_cqe *cqe;

			rtio_sim_bus_fault(wires, RTIO_SIM_FAULT_NACK, at);
			imu6_samples(2);
			cqe = rtio_cqe_consume_block(&stream);
			zassert_true(cqe->result < 0);
			zassert_equal(cqe->flags, 0);
			rtio_cqe_release(&stream, cqe);
			for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&stream) < 4; i++) {
				k_yield();
			}
			zassert_equal(rtio_cancel(&stream, handle), -ENOENT);
			expect_home(&stream);
		}
	}
}

#endif
