/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reads that repeat, and memory that is the pool's. */
#define _GNU_SOURCE

#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

ZTEST_SUITE(rtio_fd_multishot, NULL, NULL, NULL, fd_after, NULL);

/* Until all of @p total bytes, a pattern, have come. */
static void expect_pattern(uintptr_t userdata, uint32_t from, uint32_t total)
{
	uint8_t buf[BLOCK];

	while (total > 0) {
		int n = next_block(userdata, buf, sizeof(buf));

		zassert_true(n > 0 && (uint32_t)n <= total, "%s: %d", engine_now(), n);
		for (int i = 0; i < n; i++) {
			zassert_equal(buf[i], (uint8_t)from++, "%s", engine_now());
		}
		total -= (uint32_t)n;
	}
}

static void feed(int fd, uint32_t from, uint32_t total)
{
	uint8_t bytes[BLOCK];

	for (uint32_t i = 0; i < total; i++) {
		bytes[i] = (uint8_t)(from + i);
	}
	zassert_equal(write(fd, bytes, total), (ssize_t)total);
}

static void stream(int in, int out)
{
	struct rtio_fd *dev = device(in);
	rtio_sqe_handle_t handle = rtio_sqe_handle(ask_pool(dev, 1, true));

	submit(0);
	feed(out, 0, 10);
	expect_pattern(1, 0, 10);
	expect_quiet();
	for (uint32_t i = 0; i < 50; i++) {
		feed(out, 10 + i * 20, 20);
		expect_pattern(1, 10 + i * 20, 20);
	}
	zassert_ok(rtio_cancel(&ctx, handle));
	zassert_equal(next_result(1), -ECANCELED);
	/* What comes after that is there for others, and again for one like the first. */
	feed(out, 0, 5);
	ask_pool(dev, 2, false);
	submit(0);
	expect_pattern(2, 0, 5);
	ask_pool(dev, 3, true);
	submit(0);
	feed(out, 5, 5);
	expect_pattern(3, 5, 5);
	(void)close(out);
	zassert_equal(next_result(3), -ENODATA, "%s: the end", engine_now());
}

FD_TEST(rtio_fd_multishot, socket)
{
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	stream(ends[0], ends[1]);
}

FD_TEST(rtio_fd_multishot, pipes)
{
	int ends[2];

	make_pipe(ends);
	stream(ends[0], ends[1]);
}

FD_TEST(rtio_fd_multishot, file_to_its_end)
{
	struct rtio_fd *dev = device(make_memory_file(200));
	uint8_t buf[BLOCK];

	ask_pool(dev, 1, true);
	submit(0);
	zassert_equal(next_block(1, buf, sizeof(buf)), 64);
	zassert_equal(next_block(1, buf, sizeof(buf)), 64);
	zassert_equal(next_block(1, buf, sizeof(buf)), 64);
	zassert_equal(next_block(1, buf, sizeof(buf)), 8);
	zassert_equal(next_result(1), -ENODATA);
}

FD_TEST(rtio_fd_multishot, datagrams)
{
	uint8_t buf[2 * BLOCK] = {0};
	struct rtio_fd *dev;
	int ends[2];

	make_pair(SOCK_DGRAM, ends);
	dev = device(ends[0]);
	ask_pool(dev, 1, true);
	submit(0);
	for (int i = 1; i < 20; i++) {
		zassert_equal(write(ends[1], buf, (size_t)i), i);
		zassert_equal(write(ends[1], buf, BLOCK + 1), BLOCK + 1);
		zassert_equal(next_block(1, buf, sizeof(buf)), i, "%s", engine_now());
	}
	zassert_equal(write(ends[1], buf, 0), 0);
	zassert_equal(next_block(1, buf, sizeof(buf)), 0, "%s: an empty one is no end",
		      engine_now());
	zassert_equal(write(ends[1], buf, 7), 7);
	zassert_equal(next_block(1, buf, sizeof(buf)), 7);
	zassert_equal(atomic32_load_relaxed(&dev->skipped), 19, "%s", engine_now());
	(void)close(ends[1]);
}

/* All blocks are away: the read fails, and nothing that came is lost. */
FD_TEST(rtio_fd_multishot, pool_runs_dry)
{
	struct rtio_cqe *kept[BLOCKS + 1];
	uint8_t expected = 0;
	struct rtio_fd *dev;
	uint32_t count = 0;
	uint8_t *block;
	uint32_t len;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	dev = device(ends[0]);
	ask_pool(dev, 1, true);
	submit(0);
	for (;;) {
		feed(ends[1], count, 1);
		kept[count] = rtio_cqe_consume_timeout(&ctx, K_SECONDS(20));
		zassert_not_null(kept[count]);
		if (kept[count]->result < 0) {
			break;
		}
		zassert_equal(kept[count]->result, 1, "%s", engine_now());
		count++;
		zassert_true(count <= BLOCKS);
	}
	zassert_equal(kept[count]->result, -ENOMEM, "%s", engine_now());
	zassert_equal(count, BLOCKS, "%s: %u", engine_now(), (unsigned int)count);
	rtio_cqe_release(&ctx, kept[count]);
	for (uint32_t i = 0; i < count; i++) {
		zassert_ok(rtio_cqe_get_mempool_buffer(&ctx, kept[i], &block, &len));
		zassert_equal(*block, expected++);
		rtio_release_buffer(&ctx, block, len);
		rtio_cqe_release(&ctx, kept[i]);
	}
	ask_pool(dev, 2, true);
	submit(0);
	expect_pattern(2, BLOCKS, 1);
	feed(ends[1], BLOCKS + 1, 10);
	expect_pattern(2, BLOCKS + 1, 10);
	(void)close(ends[1]);
}

