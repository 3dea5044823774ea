/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers in C++. */
#include <zephyr/rtio/shm/client.h>
#include <zephyr/rtio/shm/server.h>
#include <zephyr/ztest.h>

#include <sys/socket.h>

static void end_at_once(struct rtio_iodev_sqe *iodev_sqe)
{
	rtio_iodev_sqe_ok(iodev_sqe, 1);
}

static const struct rtio_iodev_api api = {end_at_once, nullptr, nullptr};
static RTIO_IODEV_DEFINE(iodev, &api, nullptr);
RTIO_DEFINE(ctx, 4, 5);
static struct rtio_shm_slot slots[4];
static const struct rtio_shm_iodev iodevs[] = {{&iodev, BIT(RTIO_OP_TINY_TX), 0}};
static struct rtio_shm_server server;
static struct rtio_shm_client client;

static void *serve(void *)
{
	return reinterpret_cast<void *>(static_cast<intptr_t>(rtio_shm_server_run(&server)));
}

ZTEST_SUITE(rtio_shm_language, NULL, NULL, NULL, NULL, NULL);

ZTEST(rtio_shm_language, test_cxx)
{
	struct rtio_shm_config config = {&ctx, iodevs, ARRAY_SIZE(iodevs), 4, 100, slots};
	const uint8_t bytes[] = {1, 2, 3};
	struct rtio_shm_cqe cqe;
	pthread_t thread;
	void *ended;
	int sockets[2];

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	zassert_ok(rtio_shm_server_open(&server, &config));
	zassert_ok(rtio_shm_server_send(&server, sockets[0]));
	zassert_ok(pthread_create(&thread, nullptr, serve, nullptr));
	zassert_ok(rtio_shm_client_open(&client, sockets[1], K_FOREVER));

	rtio_shm_sqe_prep_tiny_write(rtio_shm_sqe_acquire(&client), 0, RTIO_PRIO_NORM, bytes, 3, 7);
	zassert_equal(rtio_shm_submit(&client), 1);
	zassert_ok(rtio_shm_cqe_wait(&client, &cqe, K_FOREVER));
	zassert_equal(cqe.userdata, 7U);
	zassert_equal(cqe.result, 1);

	rtio_shm_client_close(&client);
	zassert_ok(pthread_join(thread, &ended));
	zassert_equal(reinterpret_cast<intptr_t>(ended), -EPIPE);
	zassert_ok(rtio_shm_server_close(&server));
}
