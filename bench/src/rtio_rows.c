/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Requests whose device does nothing, from acquire to release, beside an atomic read-modify-write of the
 * same run and io_uring's own request that does nothing; reads into the pool; delays.
 */
#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/rtio.h>

#include <pthread.h>
#include <stdlib.h>

#include "bench.h"
#include "peer_uring.h"

#define MOST     32
#define DELAYS   10000
#define TOGETHER 32

RTIO_DEFINE(requests, MOST, MOST);
RTIO_DEFINE(shared, MOST, MOST);
RTIO_DEFINE_WITH_MEMPOOL(pooled, 4, 4, 8, 64, 64);
RTIO_DEFINE(delays, DELAYS + TOGETHER + 1, DELAYS + TOGETHER + 1);

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

/* ---- requests that do nothing ---------------------------------------------------------------- */

static void end_at_once(struct rtio_iodev_sqe *iodev_sqe)
{
	rtio_iodev_sqe_ok(iodev_sqe, 0);
}

static const struct rtio_iodev_api at_once_api = {.submit = end_at_once};
static const struct rtio_iodev at_once = {&at_once_api, NULL};

/* @p batch requests with @p link between them, n times. */
static inline __attribute__((always_inline)) double nops(struct rtio *r, unsigned long n,
							 uint32_t batch, uint16_t link)
{
	double begin = bench_now();

	while (n-- > 0) {
		for (uint32_t i = 0; i < batch; i++) {
			struct rtio_sqe *sqe = rtio_sqe_acquire(r);

			rtio_sqe_prep_nop(sqe, &at_once, NULL);
			if (link != 0 && i + 1 < batch) {
				sqe->flags = link;
			}
		}
		(void)rtio_submit(r, batch);
		for (uint32_t i = 0; i < batch; i++) {
			rtio_cqe_release(r, rtio_cqe_consume(r));
		}
	}
	return bench_now() - begin;
}

static double nop_1(unsigned long n)
{
	return nops(&requests, n, 1, 0);
}

static double nop_8(unsigned long n)
{
	return nops(&requests, n, 8, 0);
}

static double nop_32(unsigned long n)
{
	return nops(&requests, n, MOST, 0);
}

static double chain_8(unsigned long n)
{
	return nops(&requests, n, 8, RTIO_SQE_CHAINED);
}

static double transaction_4(unsigned long n)
{
	return nops(&requests, n, 4, RTIO_SQE_TRANSACTION);
}

static void *use_shared(void *times)
{
	(void)nops(&shared, *(unsigned long *)times, 1, 0);
	return NULL;
}

/* A context of which another thread has used as well, for a moment. */
static double nop_8_shared(unsigned long n)
{
	unsigned long once = 1;
	pthread_t other;
	double ns = 0;

	for (unsigned int part = 0; part < 8; part++) {
		(void)nops(&shared, 1, 8, 0);
		must(pthread_create(&other, NULL, use_shared, &once) == 0);
		must(pthread_join(other, NULL) == 0);
		ns += nops(&shared, n / 8 + (part < n % 8 ? 1 : 0), 8, 0);
	}
	return ns;
}

/* ---- reads into the pool --------------------------------------------------------------------- */

static struct rtio_iodev_sqe *reading; /* by the device that ends when it is told to */

static void fill_at_once(struct rtio_iodev_sqe *iodev_sqe)
{
	uint8_t *buf;
	uint32_t len;

	must(rtio_sqe_rx_buf(iodev_sqe, 1, 64, &buf, &len) == 0);
	rtio_iodev_sqe_ok(iodev_sqe, (int)len);
}

static void read_later(struct rtio_iodev_sqe *iodev_sqe)
{
	reading = iodev_sqe;
}

static const struct rtio_iodev_api filling_api = {.submit = fill_at_once};
static const struct rtio_iodev filling = {&filling_api, NULL};
static const struct rtio_iodev_api later_api = {.submit = read_later};
static const struct rtio_iodev later = {&later_api, NULL};

static void take_block(void)
{
	struct rtio_cqe *cqe = rtio_cqe_consume(&pooled);
	uint8_t *buf;
	uint32_t len;

	must(rtio_cqe_get_mempool_buffer(&pooled, cqe, &buf, &len) == 0);
	rtio_release_buffer(&pooled, buf, len);
	rtio_cqe_release(&pooled, cqe);
}

static double pool_read(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(&pooled), &filling, 0, NULL);
		(void)rtio_submit(&pooled, 1);
		take_block();
	}
	return bench_now() - begin;
}

static double multishot_read(unsigned long n)
{
	struct rtio_cqe *cqe;
	double begin;

	rtio_sqe_prep_read_multishot(rtio_sqe_acquire(&pooled), &later, 0, NULL);
	(void)rtio_submit(&pooled, 0);
	begin = bench_now();
	while (n-- > 0) {
		fill_at_once(reading);
		take_block();
	}
	begin = bench_now() - begin;
	rtio_iodev_sqe_err(reading, -EIO);
	cqe = rtio_cqe_consume(&pooled);
	must(cqe->result == -EIO);
	rtio_cqe_release(&pooled, cqe);
	return begin;
}

/* ---- delays ---------------------------------------------------------------------------------- */

/* Have @p count delays pending that do not pass meanwhile, nor in the order in which they were asked. */
static void delays_begin(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		rtio_sqe_prep_delay(rtio_sqe_acquire(&delays), K_SECONDS(1000 + i * 7919 % DELAYS),
				    NULL);
	}
	(void)rtio_submit(&delays, 0);
}

