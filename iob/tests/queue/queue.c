/* SPDX-License-Identifier: Apache-2.0 */
/** @file Queues of chains. */
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <iob/inspect.h>

#include <errno.h>

#include "../support/chains.h"

#define PLACES CONFIG_IOB_NCHAINS

ZTEST_SUITE(iob_queue, NULL, NULL, NULL, NULL, NULL);

ZTEST(iob_queue, test_first_in_first_out)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *chains[3];

	zassert_true(IOB_QEMPTY(&q));
	zassert_is_null(iob_peek_queue(&q));
	zassert_is_null(iob_remove_queue(&q));
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 3; i++) {
			chains[i] = chain_make(LENS(i, 1));
			zassert_ok(i == 1 ? iob_add_queue(chains[i], &q)
					  : iob_tryadd_queue(chains[i], &q));
			zassert_false(IOB_QEMPTY(&q));
			zassert_equal(iob_get_queue_entry_count(&q), i + 1);
		}
		zassert_equal(iob_get_queue_size(&q), 1 + 2 + 3);
		for (unsigned int i = 0; i < 3; i++) {
			zassert_equal_ptr(iob_peek_queue(&q), chains[i]);
			zassert_equal_ptr(iob_remove_queue(&q), chains[i]);
			iob_free_chain(chains[i]);
		}
		zassert_true(IOB_QEMPTY(&q));
	}
}

static struct iob_queue_s shared;
static struct iob_s *chain;
static int result;

static void add_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	result = iob_add_queue(chain, &shared);
}

static void remove_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	chain = iob_remove_queue(&shared);
}

ZTEST(iob_queue, test_places)
{
	struct iob_s *iob = chain_make(LENS(1));

	IOB_QINIT(&shared);
	for (int i = 0; i < PLACES; i++) {
		zassert_equal(iob_qentry_navail(), PLACES - i);
		zassert_ok(iob_tryadd_queue(iob, &shared));
	}
	zassert_equal(iob_qentry_navail(), 0);
	zassert_equal(iob_tryadd_queue(iob, &shared), -ENOMEM);
	chain = iob;
	irq_offload(add_in_isr, NULL);
	zassert_equal(result, -ENOMEM, "an ISR does not wait");
	zassert_equal(iob_get_queue_entry_count(&shared), PLACES);
	zassert_equal_ptr(iob_remove_queue(&shared), iob);
	irq_offload(add_in_isr, NULL);
	zassert_ok(result);
	for (int i = 0; i < PLACES; i++) {
		chain = NULL;
		irq_offload(remove_in_isr, NULL);
		zassert_equal_ptr(chain, iob);
	}
	irq_offload(remove_in_isr, NULL);
	zassert_is_null(chain);
	zassert_is_null(iob_free(iob));
}

ZTEST(iob_queue, test_free_queue)
{
	struct iob_queue_s q = {NULL, NULL};

	iob_free_queue(NULL);
	iob_free_queue(&q);
	for (int i = 0; i < MIN(PLACES, NBUFFERS / 3); i++) {
		zassert_ok(iob_add_queue(chain_make(LENS(1, 2, 3)), &q));
	}
	iob_free_queue(&q);
	zassert_true(IOB_QEMPTY(&q));
	zassert_equal(iob_navail(false), NBUFFERS);
	/* It is as good as new. */
	zassert_ok(iob_add_queue(chain_make(LENS(1)), &q));
	zassert_equal(iob_get_queue_entry_count(&q), 1);
	iob_free_queue(&q);
}

