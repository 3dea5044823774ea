/* SPDX-License-Identifier: Apache-2.0 */
/** @file A pool whose memory reads go into: completions as net_bufs, and net_bufs by themselves. */
#include "fixture.h"

#include <zephyr/net_buf/ref_many.h>

#include <errno.h>
#include <string.h>

static struct line line;
static unsigned int destroyed;
static unsigned int assertions;

void ztest_post_assert_fail_hook(void)
{
	assertions++;
}

static void count_destroyed(struct net_buf *buf)
{
	destroyed++;
	net_buf_destroy(buf);
}

RTIO_NET_BUF_POOL_DEFINE(own_bufs, 3, 3, 10, 16, 8, count_destroyed);
RTIO_DEFINE_WITH_NET_BUF_POOL(own_io, own_bufs, 3, 4);
NET_BUF_POOL_FIXED_DEFINE(other_bufs, 1, 16, 0, NULL);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	line_init(&line);
	destroyed = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	zexpect_equal(net_buf_pool_free_count(&own_bufs), 3);
	zexpect_equal(rtio_net_buf_blocks_free(&own_bufs), 3);
}

ZTEST_SUITE(bridge_rtio_pool, NULL, NULL, before, after, NULL);

/* The completion of a read of @p message, from the reader's context. */
static struct rtio_cqe *read_one(struct rtio *r, const char *message)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(r);
	struct rtio_cqe *cqe;

	zassert_not_null(sqe);
	rtio_sqe_prep_read_with_pool(sqe, &line.iodev, RTIO_PRIO_NORM, NULL);
	line_feed(&line, message);
	zassert_ok(rtio_submit(r, 1));
	cqe = rtio_cqe_consume(r);
	zassert_not_null(cqe);
	return cqe;
}

ZTEST(bridge_rtio_pool, test_a_read_is_a_net_buf)
{
	struct rtio_cqe *cqe = read_one(reader->r, "hello");
	struct net_buf *buf = NULL;
	uint8_t *memory;
	uint32_t len;

	zassert_ok(rtio_cqe_get_mempool_buffer(reader->r, cqe, &memory, &len));
	zassert_ok(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf));
	zassert_equal_ptr(buf->data, memory, "it was copied");
	zassert_equal(buf->len, 5);
	zassert_mem_equal(buf->data, "hello", 5);
	zassert_equal(net_buf_tailroom(buf), SIZE - 5);
	zassert_equal(net_buf_headroom(buf), 0);
	zassert_equal(net_buf_ref_get(buf), 1);
	zassert_equal(*(uint32_t *)net_buf_user_data(buf), 0);
	/* The memory is the buffer's now, and only its. */
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -EINVAL);
	zassert_equal(rtio_cqe_get_mempool_buffer(reader->r, cqe, &memory, &len), -EINVAL);
	rtio_cqe_release(reader->r, cqe);
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 1);
	net_buf_unref(net_buf_ref(buf));
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 1);
	net_buf_unref(buf);
	expect_all_home();
}

ZTEST(bridge_rtio_pool, test_several_blocks)
{
	struct rtio_cqe *cqe = read_one(reader->r, "0123456789abcdef0123456789abcdef!");
	struct net_buf *buf;

	zassert_ok(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf));
	rtio_cqe_release(reader->r, cqe);
	zassert_equal(buf->len, 33);
	zassert_equal(buf->size, 3 * SIZE);
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 3);
	net_buf_unref(buf);
	expect_all_home();
}

ZTEST(bridge_rtio_pool, test_clones_share)
{
	struct rtio_cqe *cqe = read_one(reader->r, "hello");
	struct net_buf *clone;
	struct net_buf *buf;

	zassert_ok(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf));
	rtio_cqe_release(reader->r, cqe);
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_equal_ptr(clone->data, buf->data);
	net_buf_unref(buf);
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 1);
	zassert_mem_equal(clone->data, "hello", 5);
	buf = net_buf_clone(clone, K_NO_WAIT);
	net_buf_unref(clone);
	net_buf_unref(buf);
	expect_all_home();
}

