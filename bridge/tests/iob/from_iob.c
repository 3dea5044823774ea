/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains of I/O buffers as net_bufs. */
#include "../support/fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>
#ifdef CONFIG_IOB_ALLOC
#include <iob/external.h>
#endif

#include <string.h>

ZTEST_SUITE(bridge_from_iob, NULL, NULL, NULL, NULL, NULL);

static int home(void)
{
	return iob_nfree() - CONFIG_IOB_NBUFFERS;
}

/* A packet of three, the second one empty. */
static struct net_buf *three(struct iob_s **chain)
{
	*chain = chain_make(LENS(10, 0, 17));
	return net_buf_from_iob(views, *chain, K_NO_WAIT);
}

ZTEST(bridge_from_iob, test_the_same_bytes)
{
	struct iob_s *chain = chain_make(LENS(10, 0, 17));
	struct iob_s *second = chain->io_flink;
	struct iob_s *third = second->io_flink;
	struct net_buf *buf = net_buf_from_iob(views, chain, K_NO_WAIT);
	uint8_t bytes[27];

	zassert_not_null(buf);
	zassert_equal_ptr(buf->data, chain->io_data + 8);
	zassert_equal_ptr(buf->frags->data, second->io_data + 3);
	zassert_equal_ptr(buf->frags->frags->data, third->io_data + 3);
	zassert_is_null(buf->frags->frags->frags);
	zassert_equal(buf->len, 10);
	zassert_equal(buf->frags->len, 0);
	zassert_equal(buf->frags->frags->len, 17);
	for (struct net_buf *frag = buf; frag != NULL; frag = frag->frags) {
		zassert_equal(net_buf_headroom(frag), frag == buf ? 8 : 3);
		zassert_equal(net_buf_headroom(frag) + frag->len + net_buf_tailroom(frag), BUFSIZE);
		zassert_equal(net_buf_ref_get(frag), 1);
	}
	zassert_equal(net_buf_linearize(bytes, sizeof(bytes), buf, 0, sizeof(bytes)), 27);
	for (int i = 0; i < 27; i++) {
		zassert_equal(bytes[i], i + 1);
	}
	zassert_equal(home(), -3);
	net_buf_unref(buf);
	zassert_equal(home(), 0);
}

ZTEST(bridge_from_iob, test_one_empty_buffer)
{
	struct iob_s *iob = iob_tryalloc(false);
	struct net_buf *buf = net_buf_from_iob(views, iob, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->len, 0);
	zassert_equal(net_buf_tailroom(buf), BUFSIZE);
	net_buf_add_u8(buf, 9);
	zassert_equal(iob->io_data[0], 9);
	net_buf_unref(buf);
	zassert_equal(home(), 0);
}

/* A full buffer, and one whose beginning is at its end. */
ZTEST(bridge_from_iob, test_no_room)
{
	struct iob_s *full = iob_tryalloc(false);
	struct iob_s *end = iob_tryalloc(false);
	struct net_buf *buf;

	full->io_len = BUFSIZE;
	full->io_flink = end;
	end->io_offset = BUFSIZE;
	buf = net_buf_from_iob(views, full, K_NO_WAIT);
	zassert_equal(buf->len, BUFSIZE);
	zassert_equal(net_buf_tailroom(buf), 0);
	zassert_equal(net_buf_headroom(buf->frags), BUFSIZE);
	zassert_equal(net_buf_tailroom(buf->frags), 0);
	net_buf_unref(buf);
	zassert_equal(home(), 0);
}

/* io_pktlen may say anything. */
ZTEST(bridge_from_iob, test_length_is_that_of_the_buffers)
{
	struct iob_s *chain = chain_make(LENS(4, 5));
	struct net_buf *buf;

	chain->io_pktlen = 70000;
	chain->io_flink->io_pktlen = 3;
	buf = net_buf_from_iob(views, chain, K_NO_WAIT);
	zassert_equal(net_buf_frags_len(buf), 9);
	net_buf_unref(buf);
}

/* ---- going home ------------------------------------------------------------------------------ */