/* One that could be done at once does not overtake what waits. */
FD_TEST(rtio_fd_multishot, read_behind_waits)
{
	rtio_sqe_handle_t handle;
	uint8_t buf[BLOCK] = {0};
	struct rtio_fd *dev;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	dev = device(ends[0]);
	for (int i = 0; i < 50; i++) {
		feed(ends[1], 0, 3);
		handle = rtio_sqe_handle(ask_pool(dev, 1, true));
		ask_read(dev, buf, sizeof(buf), 2);
		submit(0);
		expect_pattern(1, 0, 3);
		zassert_ok(rtio_cancel(&ctx, handle));
		zassert_equal(next_result(1), -ECANCELED, "%s", engine_now());
		feed(ends[1], 3, 4);
		zassert_equal(next_result(2), 4, "%s", engine_now());
		zassert_equal(buf[0], 3);
	}
	(void)close(ends[1]);
}

/* What the kernel read while the request was being cancelled is there for the next one. */
FD_TEST(rtio_fd_multishot, cancel_loses_nothing)
{
	uint32_t fed = 0;
	uint32_t seen = 0;
	struct rtio_fd *dev;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	dev = device(ends[0]);
	for (int i = 0; i < 100; i++) {
		rtio_sqe_handle_t handle = rtio_sqe_handle(ask_pool(dev, 1, true));
		uint8_t buf[BLOCK] = {0};
		bool over = false;
		bool told = false;

		submit(0);
		while (!over) {
			struct rtio_cqe *cqe;
			uint8_t *block;
			uint32_t len;

			feed(ends[1], fed, 3);
			fed += 3;
			cqe = rtio_cqe_consume_timeout(&ctx, K_SECONDS(20));
			zassert_not_null(cqe);
			over = cqe->result < 0;
			zassert_true(!over || cqe->result == -ECANCELED);
			if (!over) {
				zassert_ok(rtio_cqe_get_mempool_buffer(&ctx, cqe, &block, &len));
				for (int j = 0; j < cqe->result; j++) {
					zassert_equal(block[j], (uint8_t)seen++, "%s",
						      engine_now());
				}
				rtio_release_buffer(&ctx, block, len);
			}
			rtio_cqe_release(&ctx, cqe);
			if (!told && !over && i % 3 == 0) {
				told = true;
				zassert_ok(rtio_cancel(&ctx, handle));
			} else if (!told && !over) {
				told = true;
				ask_read(dev, buf, 1, 9); /* waits behind it */
				submit(0);
				(void)rtio_cancel(&ctx, handle);
			}
		}
		feed(ends[1], fed++, 1);
		if (i % 3 != 0) {
			int n = next_result(9);

			zassert_equal(n, 1, "%s: %d", engine_now(), n);
			/*
			 * A block that was being given to the cancelled request when the cancel came went
			 * home with it; all later ones are here. The last byte is one of those.
			 */
			zassert_true((int8_t)(buf[0] - (uint8_t)seen) >= 0);
			seen = fed - (uint8_t)((uint8_t)fed - buf[0]) + 1;
		}
		while (seen != fed) {
			ask_pool(dev, 2, false);
			submit(0);
			{
				uint8_t rest[BLOCK];
				int n = next_block(2, rest, sizeof(rest));

				zassert_true(n > 0);
				zassert_true((int8_t)(rest[0] - (uint8_t)seen) >= 0);
				seen = fed - (uint8_t)((uint8_t)fed - rest[n - 1]) + 1;
			}
		}
	}
	(void)close(ends[1]);
}

static K_SEM_DEFINE(hold, 0, 1);
static K_SEM_DEFINE(held, 0, 1);

static void hold_engine(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	ARG_UNUSED(res);
	ARG_UNUSED(arg0);
	k_sem_give(&held);
	(void)k_sem_take(&hold, K_FOREVER);
}

