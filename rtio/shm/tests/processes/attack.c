/* SPDX-License-Identifier: Apache-2.0 */
/** @file Processes that attack while the server works. */
#include "pair.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	rig_open(false);
}

ZTEST_SUITE(shm_attack, NULL, NULL, before, rig_after, NULL);

/*
 * Serve while @p fn attacks for a while, and until it has brought @p counter, if that is not NULL, to
 * @p least; then kill it: the server ends in time.
 */
static int attack(int (*fn)(struct rtio_shm_client *c), int ms, const uint32_t *counter,
		  uint32_t least)
{
	int64_t end = k_uptime_get() + 20000;
	pid_t child = pair_fork(fn);

	pair_serve();
	k_msleep(ms);
	while (counter != NULL && atomic32_load_relaxed(counter) < least && k_uptime_get() < end) {
		k_msleep(1);
	}
	(void)kill(child, SIGKILL);
	(void)pair_wait(child);
	return pair_join();
}

static uint32_t *word(struct rtio_shm_client *c, size_t offset)
{
	return (uint32_t *)(void *)((uint8_t *)c->header + offset);
}

/* Entries that are right and wrong by turns, while the server reads them. */
static int two_faces(struct rtio_shm_client *c)
{
	const uint32_t len = offsetof(struct rtio_shm_sqe, len) / 4;
	const uint32_t offset = offsetof(struct rtio_shm_sqe, rx_offset) / 4;
	const uint32_t iodev = offsetof(struct rtio_shm_sqe, iodev) / 4;
	struct rtio_shm_header *h = c->header;

	for (uint32_t i = 0; i < c->entries; i++) {
		struct rtio_shm_sqe *e = &c->sq[i];

		memset(e, 0, sizeof(*e));
		e->tag = i;
		e->generation = 1;
		e->op = RTIO_OP_RX;
	}
	for (;;) {
		uint32_t tail = h->sq_tail;

		/* As many as the server allows. */
		shared_store(&h->cq_head, shared_load(&h->cq_tail));
		shared_store(&h->sq_tail,
			     tail + (shared_load(&h->cq_tail) == tail ? c->entries : 0));
		if (shared_wake(&h->server_sleeps)) {
			rtio_shm_signal(c->bell_fd);
		}
		for (uint32_t i = 0; i < c->entries; i++) {
			uint32_t *e = (uint32_t *)(void *)&c->sq[i];

			atomic32_store_relaxed(&e[len], 0x7fffffff);
			atomic32_store_relaxed(&e[offset], 0x7fffffff);
			atomic32_store_relaxed(&e[iodev], 0x7fffffff);
			atomic32_store_relaxed(&e[iodev], 0);
			atomic32_store_relaxed(&e[offset], 0);
			atomic32_store_relaxed(&e[len], 16);
		}
	}
	return 0;
}

ZTEST(shm_attack, test_entries_that_change_while_they_are_read)
{
	zassert_equal(attack(two_faces, 400, &rig_server.stats.taken, 1), -EPIPE);
	TC_PRINT("%u entries, %u rejected\n", rig_server.stats.taken, rig_server.stats.rejected);
	zassert_true(rig_server.stats.taken > 0);
}

static int random_words(struct rtio_shm_client *c)
{
	uint32_t state = 31337;
	struct rtio_shm_header *h = c->header;

	for (;;) {
		size_t at = rig_random(&state) % (c->area_size / 4) * 4;

		if (at < offsetof(struct rtio_shm_header, sq_tail) ||
		    at > offsetof(struct rtio_shm_header, cq_head)) {
			atomic32_store_relaxed(word(c, at), rig_random(&state) % 64);
		}
		shared_store(&h->cq_head, shared_load(&h->cq_tail));
		if (rig_random(&state) % 16 == 0) {
			shared_store(&h->sq_tail, h->sq_tail + 1);
			rtio_shm_signal(c->bell_fd);
		}
	}
	return 0;
}