/* Reads and allocations get the same blocks. */
ZTEST(bridge_rtio_pool, test_allocations)
{
	struct net_buf *all[BLOCKS];
	struct rtio_cqe *cqe;

	zassert_is_null(net_buf_alloc_len(pool, SIZE + 1, K_NO_WAIT));
	for (int i = 0; i < BLOCKS; i++) {
		all[i] = net_buf_alloc_len(pool, 1, K_NO_WAIT);
		zassert_not_null(all[i]);
		zassert_equal(all[i]->size, SIZE);
		zassert_equal(all[i]->len, 0);
		memset(net_buf_add(all[i], SIZE), i, SIZE);
	}
	for (int i = 0; i < BLOCKS; i++) {
		zassert_equal(all[i]->data[0], i);
		zassert_equal(all[i]->data[SIZE - 1], i);
	}
	zassert_equal(net_buf_pool_free_count(pool), 1);
	zassert_is_null(net_buf_alloc(pool, K_NO_WAIT), "a net_buf, but no block");
	zassert_equal(net_buf_pool_free_count(pool), 1);
	cqe = read_one(reader->r, "x");
	zassert_equal(cqe->result, -ENOMEM);
	rtio_cqe_release(reader->r, cqe);
	for (int i = 0; i < BLOCKS; i++) {
		net_buf_unref(all[i]);
	}
	expect_all_home();
}

ZTEST(bridge_rtio_pool, test_no_net_buf)
{
	struct rtio_cqe *cqe = read_one(reader->r, "hello");
	struct net_buf *all[BUFS];
	struct net_buf *buf;

	for (int i = 0; i < BUFS; i++) {
		all[i] = net_buf_alloc_len(pool, 0, K_NO_WAIT);
		zassert_not_null(all[i]);
	}
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -ENOBUFS);
	net_buf_unref(all[0]);
	zassert_ok(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf));
	zassert_mem_equal(buf->data, "hello", 5);
	net_buf_unref(buf);
	rtio_cqe_release(reader->r, cqe);
	for (int i = 1; i < BUFS; i++) {
		net_buf_unref(all[i]);
	}
}

ZTEST(bridge_rtio_pool, test_what_is_no_packet)
{
	struct rtio_cqe *cqe;
	struct net_buf *buf;

	line_end(&line, -EIO);
	rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(reader->r), &line.iodev, 0, NULL);
	zassert_ok(rtio_submit(reader->r, 1));
	cqe = rtio_cqe_consume(reader->r);
	zassert_equal(cqe->result, -EIO);
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -EINVAL);
	rtio_cqe_release(reader->r, cqe);
	/* A datagram of no bytes has no memory. */
	rtio_cqe_submit(reader->r, 0, NULL, RTIO_CQE_FLAG_PREP_MEMPOOL(0U, 0U));
	cqe = rtio_cqe_consume(reader->r);
	zassert_ok(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf));
	zassert_equal(buf->len, 0);
	zassert_is_null(buf->__buf);
	net_buf_unref(buf);
	rtio_cqe_release(reader->r, cqe);
	/* What flags and result cannot mean. */
	rtio_cqe_submit(reader->r, -EIO, NULL, RTIO_CQE_FLAG_PREP_MEMPOOL(0U, 1U));
	cqe = rtio_cqe_consume(reader->r);
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -EINVAL);
	rtio_cqe_release(reader->r, cqe);
	rtio_cqe_submit(reader->r, 1, NULL, RTIO_CQE_FLAG_PREP_MEMPOOL(3U, 2U));
	cqe = rtio_cqe_consume(reader->r);
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -EINVAL);
	rtio_cqe_release(reader->r, cqe);
	rtio_cqe_submit(reader->r, SIZE + 1, NULL, RTIO_CQE_FLAG_PREP_MEMPOOL(0U, 1U));
	cqe = rtio_cqe_consume(reader->r);
	zassert_equal(rtio_cqe_get_net_buf(pool, cqe, K_NO_WAIT, &buf), -EINVAL);
	assertions = 0;
	ztest_set_assert_valid(true);
	zassert_equal(rtio_cqe_get_net_buf(&other_bufs, cqe, K_NO_WAIT, &buf), -ENOTSUP);
	ztest_set_assert_valid(false);
	zassert_equal(assertions, IS_ENABLED(CONFIG_ASSERT) ? 1 : 0);
	rtio_cqe_release(reader->r, cqe);
}

