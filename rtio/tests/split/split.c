/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests done in parts, by an iodev and by an executor with a policy. */
#include <zephyr/rtio/policy.h>
#include <zephyr/rtio/split.h>

#include "../support/device.h"

RTIO_DEFINE(split_ctx, 8, 8);
RTIO_DEFINE(bus_ctx, 4, 1);

static struct device_sim bus;
static struct rtio_split split;
static struct rtio *parts_from;
static uint32_t parts;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&bus);
	parts_from = &bus_ctx;
	parts = 3;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	rtio_set_executor(&split_ctx, NULL);
	expect_home(&split_ctx);
	expect_home(&bus_ctx);
}

ZTEST_SUITE(rtio_split, NULL, NULL, before, after, NULL);

/* A sensor: each request is a few on the bus, in a chain. */
static void sensor_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_sqe sqes[8];
	int ret;

	for (uint32_t i = 0; i < parts; i++) {
		rtio_sqe_prep_nop(&sqes[i], &bus.iodev, NULL);
		sqes[i].flags = i + 1 < parts ? RTIO_SQE_CHAINED : 0;
	}
	ret = rtio_split(&split, s, parts_from, sqes, parts);
	if (ret != 0) {
		rtio_iodev_sqe_err(s, ret);
	}
}

static void sensor_cancel(struct rtio_iodev_sqe *s)
{
	ARG_UNUSED(s);
	rtio_split_cancel(&split);
}

static const struct rtio_iodev_api sensor_api = {.submit = sensor_submit, .cancel = sensor_cancel};
static RTIO_IODEV_DEFINE(sensor, &sensor_api, NULL);

static rtio_sqe_handle_t ask(uintptr_t userdata, uint16_t flags)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&split_ctx);

	rtio_sqe_prep_nop(sqe, &sensor, UINT_TO_POINTER(userdata));
	sqe->flags = flags;
	return rtio_sqe_handle(sqe);
}

/* One answer, with the sum; at once and later; on the bus's context and on its own. */
ZTEST(rtio_split, test_answers_once)
{
	for (int own = 0; own < 2; own++) {
		parts_from = own != 0 ? &split_ctx : &bus_ctx;
		for (int later = 0; later < 2; later++) {
			device_init(&bus);
			bus.later = later != 0;
			bus.result = 5;
			(void)ask(1, RTIO_SQE_CHAINED);
			(void)ask(2, 0);
			zassert_ok(rtio_submit(&split_ctx, 0));
			for (int i = 0; i < 6 && later != 0; i++) {
				if (i < 3) {
					expect_no_cqe(&split_ctx);
				}
				zassert_true(device_end(&bus, 5));
			}
			zassert_equal(bus.started, 6);
			expect_cqe(&split_ctx, 1, 15);
			expect_cqe(&split_ctx, 2, 15);
			expect_no_cqe(&split_ctx);
			expect_no_cqe(&bus_ctx);
		}
	}
}

/* The first failure is the answer; what has not begun is not. */
ZTEST(rtio_split, test_a_part_fails)
{
	bus.fail_at = 2;
	(void)ask(1, RTIO_SQE_CHAINED);
	(void)ask(2, 0);
	zassert_ok(rtio_submit(&split_ctx, 2));
	zassert_equal(bus.started, 2);
	expect_cqe(&split_ctx, 1, -EIO);
	expect_cqe(&split_ctx, 2, -ECANCELED);
}

ZTEST(rtio_split, test_cancel_reaches_the_parts)
{
	rtio_sqe_handle_t handle = ask(1, 0);

	bus.later = true;
	zassert_ok(rtio_submit(&split_ctx, 0));
	zassert_ok(rtio_cancel(&split_ctx, handle));
	zassert_equal(bus.asked, 1);
	expect_cqe(&split_ctx, 1, -ECANCELED);
	zassert_equal(rtio_cancel(&split_ctx, handle), -ENOENT);
}

/* No room for the parts: nothing of it happens. None at all is refused. */
ZTEST(rtio_split, test_refused)
{
	parts = 5;
	(void)ask(1, 0);
	zassert_ok(rtio_submit(&split_ctx, 1));
	expect_cqe(&split_ctx, 1, -ENOMEM);
	parts = 0;
	(void)ask(2, 0);
	zassert_ok(rtio_submit(&split_ctx, 1));
	expect_cqe(&split_ctx, 2, -EINVAL);
	zassert_equal(bus.started, 0);
}