/* The first, one in the middle, the last; then the queue still ends where it should. */
ZTEST(iob_queue, test_free_one)
{
	for (int which = 0; which < 3; which++) {
		struct iob_queue_s q = {NULL, NULL};
		struct iob_s *chains[4];

		for (int i = 0; i < 3; i++) {
			chains[i] = chain_make(LENS(1, 1));
			zassert_ok(iob_add_queue(chains[i], &q));
		}
		iob_free_queue_qentry(chains[which]->io_flink, &q);
		iob_free_queue_qentry(NULL, &q);
		iob_free_queue_qentry(chains[which], NULL);
		zassert_equal(iob_get_queue_entry_count(&q), 3, "it is not there");
		iob_free_queue_qentry(chains[which], &q);
		zassert_equal(iob_get_queue_entry_count(&q), 2);
		zassert_equal(iob_navail(false), NBUFFERS - 4);
		chains[3] = chain_make(LENS(1));
		zassert_ok(iob_add_queue(chains[3], &q));
		for (int i = 0; i < 4; i++) {
			if (i != which) {
				zassert_equal_ptr(iob_remove_queue(&q), chains[i]);
				iob_free_chain(chains[i]);
			}
		}
		zassert_true(IOB_QEMPTY(&q));
	}
}

ZTEST(iob_queue, test_free_the_only_one)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = chain_make(LENS(1));

	zassert_ok(iob_add_queue(iob, &q));
	iob_free_queue_qentry(iob, &q);
	zassert_true(IOB_QEMPTY(&q));
	zassert_ok(iob_add_queue(chain_make(LENS(2)), &q));
	zassert_equal(iob_get_queue_size(&q), 2);
	iob_free_queue(&q);
}

ZTEST(iob_queue, test_concat)
{
	struct iob_queue_s a = {NULL, NULL};
	struct iob_queue_s b = {NULL, NULL};
	struct iob_s *iob;

	zassert_ok(iob_concat_queue(&a, &b));
	zassert_true(IOB_QEMPTY(&a));
	zassert_ok(iob_add_queue(chain_make(LENS(1)), &b));
	zassert_ok(iob_add_queue(chain_make(LENS(2)), &b));
	zassert_ok(iob_concat_queue(&a, &b));
	zassert_true(IOB_QEMPTY(&b));
	zassert_ok(iob_add_queue(chain_make(LENS(3)), &b));
	zassert_ok(iob_concat_queue(&a, &b));
	zassert_ok(iob_concat_queue(&a, &a), "nothing to do");
	zassert_ok(iob_add_queue(chain_make(LENS(4)), &a));
	for (unsigned int len = 1; len <= 4; len++) {
		iob = iob_remove_queue(&a);
		zassert_equal(iob->io_pktlen, len);
		iob_free_chain(iob);
	}
	zassert_true(IOB_QEMPTY(&a));
}

ZTEST(iob_queue, test_trimhead)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = chain_make(LENS(2, 3));
	struct iob_s *second = iob->io_flink;

	zassert_is_null(iob_trimhead_queue(&q, 1));
	zassert_ok(iob_add_queue(iob, &q));
	zassert_ok(iob_add_queue(chain_make(LENS(7)), &q));
	zassert_equal_ptr(iob_trimhead_queue(&q, 1), iob);
	zassert_equal_ptr(iob_trimhead_queue(&q, 2), second);
	zassert_equal_ptr(iob_peek_queue(&q), second);
	zassert_equal(iob_get_queue_size(&q), 9);
	/* Without data it stays, too. */
	zassert_equal_ptr(iob_trimhead_queue(&q, 99), second);
	zassert_equal(iob_get_queue_entry_count(&q), 2);
	zassert_equal(iob_get_queue_size(&q), 7);
	iob_free_queue(&q);
}

ZTEST(iob_queue, test_nothing)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = chain_make(LENS(1));

	zassert_equal(iob_add_queue(NULL, &q), -EINVAL);
	zassert_equal(iob_add_queue(iob, NULL), -EINVAL);
	zassert_equal(iob_tryadd_queue(NULL, &q), -EINVAL);
	zassert_equal(iob_tryadd_queue(iob, NULL), -EINVAL);
	zassert_equal(iob_concat_queue(NULL, &q), -EINVAL);
	zassert_equal(iob_concat_queue(&q, NULL), -EINVAL);
	zassert_is_null(iob_remove_queue(NULL));
	zassert_is_null(iob_peek_queue(NULL));
	zassert_is_null(iob_trimhead_queue(NULL, 1));
	zassert_equal(iob_get_queue_size(NULL), 0);
	zassert_equal(iob_get_queue_entry_count(NULL), 0);
	zassert_is_null(iob_free(iob));
}
