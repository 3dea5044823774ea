/* SPDX-License-Identifier: Apache-2.0 */
/** @file A bounded queue of 16-byte events. */
#include <zephyr/kernel.h>

#include "peer_ck.h"
#include "peer_cond.h"
#include "peer_dpdk.h"

#define EVENTS 255 /* as many as a ring of 256 holds */

struct event {
	void *sink;
	void *buf;
};

K_MSGQ_DEFINE(bench_msgq, sizeof(struct event), EVENTS, 16);

static bool put(void)
{
	struct event event = {&bench_msgq, &bench_msgq};

	return k_msgq_put(&bench_msgq, &event, K_NO_WAIT) == 0;
}

static bool get(void)
{
	struct event event;

	return k_msgq_get(&bench_msgq, &event, K_NO_WAIT) == 0;
}

static const struct contestant contestant = {put, get};

CONTEST_DECLARE(msgq);
CONTEST_DEFINE(msgq, contestant);

static void put_blocking(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};

	while (n-- > 0) {
		(void)k_msgq_put(&bench_msgq, &event, K_FOREVER);
	}
}

static void get_blocking(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		(void)k_msgq_get(&bench_msgq, &event, K_FOREVER);
	}
}

static double pair_blocking(unsigned long n)
{
	return bench_pair(put_blocking, get_blocking, n);
}

#define RING "rte_ring MP/MC"
#define CK   "ck_ring mpmc"
#define COND "mutex + condition variable"

const struct bench_row bench_msgq_rows[] = {
	{
		.work = "msgq put + get, one thread",
		.run = msgq_same_thread,
		.instructions_target = 90,
		.instructions_aim = 60,
		.peers =
			{
				{.name = RING,
				 .run = dpdk_events_same_thread,
				 .target = 1.5,
				 .aim = 1.0},
				{.name = CK, .run = ck_ring_same_thread},
				{.name = COND, .run = cond_same_thread},
			},
	},
	{
		.work = "msgq put + get, thread to thread, spinning",
		.run = msgq_pair,
		.threads = true,
		.peers =
			{
				{.name = RING, .run = dpdk_events_pair, .target = 1.5, .aim = 1.0},
				{.name = CK, .run = ck_ring_pair},
				{.name = COND, .run = cond_pair},
			},
	},
	{
		.work = "msgq put + get, two producers, for each",
		.run = msgq_two_producers,
		.per_op = 2,
		.threads = true,
		.peers =
			{
				{.name = RING,
				 .run = dpdk_events_two_producers,
				 .target = 1.25,
				 .aim = 1.0},
				{.name = CK, .run = ck_ring_two_producers},
				{.name = COND, .run = cond_two_producers},
			},
	},
	{
		.work = "msgq put + get, contended, for each",
		.run = msgq_contended,
		.per_op = 2,
		.threads = true,
		.peers =
			{
				{.name = RING,
				 .run = dpdk_events_contended,
				 .target = 1.25,
				 .aim = 1.0},
				{.name = CK, .run = ck_ring_contended},
				{.name = COND, .run = cond_contended},
			},
	},
	{
		.work = "msgq put + get, thread to thread, blocking",
		.run = pair_blocking,
		.threads = true,
		.peers = {{.name = COND, .run = cond_pair_blocking}},
	},
	{.work = NULL},
};
