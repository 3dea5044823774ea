/* SPDX-License-Identifier: Apache-2.0 */
/** @file Clients and servers that die, at any point. */
#include "pair.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

ZTEST_SUITE(shm_death, NULL, NULL, NULL, NULL, NULL);

static uint32_t steps_left;

/* One more thing that a client has done; it dies after so many. */
static void step(void)
{
	if (steps_left-- == 0) {
		(void)kill(getpid(), SIGKILL);
	}
}

/* Some of everything, for ever. */
static int busy(struct rtio_shm_client *c)
{
	uint32_t state = 4711;
	struct rtio_shm_cqe cqe;

	for (;;) {
		rtio_shm_handle_t handle = 0;

		for (uint32_t n = rig_random(&state) % 5 + 1; n > 0; n--) {
			struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(c);

			step();
			if (sqe == NULL) {
				rtio_shm_sqe_drop_all(c);
				break;
			}
			handle = rtio_shm_sqe_handle(sqe);
			rtio_shm_sqe_prep_transceive(sqe, n % 2, RTIO_PRIO_LOW, n * 10, n * 20, 100,
						     n);
			sqe->flags |= n > 1 && n % 2 == 0 ? RTIO_SQE_CHAINED : 0;
			step();
		}
		(void)rtio_shm_submit(c);
		step();
		if (rig_random(&state) % 3 == 0) {
			(void)rtio_shm_cancel(c, handle);
			step();
		}
		while (rtio_shm_cqe_wait(c, &cqe, K_USEC(100)) == 0) {
			step();
		}
	}
	return 0;
}

/* A server whose client dies is as new afterwards; rig_close() looks. */
static void end_of_a_life(pid_t child)
{
	zassert_equal(pair_wait(child), -SIGKILL);
	zassert_equal(pair_join(), -EPIPE);
	rig_close();
}

ZTEST(shm_death, test_after_each_step)
{
	int64_t began = k_uptime_get();

	for (uint32_t n = 0; n < 60; n += pair_has_time(began) ? 1 : 7) {
		pid_t child;

		rig_open(false);
		steps_left = n;
		child = pair_fork(busy);
		pair_devices_start();
		pair_serve();
		zassert_equal(pair_wait(child), -SIGKILL);
		zassert_equal(pair_join(), -EPIPE);
		pair_devices_stop();
		rig_close();
	}
}

ZTEST(shm_death, test_at_any_moment)
{
	uint32_t state = 77;

	int64_t began = k_uptime_get();

	steps_left = UINT32_MAX;
	for (uint32_t n = 0; n < 100 && pair_has_time(began); n++) {
		pid_t child;

		rig_open(false);
		rig_devices[RIG_OTHER].later = n % 2 != 0;
		child = pair_fork(busy);
		pair_serve();
		k_usleep((int32_t)(rig_random(&state) % 3000));
		zassert_ok(kill(child, SIGKILL));
		end_of_a_life(child);
	}
}

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)

static int traced(struct rtio_shm_client *c)
{
	struct rtio_shm_cqe cqe;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) {
		return 1;
	}
	(void)raise(SIGSTOP);
	for (;;) {
		struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(c);
		rtio_shm_handle_t handle = rtio_shm_sqe_handle(sqe);

		rtio_shm_sqe_prep_nop(sqe, RIG_FULL, 1);
		(void)rtio_shm_submit(c);
		(void)rtio_shm_cancel(c, handle);
		(void)rtio_shm_cqe_wait(c, &cqe, K_MSEC(1));
	}
	return 0;
}

/* Between any two instructions of a round; which ones differs from run to run of a repeated test. */
ZTEST(shm_death, test_between_instructions)
{
	static uint32_t state = 99;
	int64_t began = k_uptime_get();

	for (uint32_t n = 1; n < 1000 && pair_has_time(began); n += 1 + rig_random(&state) % 40) {
		pid_t child;
		int status;

		rig_open(false);
		child = pair_fork(traced);
		pair_serve();
		zassert_equal(waitpid(child, &status, 0), child);
		zassert_true(WIFSTOPPED(status));
		for (uint32_t i = 0; i < n; i++) {
			zassert_ok(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL));
			zassert_equal(waitpid(child, &status, 0), child);
			zassert_true(WIFSTOPPED(status));
		}
		zassert_ok(kill(child, SIGKILL));
		end_of_a_life(child);
	}
}

#endif

/* Have two devices read for it. */
static int reads(struct rtio_shm_client *c)
{
	rtio_shm_sqe_prep_read(rtio_shm_sqe_acquire(c), RIG_FULL, RTIO_PRIO_LOW, 0, RIG_DATA, 1);
	rtio_shm_sqe_prep_read(rtio_shm_sqe_acquire(c), RIG_OTHER, RTIO_PRIO_LOW, 0, RIG_DATA, 1);
	(void)rtio_shm_submit(c);
	(void)pause();
	return 0;
}

