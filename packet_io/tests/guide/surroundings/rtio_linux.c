/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/mempool.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static uint32_t used;

static void use(const uint8_t *data, uint32_t len)
{
	zassert_mem_equal(data, "four", len);
	used += len;
}

#include "definitions.inc"

ZTEST(documents, test_rtio_linux)
{
	int ends[2];

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	zassert_equal(write(ends[1], "four", 4), 4);
	zassert_ok(close(ends[1]));
	zassert_equal(serve(ends[0]), -ENODATA);
	zassert_equal(used, 4);
	zassert_equal(rtio_mempool_num_free(r.block_pool), 64);
}
