/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <bridge/net_buf_rtio.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/rtio/fd.h>

#include <unistd.h>

static struct rtio_fd uart;

#include "definitions.inc"

ZTEST(documents, test_net_buf_rtio)
{
	struct rtio_cqe *cqe;
	struct net_buf *buf;
	int ends[2];
	int res;

	zassert_ok(pipe(ends));
	zassert_ok(rtio_fd_init(&uart, ends[0], RTIO_FD_OWNED));
	zassert_equal(write(ends[1], "four", 4), 4);
#include "step_1.inc"
	zassert_ok(res);
	zassert_equal(buf->len, 4);
	zassert_mem_equal(buf->data, "four", 4);
	rtio_cqe_release(&rx, cqe);
	net_buf_unref(buf);
	zassert_ok(rtio_fd_close(&uart));
	zassert_ok(close(ends[1]));
	zassert_equal(net_buf_pool_free_count(&rx_bufs), rx_bufs.buf_count);
}