ZTEST(bridge_from_iob, test_fragments_one_by_one)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);

	buf = net_buf_frag_del(NULL, buf);
	zassert_equal(home(), -2);
	zassert_equal(iob_navail(false), CONFIG_IOB_NBUFFERS - 2, "it can be used at once");
	(void)net_buf_frag_del(buf, buf->frags);
	zassert_equal(home(), -1);
	zassert_is_null(net_buf_frag_del(NULL, buf));
	zassert_equal(home(), 0);
}

ZTEST(bridge_from_iob, test_skip_gives_back_what_was_read)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);

	buf = net_buf_skip(buf, 11);
	zassert_equal(home(), -1);
	zassert_equal(buf->len, 16);
	zassert_is_null(net_buf_skip(buf, 16));
	zassert_equal(home(), 0);
}

/* A fragment that somebody else has outlives its packet. */
ZTEST(bridge_from_iob, test_a_kept_fragment)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);
	struct net_buf *kept = net_buf_ref(buf->frags->frags);

	net_buf_unref(buf);
	zassert_equal(home(), -1);
	zassert_equal(kept->data[0], 11);
	net_buf_unref(kept);
	zassert_equal(home(), 0);
}

/* What was behind a fragment may be somebody else's packet when the fragment goes. */
ZTEST(bridge_from_iob, test_freed_behind_its_back)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);
	struct iob_s *taken = NULL;

	/* The second goes, and all that are free are packets of others. */
	(void)net_buf_frag_del(buf, buf->frags);
	for (struct iob_s *iob; (iob = iob_tryalloc(false)) != NULL; taken = iob) {
		iob->io_flink = taken;
		iob->io_pktlen = 777;
	}
	net_buf_unref(buf);
	for (struct iob_s *iob = taken; iob != NULL; iob = iob->io_flink) {
		zassert_equal(iob->io_pktlen, 777);
	}
	iob_free_chain(taken);
}

/* Clones share the memory, and the last one frees it. */
ZTEST(bridge_from_iob, test_clones)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);
	struct net_buf *first = net_buf_clone(buf, K_NO_WAIT);
	struct net_buf *third = net_buf_clone(buf->frags->frags, K_NO_WAIT);

	zassert_equal_ptr(first->data, buf->data);
	zassert_equal_ptr(third->data, buf->frags->frags->data);
	net_buf_unref(buf);
	zassert_equal(home(), -2);
	zassert_equal(first->data[9], 10);
	net_buf_unref(first);
	zassert_equal(home(), -1);
	zassert_equal(third->data[16], 27);
	net_buf_unref(third);
	zassert_equal(home(), 0);
}

/* The chain may be lengthened by other net_bufs, and taken apart, like any. */
ZTEST(bridge_from_iob, test_mixed_with_others)
{
	struct iob_s *chain;
	struct net_buf *buf = three(&chain);

	net_buf_frag_add(buf, frags_make(2));
	net_buf_frag_insert(buf, frags_make(1));
	zassert_equal(net_buf_frags_len(buf), 27 + 60);
	net_buf_unref(buf);
	zassert_equal(home(), 0);
}

static struct net_buf *isr_buf;

static void make_in_isr(const void *chain)
{
	isr_buf = net_buf_from_iob(views, (struct iob_s *)(uintptr_t)chain, K_NO_WAIT);
}

static void release_in_isr(const void *buf)
{
	net_buf_unref((struct net_buf *)(uintptr_t)buf);
}

ZTEST(bridge_from_iob, test_isr)
{
	irq_offload(make_in_isr, chain_make(LENS(1, 2, 3)));
	zassert_not_null(isr_buf);
	zassert_equal(net_buf_frags_len(isr_buf), 6);
	irq_offload(release_in_isr, isr_buf);
	zassert_equal(home(), 0);
}

/* ---- failure --------------------------------------------------------------------------------- */

/* The chain is as it was, headers and all. */
static void expect_unchanged(const struct iob_s *chain, const struct iob_s *before, unsigned int n)
{
	const struct iob_s *iob = chain;

	for (unsigned int i = 0; i < n; i++, iob = iob->io_flink) {
		zassert_mem_equal(iob, &before[i], offsetof(struct iob_s, io_data), "of %u", i);
	}
	zassert_is_null(iob);
}