ZTEST(shm_attack, test_words_anywhere)
{
	int ret = attack(random_words, 400, NULL, 0);

	zassert_true(ret == -EPIPE || ret == -EPROTO);
}

/* The client's end of the server's bell is a view; what it can do to its own bell harms nobody. */
static int bells(struct rtio_shm_client *c)
{
	const uint64_t full = UINT64_MAX - 1;
	uint64_t got;
	struct rtio_shm_cqe cqe;

	if (write(c->view_fd, &full, sizeof(full)) >= 0 ||
	    read(c->view_fd, &got, sizeof(got)) >= 0) {
		return 1;
	}
	(void)fcntl(c->view_fd, F_SETFL, 0);
	(void)fcntl(c->bell_fd, F_SETFL, 0);
	(void)fcntl(c->socket, F_SETFL, 0);
	while (send(c->socket, &full, sizeof(full), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
	}
	(void)write(c->bell_fd, &full, sizeof(full));
	(void)read(c->bell_fd, &got, sizeof(got));
	for (uint32_t i = 0; i < 1000; i++) {
		shared_store(&c->header->client_sleeps, 0xffffffff);
		rtio_shm_sqe_prep_nop(rtio_shm_sqe_acquire(c), RIG_FULL, i);
		if (rtio_shm_submit(c) != 1) {
			return 2;
		}
		rtio_shm_signal(c->bell_fd);
		if (rtio_shm_cqe_wait(c, &cqe, K_SECONDS(20)) != 0 || cqe.userdata != i) {
			return 3;
		}
	}
	return 0;
}

ZTEST(shm_attack, test_descriptors_block_nobody)
{
	pid_t child = pair_fork(bells);

	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
}

/* What the client says over the socket is not even a wake-up. */
static int talk(struct rtio_shm_client *c)
{
	char text[512] = {0};

	for (int i = 0; i < 50; i++) {
		(void)send(c->socket, text, sizeof(text), MSG_DONTWAIT | MSG_NOSIGNAL);
		(void)usleep(1000);
	}
	return 0;
}

ZTEST(shm_attack, test_talk_wakes_nobody)
{
	pid_t child = pair_fork(talk);

	pair_serve();
	zassert_ok(pair_wait(child));
	zassert_equal(pair_join(), -EPIPE);
	zassert_true(rig_server.stats.turns < 10, "%u turns", rig_server.stats.turns);
}

/* Rings without reason: at most a turn for each, and other threads have the CPU they need. */
static int ring_for_ever(struct rtio_shm_client *c)
{
	for (;;) {
		rtio_shm_signal(c->bell_fd);
		c->header->cancel_count++;
	}
	return 0;
}

ZTEST(shm_attack, test_ringing_for_ever)
{
	zassert_equal(attack(ring_for_ever, 200, NULL, 0), -EPIPE);
	zassert_equal(rig_server.stats.taken, 0);
}

/* Never consumes, never stops submitting; rings so often that what it costs can be counted. */
static int deaf_client(struct rtio_shm_client *c)
{
	struct rtio_shm_header *h = c->header;

	for (uint32_t i = 0; i < c->entries; i++) {
		c->sq[i] = rig_entry(RTIO_OP_NOP, i, i);
	}
	shared_store(&h->sq_tail, c->entries);
	rtio_shm_signal(c->bell_fd);
	while (shared_load(&h->cq_tail) != c->entries) {
		(void)usleep(100);
	}
	shared_store(&h->sq_tail, 2 * c->entries);
	for (int i = 0; i < 500; i++) {
		rtio_shm_signal(c->bell_fd);
		(void)usleep(1000);
	}
	(void)pause();
	return 0;
}

ZTEST(shm_attack, test_a_client_that_does_not_consume)
{
	zassert_equal(attack(deaf_client, 200, &rig_server.stats.stalls, 1), -EPIPE);
	zassert_equal(rig_server.stats.taken, RIG_ENTRIES);
	zassert_true(rig_server.stats.stalls > 0);
	zassert_true(rig_server.stats.turns < 1000, "%u turns", rig_server.stats.turns);
}
