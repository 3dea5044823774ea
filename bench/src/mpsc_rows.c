/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Packets of 16 and 64 bytes through one ring, filled and read. With two threads: one puts, one gets;
 * with two producers one of them also gets what both have put.
 */
#include <string.h>

#include <zephyr/sys/mpsc_pbuf.h>

#include "bench.h"
#include "peer_rings.h"

#define RING_WORDS 4096U
#define WLEN_MAX   16U

struct packet {
	MPSC_PBUF_HDR;
	uint32_t wlen: 32 - MPSC_PBUF_HDR_BITS;
	uint32_t words[];
};

/* The way a side works: each returns whether it could. */
struct way {
	bool (*put)(uint32_t wlen);
	bool (*get)(void);
};

static struct mpsc_pbuf_buffer ring;
static uint32_t memory[RING_WORDS] __aligned(64);
static uint32_t content[WLEN_MAX];
static uint64_t sum; /* of what was read; the consumer's */

static uint32_t get_wlen(const union mpsc_pbuf_generic *packet)
{
	return ((const struct packet *)packet)->wlen;
}

static void start_ring(uint32_t flags)
{
	struct mpsc_pbuf_buffer_config config = {
		.buf = memory, .size = RING_WORDS, .get_wlen = get_wlen, .flags = flags};

	mpsc_pbuf_init(&ring, &config);
}

/* A size that the compiler knows, as in a program that has one kind of packet. */
static ALWAYS_INLINE void copy(void *to, uint32_t wlen)
{
	if (wlen == 4) {
		memcpy(to, content, 3 * sizeof(uint32_t));
	} else {
		memcpy(to, content, 15 * sizeof(uint32_t));
	}
}

static ALWAYS_INLINE bool ours_put(uint32_t wlen)
{
	struct packet *packet = (struct packet *)mpsc_pbuf_alloc(&ring, wlen, K_NO_WAIT);

	if (packet == NULL) {
		return false;
	}
	packet->wlen = wlen;
	copy(packet->words, wlen);
	mpsc_pbuf_commit(&ring, (union mpsc_pbuf_generic *)packet);
	return true;
}

static ALWAYS_INLINE bool ours_put_data(uint32_t wlen)
{
	content[0] = wlen << 2;
	return mpsc_pbuf_put_data(&ring, content, wlen) == 0;
}

static ALWAYS_INLINE bool ours_get(void)
{
	const union mpsc_pbuf_generic *packet = mpsc_pbuf_claim(&ring);

	if (packet == NULL) {
		return false;
	}
	sum += ((const struct packet *)packet)->words[2];
	mpsc_pbuf_free(&ring, packet);
	return true;
}

static ALWAYS_INLINE bool bpf_put(uint32_t wlen)
{
	/* The length is in the record's own header. */
	uint32_t *record = peer_bpf_reserve((wlen - 1) * (uint32_t)sizeof(uint32_t));

	if (record == NULL) {
		return false;
	}
	copy(record, wlen);
	(void)peer_bpf_commit(record);
	return true;
}

static ALWAYS_INLINE bool bpf_get(void)
{
	uint32_t len;
	const uint32_t *record = peer_bpf_get(&len);

	if (record == NULL) {
		return false;
	}
	sum += record[2];
	peer_bpf_done(len);
	return true;
}

static ALWAYS_INLINE bool locked_put(uint32_t wlen)
{
	return peer_locked_put(content, wlen - 1);
}

static ALWAYS_INLINE bool locked_get(void)
{
	uint32_t words[WLEN_MAX];

	if (peer_locked_get(words) == 0) {
		return false;
	}
	sum += words[2];
	return true;
}

static ALWAYS_INLINE double one_thread(struct way way, uint32_t wlen, unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		(void)way.put(wlen);
		(void)way.get();
	}
	return bench_now() - begin;
}

static ALWAYS_INLINE void put_all(struct way way, uint32_t wlen, unsigned long n)
{
	while (n-- > 0) {
		while (!way.put(wlen)) {
			bench_relax();
		}
	}
}

static ALWAYS_INLINE void get_all(struct way way, unsigned long n)
{
	while (n-- > 0) {
		while (!way.get()) {
			bench_relax();
		}
	}
}

/* Puts as many as the other thread, and gets those of both. */
static ALWAYS_INLINE void put_and_get_all(struct way way, uint32_t wlen, unsigned long n)
{
	unsigned long to_get = 2 * n;

	while (to_get > 0) {
		if (n > 0 && way.put(wlen)) {
			n--;
		}
		for (int i = 0; i < 2 && to_get > 0 && way.get(); i++) {
			to_get--;
		}
	}
}

static const struct way ours = {ours_put, ours_get};
static const struct way ours_data = {ours_put_data, ours_get};
static const struct way bpf = {bpf_put, bpf_get};
static const struct way locked = {locked_put, locked_get};