/* With 0, 1, 2 ... net_bufs: each allocation is refused in turn. */
ZTEST(bridge_from_iob, test_each_net_buf_fails)
{
	static struct iob_s before[4];

	for (unsigned int left = 0; left <= VIEWS; left++) {
		struct iob_s *chain = chain_make(LENS(3, 0, 5, 7));
		struct net_buf *rest = pool_leave(views, left);
		const struct iob_s *iob = chain;
		struct net_buf *buf;

		for (int i = 0; i < 4; i++, iob = iob->io_flink) {
			before[i] = *iob;
		}
		buf = net_buf_from_iob(views, chain, K_NO_WAIT);
		zassert_equal(buf != NULL, left >= 4, "with %u", left);
		zassert_equal(net_buf_pool_free_count(views), buf != NULL ? left - 4 : left);
		zassert_equal(home(), -4);
		if (buf == NULL) {
			expect_unchanged(chain, before, 4);
			iob_free_chain(chain);
		} else {
			net_buf_unref(buf);
		}
		zassert_equal(home(), 0);
		net_buf_drop(&rest);
	}
}

/* More than the pool has: no wait, whatever the timeout. */
ZTEST(bridge_from_iob, test_more_than_the_pool)
{
	struct iob_s *chain = chain_make(LENS(1, 1, 1, 1, 1, 1, 1));

	zassert_is_null(net_buf_from_iob(views, chain, K_FOREVER));
	zassert_equal(iob_count(chain), 7);
	chain = iob_trimhead(chain, 1);
	net_buf_unref(net_buf_from_iob(views, chain, K_NO_WAIT));
}

ZTEST(bridge_from_iob, test_misuse)
{
	struct iob_s *chain = chain_make(LENS(1, 2));
	struct iob_s *second = chain->io_flink;

	MISUSE(zassert_is_null(net_buf_from_iob(NULL, chain, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_iob(fixed, chain, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_iob(views, NULL, K_NO_WAIT)));
	second->io_offset = 4;
	second->io_len = BUFSIZE - 3;
	MISUSE(zassert_is_null(net_buf_from_iob(views, chain, K_NO_WAIT)));
	second->io_len = 1;
	/* One that comes back to itself has no end to wait for. */
	second->io_flink = chain;
	zassert_is_null(net_buf_from_iob(views, chain, K_NO_WAIT));
	second->io_flink = NULL;
	/* One that is free, alone and at the end of a chain. */
	zassert_is_null(iob_free(second));
	MISUSE(zassert_is_null(net_buf_from_iob(views, second, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_iob(views, chain, K_NO_WAIT)));
	chain->io_flink = NULL;
	zassert_equal(home(), -1);
	zassert_is_null(iob_free(chain));
}

#ifdef CONFIG_IOB_ALLOC

/* ---- I/O buffers that are not the pool's ----------------------------------------------------- */

static unsigned int freed;
static size_t views_home;

static void on_free(void *data)
{
	ARG_UNUSED(data);
	freed++;
	views_home = net_buf_pool_free_count(views);
}

ZTEST(bridge_from_iob, test_external_buffers)
{
	static struct iob_s header;
	static uint8_t bytes[40];
	struct iob_s *chain = chain_make(LENS(6));
	struct net_buf *buf;

	freed = 0;
	chain->io_flink = iob_init_external(&header, bytes, sizeof(bytes), on_free);
	header.io_len = 30;
	header.io_offset = 4;
	buf = net_buf_from_iob(views, chain, K_NO_WAIT);
	zassert_equal_ptr(buf->frags->data, &bytes[4]);
	zassert_equal(buf->frags->len, 30);
	zassert_equal(net_buf_tailroom(buf->frags), 6);
	zassert_equal(freed, 0);
	net_buf_unref(buf);
	zassert_equal(freed, 1);
	zassert_equal(views_home, VIEWS, "the net_buf is home first");
	zassert_equal(home(), 0);
}

#endif /* CONFIG_IOB_ALLOC */