static void delays_end(void)
{
	struct rtio_cqe *cqe;

	(void)rtio_cancel_all(&delays, NULL);
	while ((cqe = rtio_cqe_consume(&delays)) != NULL) {
		rtio_cqe_release(&delays, cqe);
	}
}

/* One more delay comes, somewhere among @p pending others, and is cancelled. */
static double delay_insert(unsigned long n, uint32_t pending)
{
	double begin;

	delays_begin(pending);
	begin = bench_now();
	for (unsigned long i = 0; i < n; i++) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&delays);
		rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

		rtio_sqe_prep_delay(sqe, K_SECONDS(1000 + i * 6151 % DELAYS), NULL);
		(void)rtio_submit(&delays, 0);
		must(rtio_cancel(&delays, handle) == 0);
		rtio_cqe_release(&delays, rtio_cqe_consume(&delays));
	}
	begin = bench_now() - begin;
	delays_end();
	return begin;
}

/* Some pass together, of those that come first among @p pending others. */
static double delay_expire(unsigned long n, uint32_t pending)
{
	double begin;

	delays_begin(pending);
	begin = bench_now();
	while (n-- > 0) {
		for (uint32_t i = 0; i < TOGETHER; i++) {
			rtio_sqe_prep_delay(rtio_sqe_acquire(&delays), K_TICKS(1), NULL);
		}
		(void)rtio_submit(&delays, TOGETHER);
		for (uint32_t i = 0; i < TOGETHER; i++) {
			rtio_cqe_release(&delays, rtio_cqe_consume(&delays));
		}
	}
	begin = bench_now() - begin;
	delays_end();
	return begin;
}

#define DELAY_RUNS(pending)                                                                        \
	static double insert_##pending(unsigned long n)                                            \
	{                                                                                          \
		return delay_insert(n, (pending)-1);                                               \
	}                                                                                          \
	static double expire_##pending(unsigned long n)                                            \
	{                                                                                          \
		return delay_expire(n, (pending)-1);                                               \
	}

DELAY_RUNS(1)
DELAY_RUNS(100)
DELAY_RUNS(10000)

/* ---- peers ----------------------------------------------------------------------------------- */

/* The atomic operations of a lock that nobody holds: what all of this is compared with. */
static double atomics(unsigned long n, uint32_t times)
{
	static uint32_t word;
	double begin = bench_now();

	for (n *= times; n > 0; n--) {
		(void)__atomic_fetch_add(&word, 1, __ATOMIC_ACQ_REL);
	}
	return bench_now() - begin;
}

static double uring_nops(unsigned long n, uint32_t batch)
{
	double begin = bench_now();

	while (n-- > 0) {
		for (uint32_t i = 0; i < batch; i++) {
			peer_uring_nop();
		}
		peer_uring_answers(batch, 0);
	}
	return bench_now() - begin;
}

#define PEER_RUNS(batch)                                                                           \
	static double atomics_##batch(unsigned long n)                                             \
	{                                                                                          \
		return atomics(n, batch);                                                          \
	}                                                                                          \
	static double uring_nops_##batch(unsigned long n)                                          \
	{                                                                                          \
		return uring_nops(n, batch);                                                       \
	}

PEER_RUNS(1)
PEER_RUNS(4)
PEER_RUNS(8)
PEER_RUNS(32)

/* ---- rows ------------------------------------------------------------------------------------ */

#define ATOMIC "atomic read-modify-write"
#define NOP    "liburing NOP"

#define ROW(title, ours, batch, most, wanted, i_most, i_aim)                                       \
	{                                                                                          \
		.work = (title), .run = (ours), .per_op = (batch),                                 \
		.instructions_target = (i_most), .instructions_aim = (i_aim),                      \
		.peers = {                                                                         \
			{.name = ATOMIC, .run = atomics_##batch, .target = (most),                 \
			 .aim = (wanted)},                                                         \
			{.name = NOP, .run = uring_nops_##batch, .target = 1.0},                   \
		},                                                                                 \
	}

#define DELAY_ROWS(pending)                                                                        \
	{.work = "rtio delay in and out of " #pending, .run = insert_##pending},                   \
	{                                                                                          \
		.work = "rtio delay that passes, of " #pending, .run = expire_##pending,           \
		.per_op = TOGETHER, .threads = true,                                               \
	}

const struct bench_row bench_rtio_rows[] = {
	ROW("rtio NOP", nop_1, 1, 0, 0, 0, 0),
	ROW("rtio NOP, batch of 8", nop_8, 8, 5.5, 3, 150, 110),
	ROW("rtio NOP, batch of 32", nop_32, 32, 0, 0, 0, 0),
	{
		.work = "rtio NOP, batch of 8, shared with a thread",
		.run = nop_8_shared,
		.per_op = 8,
		.threads = true,
		.peers = {{.name = ATOMIC, .run = atomics_8}},
	},
	ROW("rtio NOP, of a chain of 8", chain_8, 8, 0, 0, 0, 0),
	ROW("rtio NOP, of a transaction of 4", transaction_4, 4, 0, 0, 0, 0),
	{
		.work = "rtio read into the pool",
		.run = pool_read,
		.peers = {{.name = ATOMIC, .run = atomics_1}},
	},
	{
		.work = "rtio multishot read into the pool",
		.run = multishot_read,
		.peers = {{.name = ATOMIC, .run = atomics_1}},
	},
	DELAY_ROWS(1),
	DELAY_ROWS(100),
	DELAY_ROWS(10000),
	{.work = NULL},
};
