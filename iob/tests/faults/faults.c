/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Every allocation that can fail, failing once: a scenario runs with no buffer in the pool, with one,
 * with two ..., so that each time the next of its allocations is the first that fails; and the same
 * for places in queues. Whatever it got before goes home, and nothing more.
 */
#include <zephyr/ztest.h>

#include <iob/chain.h>
#include <iob/inspect.h>

#include <errno.h>
#include <string.h>

#include "../support/chains.h"

ZTEST_SUITE(iob_faults, NULL, NULL, NULL, NULL, NULL);

static uint8_t bytes[3 * BUFSIZE];

/* Receive a packet, queue it, answer with a copy that is longer. @return whether all worked. */
static bool scenario(void)
{
	bool done = false;
	struct iob_s *packet = iob_tryalloc(false);
	struct iob_s *answer = NULL;
	struct iob_s *more = NULL;
#if CONFIG_IOB_NCHAINS > 0
	struct iob_queue_s q = {NULL, NULL};
#endif

	if (packet == NULL) {
		return false;
	}
	if (iob_trycopyin(packet, bytes, sizeof(bytes), 0, false) < 0) {
		zassert_equal(packet->io_pktlen, (unsigned int)iob_count(packet) * BUFSIZE);
		goto out;
	}
#if CONFIG_IOB_NCHAINS > 0
	if (iob_tryadd_queue(packet, &q) != 0) {
		goto out;
	}
	packet = iob_remove_queue(&q);
#endif
	answer = iob_tryalloc(false);
	if (answer == NULL || iob_clone(packet, answer, false, false) != 0) {
		goto out;
	}
	if (iob_update_pktlen(answer, 4 * BUFSIZE, false) != 4 * BUFSIZE) {
		goto out;
	}
	more = iob_tryalloc_chain(2, false);
	if (more == NULL) {
		goto out;
	}
	iob_concat(answer, more);
	done = true;
out:
#if CONFIG_IOB_NCHAINS > 0
	iob_free_queue(&q);
#endif
	iob_free_chain(packet);
	iob_free_chain(answer);
	return done;
}

/* Three for the packet, four for the answer, two more: each is refused in turn. */
ZTEST(iob_faults, test_buffers)
{
	for (unsigned int left = 0; left <= NBUFFERS; left++) {
		struct iob_s *rest = chain_leave(left);

		zassert_equal(scenario(), left >= 9, "with %u", left);
		zassert_equal(iob_navail(false), (int)left, "something is lost, or too much free");
		zassert_ok(iob_check());
		iob_free_chain(rest);
	}
}

#if CONFIG_IOB_NCHAINS > 0
ZTEST(iob_faults, test_places)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = iob_tryalloc(false);

	for (int i = 0; i < CONFIG_IOB_NCHAINS; i++) {
		zassert_true(scenario());
		zassert_ok(iob_tryadd_queue(iob, &q));
	}
	zassert_false(scenario());
	zassert_equal(iob_navail(false), NBUFFERS - 1);
	while (iob_remove_queue(&q) != NULL) {
	}
	zassert_true(scenario());
	zassert_is_null(iob_free(iob));
}
#endif
