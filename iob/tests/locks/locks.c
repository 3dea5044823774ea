/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How often a call enters a critical section: once per chain, not once per buffer. The library's
 * sources are compiled into this program with their locks counted.
 */
#include <zephyr/ztest.h>

#include <iob/chain.h>

#include <string.h>

#include "../support/chains.h"

unsigned int locks;

ZTEST_SUITE(iob_locks, NULL, NULL, NULL, NULL, NULL);

/* Check how many there were since the last time. */
static void expect(unsigned int most, const char *what)
{
	unsigned int were = locks;

	zassert_true(were <= most, "%s: %u, not %u", what, were, most);
	locks = 0;
}

#define STEPS(n) (((n) + IOB_CHAIN_STEP - 1) / IOB_CHAIN_STEP)

ZTEST(iob_locks, test_once_per_chain)
{
	static uint8_t bytes[NBUFFERS * BUFSIZE];
	const unsigned int half = NBUFFERS / 2;
	struct iob_s *iob;
	struct iob_s *copy;

	locks = 0;
	iob = iob_tryalloc(false);
	expect(1, "tryalloc");
	(void)iob_free(iob);
	expect(1, "free");
	for (unsigned int n = 2; n <= half; n++) {
		iob = iob_tryalloc_chain(n, false);
		expect(STEPS(n), "tryalloc_chain");
		iob_free_chain(iob);
		expect(1, "free_chain");

		iob = iob_tryalloc(false);
		copy = iob_tryalloc(false);
		locks = 0;
		(void)iob_trycopyin(iob, bytes, n * BUFSIZE, 0, false);
		expect(STEPS(n - 1), "trycopyin");
		(void)iob_clone(iob, copy, false, false);
		expect(STEPS(n - 1), "clone");
		(void)iob_copyout(bytes, iob, n * BUFSIZE, 0);
		expect(0, "copyout");
		(void)iob_update_pktlen(copy, 1, false);
		expect(1, "update_pktlen, shorter");
		(void)iob_update_pktlen(copy, n * BUFSIZE, false);
		expect(STEPS(n - 1), "update_pktlen, longer");
		copy = iob_trimhead(copy, (n - 1) * BUFSIZE);
		expect(1, "trimhead");
		iob = iob_trimtail(iob, (n - 1) * BUFSIZE);
		expect(1, "trimtail");
		iob_concat(iob, copy);
		expect(0, "concat");
		iob_free_chain(iob);
		expect(1, "free_chain");
	}
}

ZTEST(iob_locks, test_packing)
{
	struct iob_s *iob = chain_make(LENS(0, 0, 3, 0, 1, 0, 2, 0));

	locks = 0;
	iob = iob_pack(iob);
	expect(1, "pack");
	zassert_equal(iob_count(iob), 1);
	iob_free_chain(iob);

	iob = chain_make(LENS(1, 1, 1, 1, 1, 1));
	locks = 0;
	zassert_ok(iob_contig(iob, 6));
	expect(1, "contig");
	iob_free_chain(iob);
}

#if CONFIG_IOB_NCHAINS > 0
ZTEST(iob_locks, test_queues)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = iob_tryalloc(false);

	locks = 0;
	zassert_ok(iob_tryadd_queue(iob, &q));
	expect(1, "tryadd_queue");
	zassert_equal_ptr(iob_remove_queue(&q), iob);
	expect(1, "remove_queue");
	zassert_is_null(iob_free(iob));
}
#endif