/* Much comes at once with the cancel: at most one block goes with it. */
FD_TEST(rtio_fd_multishot, read_ahead_stays)
{
	rtio_sqe_handle_t handle;
	uint8_t buf[BLOCK] = {0};
	struct rtio_fd *dev;
	struct rtio_fd *brake;
	struct rtio_sqe *sqe;
	uint32_t seen = 0;
	int other[2];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	make_pipe(other);
	dev = device(ends[0]);
	brake = device(other[0]);
	handle = rtio_sqe_handle(ask_pool(dev, 1, true));
	ask_read(brake, buf, 1, 2)->flags |= RTIO_SQE_CHAINED;
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_callback_no_cqe(sqe, hold_engine, NULL, NULL);
	submit(0);
	expect_quiet();
	zassert_equal(write(other[1], "x", 1), 1);
	(void)k_sem_take(&held, K_FOREVER);
	for (uint32_t i = 0; i < 4 * BLOCK; i += BLOCK) {
		feed(ends[1], i, BLOCK);
	}
	zassert_ok(rtio_cancel(&ctx, handle));
	k_sem_give(&hold);
	for (int i = 0; i < 2; i++) {
		struct rtio_cqe cqe = next_any();

		zassert_equal(cqe.result, POINTER_TO_UINT(cqe.userdata) == 1 ? -ECANCELED : 1);
	}
	ask_read(dev, buf, 10, 3);
	submit(0);
	zassert_equal(next_result(3), 10, "%s", engine_now());
	zassert_true(buf[0] == 0 || buf[0] == BLOCK, "%s: %u", engine_now(), buf[0]);
	for (seen = buf[0] + 10U; seen < 4 * BLOCK;) {
		int n;

		ask_pool(dev, 4, false);
		submit(0);
		n = next_block(4, buf, sizeof(buf));
		zassert_true(n > 0, "%s: %d", engine_now(), n);
		zassert_equal(buf[0], (uint8_t)seen, "%s", engine_now());
		seen += (uint32_t)n;
	}
	(void)close(ends[1]);
	(void)close(other[1]);
}

static uint32_t blocks_used(void)
{
	k_spinlock_key_t key = k_spin_lock(&ctx.block_pool->lock);
	uint32_t used = ctx.block_pool->num_used;

	k_spin_unlock(&ctx.block_pool->lock, key);
	return used;
}

/* io_uring needs the memory while it waits; epoll does not. */
FD_TEST(rtio_fd_multishot, memory_while_waiting)
{
	struct rtio_fd *dev;
	uint8_t buf[BLOCK];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	dev = device(ends[0]);
	ask_pool(dev, 1, false);
	submit(0);
	expect_quiet();
	/* The engine may be late. */
	for (int i = 0; engine_is_uring() && blocks_used() == 0 && i < 20000; i++) {
		k_msleep(1);
	}
	zassert_equal(blocks_used(), engine_is_uring() ? 1 : 0, "%s", engine_now());
	feed(ends[1], 0, 3);
	zassert_equal(next_block(1, buf, sizeof(buf)), 3);
	zassert_equal(blocks_used(), 0);
	(void)close(ends[1]);
}

/* Whether the system has a reason for @p ret of rtio_engine_register(). */
static bool is_excused(int ret)
{
	struct rlimit limit;
	struct utsname system;
	unsigned int major = 0;
	unsigned int minor = 0;

	if (ret == -ENOMEM) {
		return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
	}
	zassert_ok(uname(&system));
	zassert_equal(sscanf(system.release, "%u.%u", &major, &minor), 2);
	return ret == -ENOTSUP && (major < 5 || (major == 5 && minor < 19));
}

/* Data is where the pool's memory is, and nowhere else before. */
FD_TEST(rtio_fd_multishot, registered_memory)
{
	struct rtio_engine_stats stats;
	struct rtio_fd *from;
	uint8_t buf[BLOCK];
	int ends[2];
	int ret = rtio_engine_register(&ctx);
	bool registered = engine_is_uring() && ret == 0;

	zassert_true(ret == 0 || (engine_is_uring() && is_excused(ret)), "%s: %d", engine_now(),
		     ret);
	if (ret != 0) {
		TC_PRINT("%s: memory cannot be registered here: %d\n", engine_now(), ret);
	}
	if (registered) {
		zassert_equal(rtio_engine_register(&ctx), -EALREADY);
	}
	make_pipe(ends);
	from = device(ends[0]);
	for (int i = 0; i < 10; i++) {
		ask_pool(from, 1, false);
		submit(0);
		expect_quiet();
		zassert_equal(write(ends[1], "abcdef", 6), 6);
		zassert_equal(next_block(1, buf, sizeof(buf)), 6); /* checks the address */
		zassert_mem_equal(buf, "abcdef", 6);
	}
	rtio_engine_stats_get(&stats);
	zassert_equal(stats.fixed, registered ? 10 : 0, "%s: %u", engine_now(),
		      (unsigned int)stats.fixed);
	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	ask_pool(from, 1, false);
	submit(0);
	expect_quiet();
	zassert_equal(write(ends[1], "abcdef", 6), 6);
	zassert_equal(next_block(1, buf, sizeof(buf)), 6);
	rtio_engine_stats_get(&stats);
	zassert_equal(stats.fixed, registered ? 11 : 0);
	zassert_equal(rtio_engine_unregister(&ctx), ret == 0 ? 0 : -ENOENT);
	zassert_equal(rtio_engine_unregister(&ctx), engine_is_uring() ? -ENOENT : 0);
	(void)close(ends[1]);
}
