/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Two rings for packets of any size, written plainly to compare with.
 *
 * The one is the algorithm of Linux's BPF ring buffer, as its documentation tells it: positions that
 * only grow, a spinlock to reserve, an exchange of the record's length word to commit, memory mapped
 * twice so that no record is split; records behind one that is not committed wait. The other is what
 * everybody writes first: a ring, a mutex, and everything copied.
 */
#define _GNU_SOURCE /* memfd_create */

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "peer_rings.h"

#define LINE 64

/* ---- the algorithm of the BPF ring buffer ---------------------------------------------------- */

#define BPF_SIZE   16384UL /* a multiple of the page size, a power of two */
#define BPF_BUSY   (1U << 31)
#define BPF_HEADER 8U

static struct {
	char *data; /* BPF_SIZE bytes, and the same again */
	uint32_t lock __attribute__((aligned(LINE)));
	uint64_t producer __attribute__((aligned(LINE)));
	uint64_t consumer __attribute__((aligned(LINE)));
} bpf;

bool peer_bpf_start(void)
{
	int fd;

	if (bpf.data != NULL) {
		return true;
	}
	fd = memfd_create("bench", 0);
	if (fd < 0 || ftruncate(fd, BPF_SIZE) != 0) {
		return false;
	}
	bpf.data = mmap(NULL, 2 * BPF_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned int i = 0; i < 2; i++) {
		if (mmap(bpf.data + i * BPF_SIZE, BPF_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
			return false;
		}
	}
	memset(bpf.data, 0, BPF_SIZE);
	(void)close(fd);
	return true;
}

static uint32_t *bpf_length(uint64_t position)
{
	return (uint32_t *)(void *)(bpf.data + (position & (BPF_SIZE - 1)));
}

void *peer_bpf_reserve(uint32_t len)
{
	uint64_t consumer = __atomic_load_n(&bpf.consumer, __ATOMIC_ACQUIRE);
	uint32_t room = (len + BPF_HEADER + 7U) & ~7U;
	uint64_t producer;
	uint32_t *length;

	while (__atomic_exchange_n(&bpf.lock, 1, __ATOMIC_ACQUIRE) != 0) {
		while (__atomic_load_n(&bpf.lock, __ATOMIC_RELAXED) != 0) {
			bench_relax();
		}
	}
	producer = bpf.producer;
	if (producer + room - consumer > BPF_SIZE) {
		__atomic_store_n(&bpf.lock, 0, __ATOMIC_RELEASE);
		return NULL;
	}
	length = bpf_length(producer);
	length[0] = len | BPF_BUSY;
	length[1] = (uint32_t)(producer & (BPF_SIZE - 1));
	__atomic_store_n(&bpf.producer, producer + room, __ATOMIC_RELEASE);
	__atomic_store_n(&bpf.lock, 0, __ATOMIC_RELEASE);
	return length + 2;
}

bool peer_bpf_commit(void *record)
{
	uint32_t *length = (uint32_t *)record - 2;

	(void)__atomic_exchange_n(length, length[0] & ~BPF_BUSY, __ATOMIC_SEQ_CST);
	/* Whether the consumer has caught up, and is to be woken. */
	return (__atomic_load_n(&bpf.consumer, __ATOMIC_RELAXED) & (BPF_SIZE - 1)) == length[1];
}

void *peer_bpf_get(uint32_t *len)
{
	uint64_t consumer = bpf.consumer;
	uint32_t *length;

	if (consumer == __atomic_load_n(&bpf.producer, __ATOMIC_ACQUIRE)) {
		return NULL;
	}
	length = bpf_length(consumer);
	*len = __atomic_load_n(length, __ATOMIC_ACQUIRE);
	return (*len & BPF_BUSY) != 0 ? NULL : length + 2;
}

void peer_bpf_done(uint32_t len)
{
	__atomic_store_n(&bpf.consumer, bpf.consumer + ((len + BPF_HEADER + 7U) & ~7U),
			 __ATOMIC_RELEASE);
}

/* ---- a ring and a mutex ---------------------------------------------------------------------- */

#define LOCKED_WORDS 4096U

static struct {
	pthread_mutex_t mutex;
	uint32_t put;
	uint32_t got;
	uint32_t words[LOCKED_WORDS];
} locked = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* Copy between the ring, from word @p at, and @p words, in two pieces at the end of the ring. */
static void ring_copy(uint32_t at, uint32_t *words, uint32_t wlen, bool in)
{
	uint32_t start = at % LOCKED_WORDS;
	uint32_t first = wlen < LOCKED_WORDS - start ? wlen : LOCKED_WORDS - start;

	if (in) {
		memcpy(&locked.words[start], words, first * sizeof(*words));
		memcpy(locked.words, words + first, (wlen - first) * sizeof(*words));
	} else {
		memcpy(words, &locked.words[start], first * sizeof(*words));
		memcpy(words + first, locked.words, (wlen - first) * sizeof(*words));
	}
}

bool peer_locked_put(uint32_t *words, uint32_t wlen)
{
	bool room;

	(void)pthread_mutex_lock(&locked.mutex);
	room = LOCKED_WORDS - (locked.put - locked.got) > wlen;
	if (room) {
		ring_copy(locked.put, &wlen, 1, true);
		ring_copy(locked.put + 1, words, wlen, true);
		locked.put += 1 + wlen;
	}
	(void)pthread_mutex_unlock(&locked.mutex);
	return room;
}

uint32_t peer_locked_get(uint32_t *words)
{
	uint32_t wlen = 0;

	(void)pthread_mutex_lock(&locked.mutex);
	if (locked.put != locked.got) {
		ring_copy(locked.got, &wlen, 1, false);
		ring_copy(locked.got + 1, words, wlen, false);
		locked.got += 1 + wlen;
	}
	(void)pthread_mutex_unlock(&locked.mutex);
	return wlen;
}
