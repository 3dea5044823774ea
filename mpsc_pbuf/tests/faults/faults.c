/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Every call of a scenario that may fail does so, one in each run; then that one and all behind it:
 * allocations find no room, waits end because their time is up, in peace or in the moment in which
 * what they wait for comes. Whatever fails: each packet that was stored is consumed or dropped, once,
 * intact; and all room comes back.
 */
#include "../support/packets.h"
#include "inject.h"

#include <string.h>

#define SIZE    32
#define IDS_MAX 64
#define CLAIMS  16

static struct mpsc_pbuf_buffer buffer;

static uint32_t flags;
static uint32_t next_id;
static bool stored[IDS_MAX];
static uint32_t came[IDS_MAX];
static uint32_t drops;

static const union mpsc_pbuf_generic *claimed[CLAIMS]; /* and not freed */
static uint32_t claims;
static union mpsc_pbuf_generic *filled; /* and not committed */

/* What a wait is waiting for, done by somebody else: a packet comes, or room does. */
void inject_meanwhile(void)
{
	if (filled != NULL) {
		mpsc_pbuf_commit(&buffer, filled);
		filled = NULL;
	}
	while (claims > 0) {
		mpsc_pbuf_free(&buffer, claimed[--claims]);
	}
}

static void see(const union mpsc_pbuf_generic *packet)
{
	uint32_t id = ((const union item *)packet)->packet.id;

	zassert_true(packet_is(packet, ((const union item *)packet)->packet.len, id));
	zassert_true(id < IDS_MAX && stored[id]);
	came[id]++;
}

static void on_drop(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(b);
	see(packet);
	drops++;
}

static void hold(const union mpsc_pbuf_generic *packet)
{
	if (packet != NULL) {
		see(packet);
		zassert_true(claims < CLAIMS);
		claimed[claims++] = packet;
	}
}

static union mpsc_pbuf_generic *try_alloc(uint32_t wlen, k_timeout_t timeout)
{
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&buffer, wlen, timeout);

	if (packet != NULL) {
		packet_fill(packet, wlen, next_id);
		stored[next_id++] = true;
	}
	return packet;
}

static void try_put(uint32_t wlen, k_timeout_t timeout)
{
	union mpsc_pbuf_generic *packet = try_alloc(wlen, timeout);

	if (packet != NULL) {
		mpsc_pbuf_commit(&buffer, packet);
	}
}

static void try_put_data(uint32_t wlen)
{
	uint32_t words[SIZE] = {0};
	int ret;

	packet_fill((union mpsc_pbuf_generic *)(void *)words, wlen, next_id);
	ret = mpsc_pbuf_put_data(&buffer, words, wlen);
	zassert_true(ret == 0 || ret == -ENOSPC);
	stored[next_id++] = ret == 0;
}

static void try_put_word(void)
{
	int ret = mpsc_pbuf_put_word(&buffer, packet_header(1, next_id));

	zassert_true(ret == 0 || ret == -ENOSPC);
	stored[next_id++] = ret == 0;
}

/* Packets stored at once, some of them more than there is room for; claimed in all ways. */
static void run_without_waiting(void)
{
	const union mpsc_pbuf_generic *packets[3];
	int count;

	for (uint32_t i = 0; i < 9; i++) {
		try_put(3 + i % 3, K_NO_WAIT);
		try_put_word();
		try_put_data(1 + i % 4);
	}
	count = mpsc_pbuf_claim_batch(&buffer, packets, ARRAY_SIZE(packets));
	for (int i = 0; i < count; i++) {
		hold(packets[i]);
	}
	try_put(SIZE / 2, K_NO_WAIT);
	hold(mpsc_pbuf_claim(&buffer));
	inject_meanwhile();
	try_put(SIZE / 2, K_NO_WAIT);
	try_put_data(SIZE / 2);
}

static bool poll_for_packet(void)
{
#ifdef CONFIG_POLL
	struct k_poll_event event = K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE,
							     K_POLL_MODE_NOTIFY_ONLY, &buffer);

	return k_poll(&event, 1, K_MSEC(1)) == 0;
