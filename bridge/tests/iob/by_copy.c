/* SPDX-License-Identifier: Apache-2.0 */
/** @file net_bufs as chains of I/O buffers where they are copied. */
#include "../support/fixture.h"

#include <zephyr/net_buf/ref_many.h>

#include <iob/chain.h>

#include <string.h>

ZTEST_SUITE(bridge_by_copy, NULL, NULL, NULL, NULL, NULL);

static struct iob_s *to_iob(struct net_buf *buf, bool throttled)
{
	return iob_from_net_buf(headers, buf, throttled, K_NO_WAIT);
}

/* A packet of @p bytes in a few fragments, around memory of ours. */
static struct net_buf *packet(size_t bytes)
{
	static uint8_t memory[3 * BUFSIZE];
	struct net_buf *head = NULL;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(memory); i++) {
		memory[i] = (uint8_t)(i * 7);
	}
	while (at < bytes || head == NULL) {
		size_t here = at == 0 ? MIN(bytes, (size_t)11) : bytes - at;
		struct net_buf *buf = net_buf_alloc_with_data(views, memory + at, here, K_NO_WAIT);

		if (head == NULL) {
			head = buf;
		} else {
			net_buf_frag_add(head, buf);
		}
		at += here;
	}
	return head;
}

ZTEST(bridge_by_copy, test_lengths)
{
	static const size_t lengths[] = {
		0, 1, BUFSIZE - 1, BUFSIZE, BUFSIZE + 1, 2 * BUFSIZE - 1, 2 * BUFSIZE, 3 * BUFSIZE};

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t bytes = lengths[i];
		struct iob_s *chain = to_iob(packet(bytes), false);
		size_t at = 0;

		zassert_not_null(chain);
		zassert_equal(net_buf_pool_free_count(views), VIEWS, "the packet is released");
		zassert_equal(chain->io_pktlen, bytes);
		zassert_equal(iob_count(chain), (int)MAX(DIV_ROUND_UP(bytes, BUFSIZE), 1U));
		for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
			zassert_equal(iob->io_offset, 0);
			zassert_equal(iob->io_len, MIN(bytes - at, (size_t)BUFSIZE));
			for (size_t j = 0; j < iob->io_len; j++, at++) {
				zassert_equal(iob->io_data[j], (uint8_t)(at * 7));
			}
		}
		zassert_equal(at, bytes);
		iob_free_chain(chain);
	}
}

/* With 0, 1, 2 ... buffers, throttled or not: each is refused in turn. */
ZTEST(bridge_by_copy, test_each_buffer_fails)
{
	for (int throttled = 0; throttled <= 1; throttled++) {
		unsigned int floor = throttled ? CONFIG_IOB_THROTTLE : 0;

		for (unsigned int left = 0; left <= CONFIG_IOB_NBUFFERS; left++) {
			struct iob_s *rest = iob_tryalloc_chain(CONFIG_IOB_NBUFFERS - left, false);
			struct net_buf *buf = packet(3 * BUFSIZE);
			struct iob_s *chain = to_iob(buf, throttled != 0);

			zassert_equal(chain != NULL, left >= floor + 3, "with %u", left);
			zassert_equal(iob_nfree(), (int)(chain != NULL ? left - 3 : left));
			if (chain == NULL) {
				zassert_equal(net_buf_ref_get(buf), 1);
				zassert_equal(net_buf_frags_len(buf), 3 * BUFSIZE);
				net_buf_unref(buf);
			}
			iob_free_chain(chain);
			iob_free_chain(rest);
		}
	}
}

/* More than there ever are: no wait, whatever the timeout. */
ZTEST(bridge_by_copy, test_more_than_the_pool)
{
	static uint8_t memory[CONFIG_IOB_NBUFFERS];
	struct net_buf *buf = net_buf_alloc_with_data(views, memory, sizeof(memory), K_NO_WAIT);
	unsigned int most = (CONFIG_IOB_NBUFFERS - CONFIG_IOB_THROTTLE) * BUFSIZE;

	/* Its length is more than its memory; nobody reads it. */
	buf->len = (uint16_t)(most + 1);
	zassert_is_null(iob_from_net_buf(headers, buf, true, K_FOREVER));
	net_buf_unref(buf);
}