ZTEST(bridge_rtio_pool, test_alignment_and_destroy)
{
	struct rtio_cqe *cqe = read_one(&own_io, "abc");
	struct net_buf *buf;

	zassert_equal(rtio_mempool_block_size(&own_io), 16);
	zassert_ok(rtio_cqe_get_net_buf(&own_bufs, cqe, K_NO_WAIT, &buf));
	zassert_equal((uintptr_t)buf->data % 16, 0);
	zassert_equal(buf->user_data_size, 8);
	rtio_cqe_release(&own_io, cqe);
	net_buf_unref(buf);
	zassert_equal(destroyed, 1);
	zassert_equal(rtio_net_buf_blocks_free(&own_bufs), 3);
	/* A context that is flushed gives the memory back. */
	rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(&own_io), &line.iodev, 0, NULL);
	line_feed(&line, "x");
	zassert_ok(rtio_submit(&own_io, 1));
	zassert_ok(rtio_flush_completion_queue(&own_io));
	zassert_equal(destroyed, 1);
}

/* ---- who waits for memory -------------------------------------------------------------------- */

static unsigned int called[2];
static bool wait_again;
static struct rtio_net_buf_waiter waiters[2];

static void tell(struct rtio_net_buf_waiter *waiter)
{
	unsigned int n = (unsigned int)(waiter - waiters);

	called[n]++;
	zassert_true(n == 0 || called[0] >= called[1], "in the order in which they came");
	/* The net_buf is home as well. */
	zassert_true(net_buf_pool_free_count(&own_bufs) > 0);
	if (wait_again) {
		zassert_equal(rtio_net_buf_await(&own_bufs, waiter), 1);
	}
}

ZTEST(bridge_rtio_pool, test_waiters)
{
	struct net_buf *all[3];

	memset(waiters, 0, sizeof(waiters));
	memset(called, 0, sizeof(called));
	waiters[0].home = tell;
	waiters[1].home = tell;
	wait_again = false;
	zassert_equal(rtio_net_buf_await(&own_bufs, &waiters[0]), 1, "there is memory");
	zassert_true(rtio_net_buf_forget(&own_bufs, &waiters[0]));
	zassert_false(rtio_net_buf_forget(&own_bufs, &waiters[0]));
	for (int i = 0; i < 3; i++) {
		all[i] = net_buf_alloc(&own_bufs, K_NO_WAIT);
		zassert_not_null(all[i]);
	}
	zassert_ok(rtio_net_buf_await(&own_bufs, &waiters[0]));
	zassert_ok(rtio_net_buf_await(&own_bufs, &waiters[1]));
	zassert_ok(rtio_net_buf_await(&own_bufs, &waiters[0]), "it goes on waiting");
	zassert_true(rtio_net_buf_forget(&own_bufs, &waiters[1]));
	zassert_ok(rtio_net_buf_await(&own_bufs, &waiters[1]));
	net_buf_unref(all[0]);
	zassert_equal(called[0], 1);
	zassert_equal(called[1], 1);
	net_buf_unref(all[1]);
	zassert_equal(called[0], 1, "once");
	/* Who waits again in that call is not called for the same block. */
	wait_again = true;
	(void)rtio_net_buf_await(&own_bufs, &waiters[0]);
	net_buf_unref(all[2]);
	zassert_equal(called[0], 2);
	zassert_true(rtio_net_buf_forget(&own_bufs, &waiters[0]));
}
