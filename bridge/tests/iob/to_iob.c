/* SPDX-License-Identifier: Apache-2.0 */
/** @file net_bufs as chains of I/O buffers: what holds either way. */
#include "../support/fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>

#include <string.h>

ZTEST_SUITE(bridge_to_iob, NULL, NULL, NULL, NULL, NULL);

static struct iob_s *to_iob(struct net_buf *buf)
{
	return iob_from_net_buf(headers, buf, false, K_NO_WAIT);
}

ZTEST(bridge_to_iob, test_the_same_content)
{
	struct iob_s *chain = to_iob(frags_make(3));
	uint8_t bytes[61];

	zassert_not_null(chain);
	zassert_equal(chain->io_pktlen, 60);
	zassert_equal(iob_copyout(bytes, chain, sizeof(bytes), 0), 60);
	for (int i = 0; i < 60; i++) {
		zassert_equal(bytes[i], i + 1);
	}
	iob_free_chain(chain);
}

/* Empty fragments before, between and behind. */
ZTEST(bridge_to_iob, test_empty_fragments)
{
	struct net_buf *buf = frags_make(4);
	struct iob_s *chain;
	uint8_t bytes[20];

	buf->len = 0;
	buf->frags->len = 0;
	buf->frags->frags->frags->len = 0;
	chain = to_iob(buf);
	zassert_not_null(chain);
	zassert_equal(chain->io_pktlen, 20);
	zassert_equal(iob_copyout(bytes, chain, 20, 0), 20);
	zassert_equal(bytes[0], 41);
	zassert_equal(bytes[19], 60);
	iob_free_chain(chain);
}

/* A packet of no bytes, in a buffer without memory, too. */
ZTEST(bridge_to_iob, test_no_bytes)
{
	struct net_buf *buf = net_buf_alloc(fixed, K_NO_WAIT);
	struct iob_s *chain = to_iob(buf);

	zassert_equal(chain->io_pktlen, 0);
	zassert_equal(chain->io_len, 0);
	zassert_is_null(chain->io_flink);
	iob_free_chain(chain);
	chain = to_iob(net_buf_alloc_len(views, 0, K_NO_WAIT));
	zassert_not_null(chain);
	zassert_equal(chain->io_pktlen, 0);
	zassert_equal(chain->io_offset, 0);
	iob_free_chain(chain);
}

/* Only the caller's reference is taken. */
ZTEST(bridge_to_iob, test_others_keep_theirs)
{
	struct net_buf *buf = net_buf_ref(frags_make(2));
	struct iob_s *chain = to_iob(buf);

	zassert_not_null(chain);
	zassert_equal(net_buf_frags_len(buf), 40, "the chain is whole");
	iob_free_chain(chain);
	zassert_equal(net_buf_ref_get(buf), 1);
	zassert_equal(net_buf_ref_get(buf->frags), 1);
	zassert_equal(net_buf_pool_free_count(fixed), FIXED - 2);
	net_buf_unref(buf);
}

/* There and back, and there again. */
ZTEST(bridge_to_iob, test_there_and_back)
{
	struct net_buf *buf = net_buf_from_iob(views, chain_make(LENS(10, 20)), K_NO_WAIT);
	struct iob_s *chain = to_iob(buf);
	uint8_t bytes[30];

	zassert_not_null(chain);
	buf = net_buf_from_iob(views, chain, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal(net_buf_linearize(bytes, 30, buf, 0, 30), 30);
	zassert_equal(bytes[29], 30);
	net_buf_unref(buf);
	zassert_equal(iob_nfree(), CONFIG_IOB_NBUFFERS);
}

static struct iob_s *isr_chain;

static void make_in_isr(const void *buf)
{
	isr_chain = to_iob((struct net_buf *)(uintptr_t)buf);
}

static void free_in_isr(const void *chain)
{
	iob_free_chain((struct iob_s *)(uintptr_t)chain);
}

ZTEST(bridge_to_iob, test_isr)
{
	irq_offload(make_in_isr, frags_make(2));
	zassert_not_null(isr_chain);
	zassert_equal(isr_chain->io_pktlen, 40);
	irq_offload(free_in_isr, isr_chain);
}

ZTEST(bridge_to_iob, test_misuse)
{
	struct net_buf *buf = frags_make(1);

	MISUSE(zassert_is_null(iob_from_net_buf(NULL, buf, false, K_NO_WAIT)));
	MISUSE(zassert_is_null(to_iob(NULL)));
	zassert_equal(net_buf_ref_get(buf), 1);
	net_buf_unref(buf);
	MISUSE(zassert_is_null(to_iob(buf)));
}
