/* SPDX-License-Identifier: Apache-2.0 */
/** @file Two processes at work, and asleep. */
#include "pair.h"

#include <sys/resource.h>
#include <time.h>

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	rig_open(false);
}

ZTEST_SUITE(shm_work, NULL, NULL, before, rig_after, NULL);

#define REQUESTS 20000U

/* Keep as many requests under way as there are; check every answer and all data. */
static int stream(struct rtio_shm_client *c)
{
	uint8_t *data = rtio_shm_data(c);
	uint32_t submitted = 0;
	uint32_t answered = 0;

	while (answered < REQUESTS) {
		struct rtio_shm_sqe *sqe;
		struct rtio_shm_cqe cqe;

		while (submitted < REQUESTS && (sqe = rtio_shm_sqe_acquire(c)) != NULL) {
			uint32_t at = sqe->tag * 128;

			memset(data + at, (int)(submitted & 0xff), 64);
			rtio_shm_sqe_prep_transceive(sqe, RIG_FULL, RTIO_PRIO_LOW, at, at + 64, 64,
						     submitted++);
		}
		if (rtio_shm_submit(c) < 0 || rtio_shm_cqe_wait(c, &cqe, K_SECONDS(20)) != 0) {
			return 1;
		}
		do {
			uint32_t at = cqe.tag * 128;

			if (cqe.result != 64 || cqe.userdata != answered++) {
				return 2;
			}
			if (memcmp(data + at, data + at + 64, 64) != 0 ||
			    data[at] != (uint8_t)cqe.userdata) {
				return 3;
			}
		} while (rtio_shm_cqe_consume(c, &cqe) == 0);
	}
	return 0;
}

ZTEST(shm_work, test_a_stream_of_requests)
{
	const struct rtio_shm_stats *stats = &rig_server.stats;
	pid_t child = pair_fork(stream);

	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	zassert_equal(stats->taken, REQUESTS);
	zassert_equal(stats->completed, REQUESTS);
	zassert_equal(stats->rejected + stats->stalls, 0);
	TC_PRINT("%u requests: the server slept %u times, woke the client %u times\n", REQUESTS,
		 stats->sleeps, stats->wakes);
	zassert_true(stats->wakes < REQUESTS / 4, "it is woken for nearly each");
	zassert_true(stats->sleeps < REQUESTS / 4, "it sleeps after nearly each");
}

/*
 * One at a time: each side sleeps nearly each time. As often as a busy machine lets it in some seconds; it
 * leaves how often that was.
 */
static int ping_pong(struct rtio_shm_client *c)
{
	uint32_t *count = (uint32_t *)(void *)rtio_shm_data(c);
	int64_t end = k_uptime_get() + 10000;

	for (uint32_t i = 0; i < 2000 && k_uptime_get() < end; i++) {
		struct rtio_shm_cqe cqe;

		rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(c), RIG_FULL, i);
		if (rtio_shm_submit(c) != 1 || rtio_shm_cqe_wait(c, &cqe, K_SECONDS(20)) != 0 ||
		    cqe.userdata != i) {
			return 1;
		}
		atomic32_store_relaxed(count, i + 1);
	}
	return 0;
}

ZTEST(shm_work, test_ping_pong)
{
	pid_t child = pair_fork(ping_pong);

	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	zassert_true(rig_server.stats.completed > 0);
	zassert_equal(rig_server.stats.completed, *(uint32_t *)(void *)rig_server.data);
}

ZTEST(shm_work, test_devices_that_end_later)
{
	pid_t child = pair_fork(ping_pong);

	pair_devices_start();
	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	pair_devices_stop();
}

/* CPU time of this process in microseconds. */
static int64_t cpu_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static long switches(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

/* Wait for what does not come, until the server stops. @return 0 if that cost nothing. */
static int idle_client(struct rtio_shm_client *c)
{
	struct rtio_shm_cqe cqe;
	int64_t cpu;
	long before;

	/* Once, so that everything has been used. */
	rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(c), RIG_FULL, 1);
	if (rtio_shm_submit(c) != 1 || rtio_shm_cqe_wait(c, &cqe, K_SECONDS(20)) != 0) {
		return 1;
	}
	cpu = cpu_us();
	before = switches();
	if (rtio_shm_cqe_wait(c, &cqe, K_FOREVER) != -EPIPE) {
		return 2;
	}
	return cpu_us() - cpu > 20000 ? 3 : switches() - before > 10 ? 4 : 0;
}

ZTEST(shm_work, test_idle_costs_nothing)
{
	int64_t end = k_uptime_get() + 20000;
	pid_t child = pair_fork(idle_client);
	uint32_t turns;
	int64_t cpu;

	pair_serve();
	while (atomic32_load_relaxed(&rig_server.stats.completed) == 0) {
		k_msleep(1);
	}
	/* On a busy machine it comes to rest late. */
	do {
		turns = atomic32_load_relaxed(&rig_server.stats.turns);
		cpu = cpu_us();
		k_msleep(300);
		cpu = cpu_us() - cpu;
	} while (atomic32_load_relaxed(&rig_server.stats.turns) != turns && k_uptime_get() < end);
	zassert_equal(atomic32_load_relaxed(&rig_server.stats.turns), turns, "it did something");
	zassert_true(cpu < 20000, "%d us of CPU time while idle", (int)cpu);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(pair_join(), -ECANCELED);
	zassert_ok(pair_wait(child));
}

static int wait_for_nothing(struct rtio_shm_client *c)
{
	struct rtio_shm_cqe cqe;

	int ret;

	if (rtio_shm_cqe_wait(c, &cqe, K_NO_WAIT) != -EAGAIN ||
	    rtio_shm_cqe_wait(c, &cqe, K_MSEC(3)) != -EAGAIN) {
		return 1;
	}
	/* To say that it goes on to wait. */
	rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(c), RIG_FULL, 1);
	if (rtio_shm_submit(c) != 1) {
		return 2;
	}
	do {
		ret = rtio_shm_cqe_wait(c, &cqe, K_FOREVER);
	} while (ret == 0);
	return ret == -EPIPE ? 0 : 3;
}

ZTEST(shm_work, test_stopping_tells_the_client)
{
	pid_t child = pair_fork(wait_for_nothing);

	pair_serve();
	while (atomic32_load_relaxed(&rig_server.stats.completed) == 0) {
		k_msleep(1);
	}
	k_msleep(30);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(pair_join(), -ECANCELED);
	zassert_ok(pair_wait(child));
}

static int cancel_from_afar(struct rtio_shm_client *c)
{
	struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(c);
	rtio_shm_handle_t handle = rtio_shm_sqe_handle(sqe);
	struct rtio_shm_cqe cqe;

	rtio_shm_sqe_prep_read(sqe, RIG_FULL, RTIO_PRIO_LOW, 0, 100, 1);
	if (rtio_shm_submit(c) != 1 || rtio_shm_cqe_wait(c, &cqe, K_MSEC(20)) != -EAGAIN ||
	    rtio_shm_cancel(c, handle) != 0) {
		return 1;
	}
	return rtio_shm_cqe_wait(c, &cqe, K_SECONDS(20)) == 0 && cqe.result == -ECANCELED ? 0 : 2;
}

ZTEST(shm_work, test_cancelling_wakes_the_server)
{
	pid_t child;

	rig_devices[RIG_FULL].later = true;
	child = pair_fork(cancel_from_afar);
	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
}
