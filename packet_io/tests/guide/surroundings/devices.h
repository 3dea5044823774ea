/* SPDX-License-Identifier: Apache-2.0 */
/** @file For blocks that carry what comes from a device to another: both are sockets. */
#ifndef SURROUNDINGS_DEVICES_H_
#define SURROUNDINGS_DEVICES_H_

#include <zephyr/ztest.h>
#include <bridge/packet_rtio.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/rtio/fd.h>

#include <sys/socket.h>
#include <unistd.h>

static struct rtio_fd uart;
static struct rtio_fd spi;

/* Four bytes into `uart` come out of `spi` while @p run, which does not end, serves @p source. */
static inline void check_devices(k_thread_entry_t run, struct packet_source_rtio *source,
				 struct net_buf_pool *pool)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	int in[2];
	int out[2];
	char got[4];

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, in));
	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, out));
	zassert_ok(rtio_fd_init(&uart, in[0], RTIO_FD_OWNED));
	zassert_ok(rtio_fd_init(&spi, out[0], RTIO_FD_OWNED));
	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run, NULL, NULL, NULL,
			      1, 0, K_NO_WAIT);
	zassert_equal(write(in[1], "four", 4), 4);
	zassert_equal(read(out[1], got, 4), 4);
	zassert_mem_equal(got, "four", 4);
	zassert_ok(close(in[1]));
	while (packet_source_rtio_state_get(source) != PACKET_SOURCE_RTIO_IDLE) {
		(void)k_msleep(1);
	}
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(10)));
	zassert_ok(rtio_fd_close(&uart));
	zassert_ok(rtio_fd_close(&spi));
	zassert_ok(close(out[1]));
	zassert_equal(net_buf_pool_free_count(pool), pool->buf_count);
}

#endif /* SURROUNDINGS_DEVICES_H_ */
