/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_ck.h"

#include <ck_ring.h>

#define PLACES 256

struct event {
	void *sink;
	void *buf;
};

CK_RING_PROTOTYPE(events, event)

static ck_ring_t ring __attribute__((aligned(64)));
static struct event places[PLACES];

bool bench_ck_start(void)
{
	ck_ring_init(&ring, PLACES);
	return true;
}

static bool put(void)
{
	struct event event = {&ring, &ring};

	return ck_ring_enqueue_mpmc_events(&ring, places, &event);
}

static bool get(void)
{
	struct event event;

	return ck_ring_dequeue_mpmc_events(&ring, places, &event);
}

static const struct contestant contestant = {put, get};

CONTEST_DEFINE(ck_ring, contestant);