/* One function for each piece of work: start, then do it. */
#define ONE_THREAD(name, way, wlen, start)                                                         \
	static double name(unsigned long n)                                                        \
	{                                                                                          \
		start;                                                                             \
		return one_thread(way, wlen, n);                                                   \
	}

ONE_THREAD(ours_16, ours, 4, start_ring(0))
ONE_THREAD(ours_64, ours, 16, start_ring(0))
ONE_THREAD(ours_data_16, ours_data, 4, start_ring(0))
ONE_THREAD(ours_data_64, ours_data, 16, start_ring(0))
ONE_THREAD(ours_64_overwrite, ours, 16, start_ring(MPSC_PBUF_MODE_OVERWRITE))
ONE_THREAD(bpf_16, bpf, 4, (void)peer_bpf_start())
ONE_THREAD(bpf_64, bpf, 16, (void)peer_bpf_start())
ONE_THREAD(locked_16, locked, 4, (void)0)
ONE_THREAD(locked_64, locked, 16, (void)0)

/* Two threads: @p first on one core, @p second on another. */
#define TWO_THREADS(name, way, wlen, start)                                                        \
	static void name##_put(unsigned long n)                                                    \
	{                                                                                          \
		put_all(way, wlen, n);                                                             \
	}                                                                                          \
	static void name##_get(unsigned long n)                                                    \
	{                                                                                          \
		get_all(way, n);                                                                   \
	}                                                                                          \
	static void name##_both(unsigned long n)                                                   \
	{                                                                                          \
		put_and_get_all(way, wlen, n);                                                     \
	}                                                                                          \
	static double name##_1p(unsigned long n)                                                   \
	{                                                                                          \
		start;                                                                             \
		return bench_pair(name##_put, name##_get, n);                                      \
	}                                                                                          \
	static double name##_2p(unsigned long n)                                                   \
	{                                                                                          \
		start;                                                                             \
		return bench_pair(name##_put, name##_both, n);                                     \
	}

TWO_THREADS(ours_pair_16, ours, 4, start_ring(0))
TWO_THREADS(ours_pair_64, ours, 16, start_ring(0))
TWO_THREADS(bpf_pair_16, bpf, 4, (void)peer_bpf_start())
TWO_THREADS(bpf_pair_64, bpf, 16, (void)peer_bpf_start())
TWO_THREADS(locked_pair_16, locked, 4, (void)0)
TWO_THREADS(locked_pair_64, locked, 16, (void)0)

#define BPF    "BPF ring-buffer algorithm"
#define LOCKED "ring, mutex and copies"

const struct bench_row bench_mpsc_rows[] = {
	{
		.work = "mpsc alloc to free, 16 B, one thread",
		.run = ours_16,
		.peers = {{.name = BPF, .run = bpf_16, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_16}},
	},
	{
		.work = "mpsc alloc to free, 64 B, one thread",
		.run = ours_64,
		.instructions_target = 130,
		.instructions_aim = 110,
		.peers = {{.name = BPF, .run = bpf_64, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_64}},
	},
	{
		.work = "mpsc alloc to free, 64 B, overwrite mode",
		.run = ours_64_overwrite,
		.peers = {{.name = BPF, .run = bpf_64, .target = 1.5}},
	},
	{
		.work = "mpsc put_data to free, 16 B, one thread",
		.run = ours_data_16,
		.peers = {{.name = BPF, .run = bpf_16, .target = 1.0, .aim = 0.8}},
	},
	{
		.work = "mpsc put_data to free, 64 B, one thread",
		.run = ours_data_64,
		.peers = {{.name = BPF, .run = bpf_64, .target = 1.0, .aim = 0.8}},
	},
	{
		.work = "mpsc 16 B, thread to thread",
		.run = ours_pair_16_1p,
		.threads = true,
		.peers = {{.name = BPF, .run = bpf_pair_16_1p, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_pair_16_1p}},
	},
	{
		.work = "mpsc 64 B, thread to thread",
		.run = ours_pair_64_1p,
		.threads = true,
		.peers = {{.name = BPF, .run = bpf_pair_64_1p, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_pair_64_1p}},
	},
	{
		.work = "mpsc 16 B, two producers, for each",
		.run = ours_pair_16_2p,
		.per_op = 2,
		.threads = true,
		.peers = {{.name = BPF, .run = bpf_pair_16_2p, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_pair_16_2p}},
	},
	{
		.work = "mpsc 64 B, two producers, for each",
		.run = ours_pair_64_2p,
		.per_op = 2,
		.threads = true,
		.peers = {{.name = BPF, .run = bpf_pair_64_2p, .target = 1.0, .aim = 0.8},
			  {.name = LOCKED, .run = locked_pair_64_2p}},
	},
	{.work = NULL},
};