/* Wait until both devices have begun a request, or have been asked to stop it. */
static void wait_for_both(bool asked)
{
	uint32_t n;

	do {
		n = 0;
		for (uint32_t i = RIG_FULL; i <= RIG_OTHER; i++) {
			struct sim *dev = &rig_devices[i];
			k_spinlock_key_t key = k_spin_lock(&dev->lock);

			n += asked ? dev->asked : dev->started;
			k_spin_unlock(&dev->lock, key);
		}
		k_msleep(1);
	} while (n < 2);
}

/* Devices that go on writing after their client has died, and cannot be stopped. */
ZTEST(shm_death, test_the_area_lives_as_long_as_the_last_request)
{
	struct sim *a = &rig_devices[RIG_FULL];
	struct sim *b = &rig_devices[RIG_OTHER];
	pid_t child;

	rig_open(false);
	a->later = a->deaf = true;
	b->later = b->deaf = true;
	child = pair_fork(reads);
	pair_serve();
	wait_for_both(false);
	zassert_ok(kill(child, SIGKILL));
	zassert_equal(pair_wait(child), -SIGKILL);
	wait_for_both(true);
	zassert_equal(rig_count_areas(), 1);
	memset(rig_server.data, 0xa5, RIG_DATA);
	zassert_true(sim_end(a, 1));
	k_msleep(20);
	zassert_equal(rig_count_areas(), 1);
	memset(rig_server.data, 0x5a, RIG_DATA);
	zassert_true(sim_end(b, 1));
	zassert_equal(pair_join(), -EPIPE);
	rig_close();
}

static int leave_politely(struct rtio_shm_client *c)
{
	rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(c), RIG_FULL, 1);
	(void)rtio_shm_submit(c);
	rtio_shm_client_close(c);
	return 0;
}

ZTEST(shm_death, test_leaving)
{
	pid_t child;

	rig_open(false);
	child = pair_fork(leave_politely);
	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	rig_close();
}

static int shut_down(struct rtio_shm_client *c)
{
	struct rtio_shm_cqe cqe;

	(void)shutdown(c->socket, SHUT_WR);
	return rtio_shm_cqe_wait(c, &cqe, K_FOREVER) == -EPIPE ? 0 : 1;
}

ZTEST(shm_death, test_half_closed_is_closed)
{
	pid_t child;

	rig_open(false);
	child = pair_fork(shut_down);
	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	rig_close();
}

/* A server is two threads, which a process with a thread sanitizer cannot start after fork(). */
#ifndef __SANITIZE_THREAD__

/* ---- the other way --------------------------------------------------------------------------- */

/* A server in a process of its own. @return it; *@p socket is for its client. */
static pid_t start_server(int *socket)
{
	int sockets[2];
	pid_t pid;

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets));
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)close(sockets[1]);
		sim_init(&rig_devices[RIG_FULL]);
		if (rtio_shm_server_open(&rig_server, &rig_config) != 0) {
			_exit(1);
		}
		rig_devices[RIG_FULL].low = rig_server.data;
		rig_devices[RIG_FULL].high = rig_server.data + RIG_DATA;
		if (rtio_shm_server_send(&rig_server, sockets[0]) != 0) {
			_exit(2);
		}
		_exit(rtio_shm_server_run(&rig_server) == -EPIPE ? 0 : 3);
	}
	zassert_true(pid > 0);
	(void)close(sockets[0]);
	*socket = sockets[1];
	return pid;
}

ZTEST(shm_death, test_the_server_is_killed_and_started_again)
{
	int fds = rig_count_fds();
	struct rtio_shm_cqe cqe;
	pid_t server;
	int socket;

	for (int i = 0; i < 10; i++) {
		server = start_server(&socket);
		zassert_ok(rtio_shm_client_open(&rig_client, socket, K_SECONDS(20)));
		for (uint32_t k = 0; k < 3; k++) {
			rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(&rig_client), RIG_FULL, k);
			zassert_equal(rtio_shm_submit(&rig_client), 1);
			zassert_ok(rtio_shm_cqe_wait(&rig_client, &cqe, K_SECONDS(20)));
			zassert_equal(cqe.userdata, k);
		}
		zassert_ok(kill(server, SIGKILL));
		zassert_equal(rtio_shm_cqe_wait(&rig_client, &cqe, K_FOREVER), -EPIPE);
		/* Its memory is still there; nobody looks at it any more. */
		memset(rtio_shm_data(&rig_client), 0, RIG_DATA);
		zassert_equal(rtio_shm_cqe_wait(&rig_client, &cqe, K_FOREVER), -EPIPE);
		rtio_shm_client_close(&rig_client);
		zassert_equal(pair_wait(server), -SIGKILL);
		zassert_equal(rig_count_fds(), fds);
		zassert_equal(rig_count_areas(), 0);
	}
	server = start_server(&socket);
	zassert_ok(rtio_shm_client_open(&rig_client, socket, K_SECONDS(20)));
	rtio_shm_client_close(&rig_client);
	zassert_ok(pair_wait(server));
}

#endif
