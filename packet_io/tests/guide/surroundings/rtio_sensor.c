/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/mempool.h>
#include <zephyr/rtio/imu6.h>
#include <zephyr/rtio/sim/imu.h>
#include <zephyr/rtio/sim/spi.h>

/* Other documents define these, too. */
#define io sensor_io

static struct rtio_sim_bus spi;
static struct rtio_sim_imu model;
static uint8_t fifo[64 * 16];
RTIO_SIM_SPI_IODEV(imu_on_spi, &spi, 0, 1000000, 64);

#include "definitions.inc"

ZTEST(documents, test_rtio_sensor)
{
	struct rtio_imu6_config config = {.period_us = 1000, .watermark = 4};

	rtio_sim_spi_init(&spi, 1000000);
	rtio_sim_imu_init(&model, fifo, 64, NULL);
	zassert_ok(rtio_sim_bus_attach(&spi, &model.target, 0));
#include "step_1.inc"
	for (int i = 0; i < 3; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_block(&io);
		uint8_t *buf;
		uint32_t len;

		zassert_true(cqe->result > 0, "%d", (int)cqe->result);
		zassert_ok(rtio_cqe_get_mempool_buffer(&io, cqe, &buf, &len));
		rtio_release_buffer(&io, buf, len);
		rtio_cqe_release(&io, cqe);
	}
	zassert_ok(rtio_imu6_stop(&imu));
	rtio_sim_timer_stop(&model.timer);
	(void)rtio_cancel_all(&io, NULL);
	while (rtio_sqe_acquirable(&io) < 4) {
		(void)k_msleep(1);
	}
	(void)rtio_flush_completion_queue(&io);
	zassert_equal(rtio_mempool_num_free(io.block_pool), 8);
}