/* ---- the policy ------------------------------------------------------------------------------ */

RTIO_EXECUTOR_POLICY_DEFINE(policy, 1, 8, 32);

static const struct rtio_iodev_caps all_ways = {
	.ways = BIT(RTIO_TRANSFER_POLL) | BIT(RTIO_TRANSFER_INTERRUPT) | BIT(RTIO_TRANSFER_DMA),
	.dma_align = 4,
	.dma_max = 64,
};
static const struct rtio_iodev_caps polls_only = {.ways = BIT(RTIO_TRANSFER_POLL)};

static uint32_t way[8];
static uint32_t length[8];
static const uint8_t *where[8];
static uint32_t transfers;

static void transfer(struct rtio_iodev_sqe *s)
{
	way[transfers] = RTIO_IODEV_TRANSFER_GET(s->sqe.iodev_flags);
	length[transfers] = s->sqe.tx.buf_len;
	where[transfers++] = s->sqe.tx.buf;
	rtio_iodev_sqe_ok(s, (int)s->sqe.tx.buf_len);
}

static const struct rtio_iodev_api able_api = {.submit = transfer, .caps = &all_ways};
static const struct rtio_iodev_api poor_api = {.submit = transfer, .caps = &polls_only};
static RTIO_IODEV_DEFINE(able, &able_api, NULL);
static RTIO_IODEV_DEFINE(poor, &poor_api, NULL);

static void write_through(const struct rtio_iodev *iodev, const uint8_t *data, uint32_t len)
{
	transfers = 0;
	rtio_sqe_prep_write(rtio_sqe_acquire(&split_ctx), iodev, 0, data, len, NULL);
	zassert_ok(rtio_submit(&split_ctx, 1));
	expect_cqe(&split_ctx, 0, (int)len);
}

ZTEST(rtio_split, test_policy_picks_by_size_and_device)
{
	static const uint8_t data[300] __aligned(4);

	rtio_set_executor(&split_ctx, &policy.ctx);
	write_through(&able, data, 8);
	zassert_equal(way[0], RTIO_TRANSFER_POLL);
	write_through(&able, data, 9);
	zassert_equal(way[0], RTIO_TRANSFER_INTERRUPT);
	write_through(&able, data, 32);
	zassert_equal(way[0], RTIO_TRANSFER_DMA);
	write_through(&able, data + 1, 32);
	zassert_equal(way[0], RTIO_TRANSFER_INTERRUPT, "not aligned");
	write_through(&able, data, 34);
	zassert_equal(way[0], RTIO_TRANSFER_INTERRUPT, "neither");
	write_through(&poor, data, 200);
	zassert_equal(way[0], RTIO_TRANSFER_POLL, "it has nothing else");
	/* Longer than DMA takes: in parts, as one request, though one chain at a time is allowed. */
	write_through(&able, data, 200);
	zassert_equal(transfers, 4);
	for (uint32_t i = 0; i < 4; i++) {
		zassert_true(way[i] == RTIO_TRANSFER_DMA && where[i] == data + 64 * i &&
			     length[i] == (i < 3 ? 64U : 8U));
	}
	write_through(&able, data, 260);
	zassert_true(transfers == 1 && way[0] == RTIO_TRANSFER_INTERRUPT, "too many parts");
	zassert_equal(policy.picked[RTIO_TRANSFER_POLL], 2);
	zassert_equal(policy.picked[RTIO_TRANSFER_INTERRUPT], 4);
	zassert_equal(policy.picked[RTIO_TRANSFER_DMA], 2);
	zassert_equal(policy.split, 1);
	zassert_equal(policy.splits_used, 0);
	zassert_equal(policy.ctx.active, 0);
}

/* ---- what the policy does in parts is stopped ------------------------------------------------ */

RTIO_EXECUTOR_POLICY_DEFINE(stopped, 1, 8, 32);

static uint32_t dma_asked; /* about what it was given */
static struct rtio_iodev_sqe *dma_part;
static bool dma_cancels; /* it cancels the request whose part it gets */
static rtio_sqe_handle_t dma_request;

