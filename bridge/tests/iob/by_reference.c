/* SPDX-License-Identifier: Apache-2.0 */
/** @file net_bufs as chains of I/O buffers, by reference. */
#include "../support/fixture.h"

#include <zephyr/net_buf/ref_many.h>

#include <string.h>

ZTEST_SUITE(bridge_by_reference, NULL, NULL, NULL, NULL, NULL);

K_MEM_SLAB_DEFINE_STATIC(other_slab, 16, 1, 8);

static struct iob_s *to_iob(struct net_buf *buf)
{
	return iob_from_net_buf(headers, buf, true, K_NO_WAIT);
}

ZTEST(bridge_by_reference, test_the_same_bytes)
{
	struct net_buf *buf = frags_make(3);
	struct iob_s *chain = to_iob(buf);
	struct iob_s *iob = chain;

	zassert_equal(iob_nfree(), CONFIG_IOB_NBUFFERS, "no buffer of the pool is used");
	for (struct net_buf *frag = buf; frag != NULL; frag = frag->frags, iob = iob->io_flink) {
		zassert_equal_ptr(IOB_DATA(iob), frag->data);
		zassert_equal_ptr(iob->io_data, frag->__buf);
		zassert_equal(iob->io_offset, 5);
		zassert_equal(iob->io_len, 20);
		zassert_equal(IOB_BUFSIZE(iob), 32);
		zassert_equal(IOB_FREESPACE(iob), 7);
	}
	zassert_is_null(iob);
	zassert_equal(k_mem_slab_num_used_get(headers), 3);
	iob_free_chain(chain);
}

/* One by one from the head, as iob_trimhead() does: each fragment goes home at its turn. */
ZTEST(bridge_by_reference, test_one_by_one)
{
	struct iob_s *chain = to_iob(frags_make(3));

	chain = iob_trimhead(chain, 21);
	zassert_equal(chain->io_pktlen, 39);
	zassert_equal(net_buf_pool_free_count(fixed), FIXED - 2);
	zassert_equal(k_mem_slab_num_used_get(headers), 2);
	zassert_equal(IOB_DATA(chain)[0], 22);
	/* And from the tail, while the fragment is still behind the first one. */
	chain = iob_trimtail(chain, 20);
	zassert_equal(k_mem_slab_num_used_get(headers), 1);
	zassert_equal(chain->io_pktlen, 19);
	zassert_equal(IOB_DATA(chain)[18], 40);
	iob_free_chain(chain);
}

/* Whichever of the two chains goes first. */
ZTEST(bridge_by_reference, test_outlives_the_packet)
{
	struct net_buf *buf = net_buf_ref(frags_make(2));
	struct iob_s *chain = to_iob(buf);

	net_buf_unref(buf);
	zassert_equal(net_buf_pool_free_count(fixed), FIXED - 2);
	zassert_equal(IOB_DATA(chain->io_flink)[19], 40);
	iob_free_chain(chain);
}

/* Two chains around one packet. */
ZTEST(bridge_by_reference, test_twice)
{
	struct net_buf *buf = net_buf_ref(frags_make(2));
	struct iob_s *first = to_iob(buf);
	struct iob_s *second = to_iob(buf);

	zassert_equal_ptr(first->io_data, second->io_data);
	first = iob_free(first);
	iob_free_chain(second);
	zassert_equal(IOB_DATA(first)[0], 21);
	zassert_equal(net_buf_pool_free_count(fixed), FIXED - 1);
	iob_free_chain(first);
}

/* Longer by I/O buffers of the pool, behind and in front. */
ZTEST(bridge_by_reference, test_mixed_with_the_pool)
{
	struct iob_s *chain = chain_make(LENS(8));
	uint8_t bytes[68];

	iob_concat(chain, to_iob(frags_make(2)));
	iob_concat(chain, chain_make(LENS(20)));
	zassert_equal(chain->io_pktlen, 68);
	zassert_equal(iob_copyout(bytes, chain, 68, 0), 68);
	zassert_equal(bytes[47], 40);
	iob_free_chain(chain);
}

/* With 0, 1, 2 ... headers: each is refused in turn. */
ZTEST(bridge_by_reference, test_each_header_fails)
{
	for (unsigned int left = 0; left <= HEADERS; left++) {
		void *taken[HEADERS];
		struct net_buf *buf = frags_make(4);
		struct iob_s *chain;

		for (unsigned int i = left; i < HEADERS; i++) {
			zassert_ok(k_mem_slab_alloc(headers, &taken[i], K_NO_WAIT));
		}
		chain = to_iob(buf);
		zassert_equal(chain != NULL, left >= 4, "with %u", left);
		zassert_equal(k_mem_slab_num_free_get(headers), chain != NULL ? left - 4 : left);
		if (chain == NULL) {
			for (struct net_buf *frag = buf; frag != NULL; frag = frag->frags) {
				zassert_equal(net_buf_ref_get(frag), 1);
			}
			zassert_equal(net_buf_frags_len(buf), 80);
			net_buf_unref(buf);
		}
		iob_free_chain(chain);
		for (unsigned int i = left; i < HEADERS; i++) {
			k_mem_slab_free(headers, taken[i]);
		}
	}
}

/* A fragment whose count is full, each in turn. */
ZTEST(bridge_by_reference, test_each_reference_fails)
{
	for (int full = 0; full < 3; full++) {
		struct net_buf *buf = frags_make(3);
		struct net_buf *frag = buf;

		for (int i = 0; i < full; i++) {
			frag = frag->frags;
		}
		zassert_true(net_buf_ref_add(frag, NET_BUF_REF_MAX - 1));
		zassert_is_null(to_iob(buf));
		zassert_equal(net_buf_ref_get(frag), NET_BUF_REF_MAX);
		zassert_equal(k_mem_slab_num_used_get(headers), 0);
		net_buf_ref_drop(frag, NET_BUF_REF_MAX - 1);
		for (frag = buf; frag != NULL; frag = frag->frags) {
			zassert_equal(net_buf_ref_get(frag), 1);
		}
		net_buf_unref(buf);
	}
}

/* More than there are headers: no wait, whatever the timeout. */
ZTEST(bridge_by_reference, test_more_than_there_are)
{
	struct net_buf *buf = frags_make(4);

	net_buf_frag_add(buf, net_buf_from_iob(views, chain_make(LENS(1, 1)), K_NO_WAIT));
	zassert_is_null(iob_from_net_buf(headers, buf, false, K_FOREVER));
	zassert_equal(net_buf_frags_len(buf), 82);
	net_buf_unref(buf);
}

ZTEST(bridge_by_reference, test_another_slab)
{
	struct net_buf *buf = frags_make(1);

	MISUSE(zassert_is_null(iob_from_net_buf(&other_slab, buf, false, K_NO_WAIT)));
	net_buf_unref(buf);
}
