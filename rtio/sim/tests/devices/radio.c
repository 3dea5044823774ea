/* SPDX-License-Identifier: Apache-2.0 */
/** @file The radio: frames that arrive, that do not fit, that are cut off. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_radio, NULL, NULL, bench_before, bench_after, NULL);

static uint8_t frame[RTIO_SIM_RADIO_FRAME_MAX + 1];
static const uint8_t command = RADIO_SEND;

static int send(uint32_t len)
{
	for (uint32_t i = 0; i < sizeof(frame); i++) {
		frame[i] = (uint8_t)(i * 3);
	}
	(void)bench_write(bench.spi_radio, &command, 1, RTIO_SQE_TRANSACTION);
	(void)bench_write(bench.spi_radio, frame, len, 0);
	return bench_go(2);
}

static uint8_t status(void)
{
	static const uint8_t ask = RADIO_STATUS;
	uint8_t is = 0;

	rtio_sqe_prep_transceive(rtio_sqe_acquire(&bench_rtio), bench.spi_radio, RTIO_PRIO_NORM,
				 &ask, &is, 1, NULL);
	zassert_equal(bench_go(1), 1);
	return is;
}

/* Ask until what was sent has arrived. */
static void await_sent(void)
{
	while ((status() & RADIO_STATUS_SENDING) != 0) {
	}
}

ZTEST(rtio_radio, test_frames)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint32_t lens[] = {1, 2, 31, RTIO_SIM_RADIO_FRAME_MAX};

		bench_begin(way);
		zassert_equal(status(), RADIO_STATUS_ALIVE);
		for (uint32_t i = 0; i < ARRAY_SIZE(lens); i++) {
			zassert_equal(send(lens[i]), (int)lens[i]);
			await_sent();
			zassert_equal(bench.frames, i + 1);
			zassert_equal(bench.frame_len, lens[i]);
			zassert_mem_equal(bench.frame, frame, lens[i]);
		}
		zassert_equal(send(0), 0); /* is none */
		zassert_equal(status(), RADIO_STATUS_ALIVE);
	}
}

ZTEST(rtio_radio, test_too_long)
{
	static const uint8_t reset = RADIO_RESET;

	bench_begin(0);
	zassert_equal(send(sizeof(frame)), sizeof(frame));
	zassert_equal(status(), RADIO_STATUS_ALIVE | RADIO_STATUS_LOST);
	zassert_equal(bench.radio.lost, 1);
	(void)bench_write(bench.spi_radio, &reset, 1, 0);
	zassert_equal(bench_go(1), 1);
	zassert_equal(status(), RADIO_STATUS_ALIVE);
	zassert_equal(bench.frames, 0);
}

/* Cut off by a fault: what came is a frame. */
ZTEST(rtio_radio, test_cut_off)
{
	for (uint32_t at = 1; at <= 2 + 8; at++) {
		bench_begin(0);
		rtio_sim_bus_fault(bench.spi, RTIO_SIM_FAULT_NACK, at);
		zassert_true(send(8) < 0);
		await_sent();
		zassert_equal(bench.frames, at <= 3 ? 0 : 1);
		zassert_equal(bench.frame_len, at <= 3 ? 0 : at - 3);
		zassert_equal(send(8), 8);
		await_sent();
		zassert_equal(bench.frame_len, 8);
	}
}

#ifdef CONFIG_MULTITHREADING

ZTEST(rtio_radio, test_full)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		bench.radio.air_us = 10000;
		began = rtio_sim_now();
		for (int i = 0; i < RTIO_SIM_RADIO_QUEUE; i++) {
			zassert_equal(status() & (RADIO_STATUS_FULL | RADIO_STATUS_LOST), 0);
			zassert_equal(send(8), 8);
		}
		zassert_equal(status(),
			      RADIO_STATUS_ALIVE | RADIO_STATUS_SENDING | RADIO_STATUS_FULL);
		zassert_equal(send(8), 8);
		zassert_equal(bench.radio.lost, 1);
		await_sent();
		zassert_equal(bench.frames, RTIO_SIM_RADIO_QUEUE);
		zassert_true(rtio_sim_now() - began >= 4 * (10000 + 80));
	}
}

#endif
