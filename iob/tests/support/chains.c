/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains for tests. */
#include "chains.h"

#include <zephyr/ztest.h>

struct iob_s *chain_make_at(unsigned int count, const unsigned int *lens,
			    const unsigned int *offsets)
{
	struct iob_s *head = NULL;
	struct iob_s **end = &head;
	uint8_t byte = 1;

	for (unsigned int i = 0; i < count; i++) {
		struct iob_s *iob = iob_tryalloc(false);

		zassert_not_null(iob);
		zassert_true(offsets[i] + lens[i] <= BUFSIZE, "the test needs larger buffers");
		iob->io_offset = offsets[i];
		iob->io_len = lens[i];
		for (unsigned int j = 0; j < lens[i]; j++) {
			IOB_DATA(iob)[j] = byte++;
		}
		*end = iob;
		end = &iob->io_flink;
		head->io_pktlen += lens[i];
	}
	return head;
}

struct iob_s *chain_make(unsigned int count, const unsigned int *lens)
{
	static const unsigned int offsets[NBUFFERS];

	return chain_make_at(count, lens, offsets);
}

void chain_expect(const struct iob_s *iob, unsigned int count, const unsigned int *lens)
{
	const struct iob_s *head = iob;
	unsigned int total = 0;

	for (unsigned int i = 0; i < count; i++) {
		zassert_not_null(iob, "%u buffers instead of %u", i, count);
		zassert_equal(iob->io_len, lens[i], "buffer %u has %u bytes, not %u", i,
			      (unsigned int)iob->io_len, lens[i]);
		zassert_true(iob->io_offset + iob->io_len <= IOB_BUFSIZE(iob));
		total += iob->io_len;
		iob = iob->io_flink;
	}
	zassert_is_null(iob, "more than %u buffers", count);
	if (head != NULL) {
		zassert_equal(head->io_pktlen, total, "io_pktlen is %u, not %u", head->io_pktlen,
			      total);
	}
}

void chain_expect_bytes(const struct iob_s *iob, unsigned int len, uint8_t first)
{
	unsigned int i = 0;

	for (; iob != NULL; iob = iob->io_flink) {
		for (unsigned int j = 0; j < iob->io_len; j++, i++) {
			uint8_t byte = IOB_DATA(iob)[j];

			zassert_equal(byte, (uint8_t)(first + i), "byte %u is %u, not %u", i, byte,
				      (uint8_t)(first + i));
		}
	}
	zassert_equal(i, len, "%u bytes instead of %u", i, len);
}

struct iob_s *chain_leave(unsigned int left)
{
	struct iob_s *chain = NULL;

	while (iob_navail(false) > (int)left) {
		struct iob_s *iob = iob_tryalloc(false);

		zassert_not_null(iob);
		iob->io_flink = chain;
		chain = iob;
	}
	return chain;
}

struct iob_s *chain_take_all(void)
{
	return chain_leave(0);
}
