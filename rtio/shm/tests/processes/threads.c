/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Client and server in one process and one mapping: a thread sanitizer sees how they take turns with
 * entries, completions and data, which between two mappings it cannot.
 */
#include "pair.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	rig_open(true);
	rig_share();
}

ZTEST_SUITE(shm_threads, NULL, NULL, before, rig_after, NULL);

#define REQUESTS 5000U

static rtio_shm_handle_t last;
static uint32_t stop;

/* Cancel what was submitted last, again and again. */
static void *cancel(void *arg)
{
	ARG_UNUSED(arg);
	while (atomic32_load_acquire(&stop) == 0) {
		(void)rtio_shm_cancel(&rig_client, __atomic_load_n(&last, __ATOMIC_RELAXED));
		k_usleep(20);
	}
	return NULL;
}

/* Fill, submit, wait and check, @p n requests. */
static void work(uint32_t n, bool cancelled)
{
	uint8_t *data = rtio_shm_data(&rig_client);
	uint32_t submitted = 0;
	uint32_t answered = 0;

	while (answered < n) {
		struct rtio_shm_sqe *sqe;
		struct rtio_shm_cqe cqe;

		while (submitted < n && (sqe = rtio_shm_sqe_acquire(&rig_client)) != NULL) {
			uint32_t at = sqe->tag * 128;

			memset(data + at, (int)(submitted & 0xff), 64);
			rtio_shm_sqe_prep_transceive(sqe, RIG_FULL, RTIO_PRIO_LOW, at, at + 64, 64,
						     submitted++);
			__atomic_store_n(&last, rtio_shm_sqe_handle(sqe), __ATOMIC_RELAXED);
		}
		zassert_true(rtio_shm_submit(&rig_client) >= 0);
		zassert_ok(rtio_shm_cqe_wait(&rig_client, &cqe, K_SECONDS(60)));
		do {
			uint32_t at = cqe.tag * 128;

			answered++;
			if (cqe.result == -ECANCELED && cancelled) {
				continue;
			}
			zassert_true(cqe.result >= 0);
			zassert_mem_equal(data + at, data + at + 64, 64);
		} while (rtio_shm_cqe_consume(&rig_client, &cqe) == 0);
	}
}

ZTEST(shm_threads, test_client_and_server)
{
	pair_serve();
	work(REQUESTS, false);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(pair_join(), -ECANCELED);
}

ZTEST(shm_threads, test_client_server_and_devices)
{
	pair_devices_start();
	pair_serve();
	work(REQUESTS / 10, false);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(pair_join(), -ECANCELED);
	pair_devices_stop();
}

ZTEST(shm_threads, test_one_more_who_cancels)
{
	pthread_t thread;

	stop = 0;
	zassert_ok(pthread_create(&thread, NULL, cancel, NULL));
	pair_devices_start();
	pair_serve();
	work(REQUESTS / 10, true);
	atomic32_store_release(&stop, 1);
	zassert_ok(pthread_join(thread, NULL));
	rtio_shm_server_stop(&rig_server);
	zassert_equal(pair_join(), -ECANCELED);
	pair_devices_stop();
}
