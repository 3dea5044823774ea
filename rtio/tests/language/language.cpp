/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers in C++. */
#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/rtio.h>
#include <zephyr/rtio/rtio_spsc.h>
#include <zephyr/ztest.h>

/* A ring with a free place gives it, one with an entry gives that: the analyzer cannot know. */
/* NOLINTBEGIN(clang-analyzer-core.NullDereference) */
static void end_at_once(struct rtio_iodev_sqe *iodev_sqe)
{
	rtio_iodev_sqe_ok(iodev_sqe, 1);
}

static const struct rtio_iodev_api api = {end_at_once, nullptr, nullptr};
static RTIO_IODEV_DEFINE(iodev, &api, nullptr);
RTIO_EXECUTOR_SIMPLE_DEFINE(exec);
RTIO_DEFINE(ctx, 2, 2);
RTIO_DEFINE(with_exec, &exec.ctx, 2, 2);
RTIO_POOL_DEFINE(pool, 1, 2, 2);
RTIO_SPSC_DEFINE(ring, int, 2);

ZTEST_SUITE(rtio_language, NULL, NULL, NULL, NULL, NULL);

ZTEST(rtio_language, test_cxx)
{
	struct rtio *all[] = {&ctx, &with_exec, rtio_pool_acquire(&pool)};

	for (struct rtio *r : all) {
		rtio_sqe_prep_nop(rtio_sqe_acquire(r), &iodev, nullptr);
		zassert_ok(rtio_submit(r, 1));
		struct rtio_cqe *cqe = rtio_cqe_consume(r);

		zassert_equal(cqe->result, 1);
		rtio_cqe_release(r, cqe);
	}
	*rtio_spsc_acquire(&ring) = 1;
	rtio_spsc_produce(&ring);
	zassert_equal(*rtio_spsc_consume(&ring), 1);
}

/* NOLINTEND(clang-analyzer-core.NullDereference) */
