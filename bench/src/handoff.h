/* SPDX-License-Identifier: Apache-2.0 */
/** @file A ring of pointers from one thread to another, the same for ours and for the peers. */
#ifndef BENCH_HANDOFF_H_
#define BENCH_HANDOFF_H_

#include "bench.h"

#define HANDOFF_PLACES 128U

struct handoff {
	void *places[HANDOFF_PLACES];
	uint32_t put __attribute__((aligned(64))); /* written by the giver */
	uint32_t got_seen;                         /* the giver's last look at `got` */
	uint32_t got __attribute__((aligned(64))); /* written by the taker */
	uint32_t put_seen;                         /* the taker's last look at `put` */
};

static inline void handoff_give(struct handoff *h, void *item)
{
	uint32_t put = h->put;

	while (put - h->got_seen == HANDOFF_PLACES) {
		bench_relax();
		/* Acquire: pairs with the release in handoff_take(). */
		h->got_seen = __atomic_load_n(&h->got, __ATOMIC_ACQUIRE);
	}
	h->places[put % HANDOFF_PLACES] = item;
	/* Release: pairs with the acquire in handoff_take(). */
	__atomic_store_n(&h->put, put + 1, __ATOMIC_RELEASE);
}

static inline void *handoff_take(struct handoff *h)
{
	uint32_t got = h->got;
	void *item;

	while (h->put_seen == got) {
		bench_relax();
		h->put_seen = __atomic_load_n(&h->put, __ATOMIC_ACQUIRE);
	}
	item = h->places[got % HANDOFF_PLACES];
	__atomic_store_n(&h->got, got + 1, __ATOMIC_RELEASE);
	return item;
}

#endif /* BENCH_HANDOFF_H_ */