static void dma_submit(struct rtio_iodev_sqe *s)
{
	dma_part = s;
	if (dma_cancels) {
		zassert_ok(rtio_cancel(&split_ctx, dma_request));
	}
}

static void dma_cancel(struct rtio_iodev_sqe *s)
{
	if (s == dma_part) {
		dma_asked++;
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api dma_api = {
	.submit = dma_submit, .cancel = dma_cancel, .caps = &all_ways};
static RTIO_IODEV_DEFINE(dma, &dma_api, NULL);

static struct rtio_sqe *write_in_parts(void)
{
	static const uint8_t data[200] __aligned(4);
	struct rtio_sqe *sqe = rtio_sqe_acquire(&split_ctx);

	rtio_set_executor(&split_ctx, &stopped.ctx);
	rtio_sqe_prep_write(sqe, &dma, 0, data, sizeof(data), UINT_TO_POINTER(3));
	dma_request = rtio_sqe_handle(sqe);
	dma_asked = 0;
	return sqe;
}

ZTEST(rtio_split, test_cancel_of_what_the_policy_has_split)
{
	for (int early = 0; early < 2; early++) {
		dma_cancels = early != 0;
		(void)write_in_parts();
		zassert_ok(rtio_submit(&split_ctx, 0));
		if (early == 0) {
			expect_no_cqe(&split_ctx);
			zassert_ok(rtio_cancel(&split_ctx, dma_request));
		}
		expect_cqe(&split_ctx, 3, -ECANCELED);
		zassert_equal(dma_asked, 1, "the others have not begun");
		zassert_equal(stopped.splits_used, 0);
		zassert_equal(stopped.ctx.active, 0);
		expect_home(&split_ctx);
	}
	dma_cancels = false;
}

static bool begin_too_late(struct rtio_executor *exec, struct rtio_iodev_sqe *s)
{
	if ((s->sqe.flags & RTIO_SQE_PART) == 0) {
		zassert_ok(rtio_cancel(&split_ctx, dma_request));
	}
	return z_rtio_policy_begin(exec, s);
}

/* A cancel that comes before there are parts reaches them, too. */
ZTEST(rtio_split, test_cancel_of_what_the_policy_is_splitting)
{
	(void)write_in_parts();
	dma_part = NULL;
	stopped.ctx.begin = begin_too_late;
	zassert_ok(rtio_submit(&split_ctx, 0));
	stopped.ctx.begin = z_rtio_policy_begin;
	expect_cqe(&split_ctx, 3, -ECANCELED);
	zassert_equal(stopped.splits_used, 0);
}

#ifdef CONFIG_RTIO_DEADLINE

ZTEST(rtio_split, test_deadline_of_what_the_policy_has_split)
{
	rtio_sqe_set_deadline(write_in_parts(), K_MSEC(2));
	zassert_ok(rtio_submit(&split_ctx, 1));
	expect_cqe(&split_ctx, 3, -ETIMEDOUT);
	zassert_equal(dma_asked, 1);
	zassert_equal(stopped.splits_used, 0);
}

#endif /* CONFIG_RTIO_DEADLINE */

/* An entry that was a part once, and is being prepared for something else, is none. */
ZTEST(rtio_split, test_cancel_spares_what_was_a_part)
{
	struct rtio_sqe *sqes[8];
	rtio_sqe_handle_t handle;

	parts_from = &split_ctx;
	parts = 7;
	(void)ask(1, 0);
	zassert_ok(rtio_submit(&split_ctx, 1));
	expect_cqe(&split_ctx, 1, 0);
	parts = 1;
	bus.later = true;
	handle = ask(2, 0);
	zassert_ok(rtio_submit(&split_ctx, 0));
	zassert_ok(rtio_sqe_acquire_array(&split_ctx, 6, sqes));
	zassert_ok(rtio_cancel(&split_ctx, handle));
	expect_cqe(&split_ctx, 2, -ECANCELED);
	bus.later = false;
	for (uintptr_t i = 0; i < 6; i++) {
		rtio_sqe_prep_nop(sqes[i], &bus.iodev, UINT_TO_POINTER(10 + i));
	}
	zassert_ok(rtio_submit(&split_ctx, 6));
	for (uintptr_t i = 0; i < 6; i++) {
		expect_cqe(&split_ctx, 10 + i, 0);
	}
}
