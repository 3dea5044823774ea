/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers in C++. */
#include <nuttx/mm/iob.h>

#include <iob/budget.h>
#include <iob/chain.h>
#include <iob/external.h>
#include <iob/inspect.h>
#include <iob/notifier.h>
#include <iob/print.h>

#include <zephyr/ztest.h>

static void count_lines(void *arg, const char *text, size_t len)
{
	zassert_equal(text[len - 1], '\n');
	++*static_cast<unsigned int *>(arg);
}

ZTEST(iob_language, test_cxx)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5};
	uint8_t out[5];
	struct iob_s *iob = iob_alloc(true);
	unsigned int lines = 0;

	zassert_equal(iob_copyin(iob, bytes, sizeof(bytes), 0, false), 5);
	zassert_equal(IOB_DATA(iob)[0], 1);
	zassert_equal(IOB_FREESPACE(iob), CONFIG_IOB_BUFSIZE - 5);
	zassert_equal(iob_copyout(out, iob, sizeof(out), 0), 5);
	zassert_mem_equal(out, bytes, 5);
	iob_print_chain(count_lines, &lines, "chain", iob, 5, 0);
	zassert_equal(lines, 3);
#if CONFIG_IOB_NCHAINS > 0
	struct iob_queue_s q;

	IOB_QINIT(&q);
	zassert_ok(iob_add_queue(iob, &q));
	zassert_false(IOB_QEMPTY(&q));
	zassert_equal(iob_remove_queue(&q), iob);
#endif
	zassert_true(iob_in_pool(iob));
	zassert_is_null(iob_free(iob));
}

ZTEST_SUITE(iob_language, NULL, NULL, NULL, NULL, NULL);
