/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Ring DMA: a simulated audio stream, whose hardware goes round in a ring of segments and signals each
 * that is full, whoever reads along or not.
 */
#include <zephyr/rtio/ring.h>

#include "../support/device.h"

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

#define SEGMENTS 4
#define SEGMENT  32

RTIO_DEFINE_WITH_RING(stream_ctx, 1, 8, SEGMENTS, SEGMENT, 4);

static struct rtio_iodev_sqe *listener; /* the multishot read */
static uint32_t position;               /* segments that the hardware has filled */

static void stream_submit(struct rtio_iodev_sqe *s)
{
	listener = s;
}

static void stream_cancel(struct rtio_iodev_sqe *s)
{
	listener = NULL;
	rtio_iodev_sqe_err(s, -ECANCELED);
}

static const struct rtio_iodev_api stream_api = {.submit = stream_submit, .cancel = stream_cancel};
static RTIO_IODEV_DEFINE(stream, &stream_api, NULL);

/* The hardware has filled the next segment. @return whether somebody got it. */
static bool segment_full(void)
{
	struct rtio_iodev_sqe *s = listener;
	uint8_t *buf;
	uint32_t len;

	if (rtio_sqe_rx_buf(s, SEGMENT, SEGMENT, &buf, &len) != 0) {
		return false; /* an overrun: the hardware stands still */
	}
	zassert_equal_ptr(buf, stream_ctx.block_pool->memory + position % SEGMENTS * SEGMENT,
			  "where the hardware is");
	memset(buf, (int)position++, len);
	rtio_iodev_sqe_ok(s, (int)len);
	return true;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	position = stream_ctx.block_pool->next;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&stream_ctx);
}

ZTEST_SUITE(rtio_ring, NULL, NULL, before, after, NULL);

static rtio_sqe_handle_t listen(void)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&stream_ctx);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	rtio_sqe_prep_read_multishot(sqe, &stream, RTIO_PRIO_NORM, NULL);
	zassert_ok(rtio_submit(&stream_ctx, 0));
	return handle;
}

/* @return the segment that comes next, which holds @p number. */
static uint8_t *hear(uint32_t number)
{
	struct rtio_cqe *cqe = rtio_cqe_consume(&stream_ctx);
	uint8_t *buf;
	uint32_t len;

	zassert_not_null(cqe);
	zassert_ok(rtio_cqe_get_mempool_buffer(&stream_ctx, cqe, &buf, &len));
	zassert_true(len == SEGMENT && buf[0] == (uint8_t)number &&
		     buf[SEGMENT - 1] == (uint8_t)number);
	rtio_cqe_release(&stream_ctx, cqe);
	return buf;
}

static void stop(rtio_sqe_handle_t handle)
{
	zassert_ok(rtio_cancel(&stream_ctx, handle));
	expect_cqe(&stream_ctx, 0, -ECANCELED);
}

ZTEST(rtio_ring, test_in_order_for_ever)
{
	rtio_sqe_handle_t handle = listen();
	uint32_t first = position;

	for (uint32_t i = 0; i < 50; i += 2) {
		uint8_t *a;
		uint8_t *b;

		zassert_true(segment_full() && segment_full());
		a = hear(first + i);
		b = hear(first + i + 1);
		/* In whichever order they come home. */
		rtio_release_buffer(&stream_ctx, i % 4 == 0 ? a : b, SEGMENT);
		rtio_release_buffer(&stream_ctx, i % 4 == 0 ? b : a, SEGMENT);
	}
	stop(handle);
}

ZTEST(rtio_ring, test_overrun)
{
	rtio_sqe_handle_t handle = listen();
	uint32_t overruns = rtio_ring_overruns(&stream_ctx);
	uint32_t first = position;
	uint8_t *held[SEGMENTS];

	for (uint32_t i = 0; i < SEGMENTS; i++) {
		zassert_true(segment_full());
		held[i] = hear(first + i);
	}
	zassert_false(segment_full());
	/* All but the next one are free: that does not help. */
	for (uint32_t i = 1; i < SEGMENTS; i++) {
		rtio_release_buffer(&stream_ctx, held[i], SEGMENT);
	}
	zassert_false(segment_full());
	zassert_equal(rtio_ring_overruns(&stream_ctx) - overruns, 2);
	rtio_release_buffer(&stream_ctx, held[0], SEGMENT);
	zassert_true(segment_full());
	rtio_release_buffer(&stream_ctx, hear(first + SEGMENTS), SEGMENT);
	stop(handle);
}

#endif /* CONFIG_RTIO_SYS_MEM_BLOCKS */