#else
	return true;
#endif
}

/* A producer and a consumer that both have to wait, several times. */
static void run_waiting(void)
{
	for (uint32_t round = 0; round < 3; round++) {
		/* Full of claimed packets. */
		for (uint32_t i = 0; i < 4; i++) {
			try_put(SIZE / 4, K_NO_WAIT);
			hold(mpsc_pbuf_claim(&buffer));
		}
		try_put(SIZE / 2, K_MSEC(1));
		try_put(SIZE / 2, K_MSEC(1));
		inject_meanwhile();
		for (uint32_t i = 0; i < 2; i++) {
			hold(mpsc_pbuf_claim(&buffer));
		}
		inject_meanwhile();
		/* Empty, but for a packet that is being filled. */
		filled = try_alloc(3, K_NO_WAIT);
		hold(mpsc_pbuf_claim_wait(&buffer, K_MSEC(1)));
		inject_meanwhile();
		filled = try_alloc(3, K_NO_WAIT);
		if (poll_for_packet()) {
			hold(mpsc_pbuf_claim(&buffer));
		}
		inject_meanwhile();
	}
}

/* With nothing failing any more: all that was stored comes, and all is whole. */
static void check(struct inject_plan plan)
{
	const union mpsc_pbuf_generic *packet;

	inject_meanwhile();
	while ((packet = mpsc_pbuf_claim(&buffer)) != NULL) {
		see(packet);
		mpsc_pbuf_free(&buffer, packet);
	}
	for (uint32_t id = 0; id < IDS_MAX; id++) {
		zassert_equal(came[id], stored[id] ? 1 : 0,
			      "packet %u came %u times; call %u%s%s failed", (unsigned int)id,
			      (unsigned int)came[id], (unsigned int)plan.nth,
			      plan.stay ? " and on" : "", plan.late ? ", late" : "");
	}
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), drops);
	zassert_true((flags & MPSC_PBUF_MODE_OVERWRITE) != 0 || drops == 0);
	zassert_equal(buffer.waiting & 3, 0, "somebody is left waiting");
	buffer.notify_drop = NULL;
	buffer_check_whole(&buffer);
}

static uint32_t run_once(void (*scenario)(void), struct inject_plan plan)
{
	uint32_t calls;

	buffer_init(&buffer, SIZE, flags);
	buffer.notify_drop = on_drop;
	next_id = 0;
	drops = 0;
	memset(stored, 0, sizeof(stored));
	memset(came, 0, sizeof(came));
	inject_begin(plan);
	scenario();
	calls = inject_end();
	zassert_true(next_id <= IDS_MAX);
	check(plan);
	return calls;
}

static void run_all(void (*scenario)(void), uint32_t expected_calls)
{
	for (flags = 0; flags <= MPSC_PBUF_MODE_OVERWRITE; flags += MPSC_PBUF_MODE_OVERWRITE) {
		uint32_t calls = run_once(scenario, (struct inject_plan){0});

		zassert_true(calls >= expected_calls, "only %u calls that may fail",
			     (unsigned int)calls);
		for (uint32_t nth = 1; nth <= calls; nth++) {
			for (uint32_t how = 0; how < 4; how++) {
				(void)run_once(scenario, (struct inject_plan){nth, how % 2 != 0,
									      how / 2 != 0});
			}
		}
		zassert_equal(run_once(scenario, (struct inject_plan){0}), calls);
	}
}

ZTEST(mpsc_pbuf_faults, test_without_waiting)
{
	run_all(run_without_waiting, 30);
}

ZTEST(mpsc_pbuf_faults, test_waiting)
{
	run_all(run_waiting, 30);
}

/* Sorts behind the others: each kind of failure was met. */
ZTEST(mpsc_pbuf_faults, test_zz_every_kind_failed)
{
	for (int kind = 0; kind < INJECT_KINDS; kind++) {
		zassert_true(inject_failures((enum inject_kind)kind) > 0, "kind %d", kind);
	}
}

ZTEST_SUITE(mpsc_pbuf_faults, NULL, NULL, NULL, NULL, NULL);
