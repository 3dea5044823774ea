/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets of a given length, and room in front of them. */
#include "pool.h"

#include <errno.h>

unsigned int iob_resize(struct iob_s *head, unsigned int bytes, const struct iob_s *source,
			bool throttled, bool block)
{
	struct iob_s *iob = head;
	unsigned int left = bytes;

	for (;;) {
		unsigned int room = (unsigned int)(IOB_BUFSIZE(iob) - iob->io_offset);
		unsigned int part = MIN(left, room);

		iob->io_len = part;
		left -= part;
		if (left == 0) {
			iob_cut(iob);
			break;
		}
		if (iob->io_flink == NULL) {
			block = block && iob_can_ever(head, source, left, throttled);
			if (iob_extend(iob, left, throttled, block) == NULL) {
				break;
			}
		}
		iob = iob->io_flink;
		iob->io_pktlen = 0;
		if (source != NULL) {
			iob->io_offset = 0;
		}
	}
	head->io_pktlen = bytes - left;
	return bytes - left;
}

int iob_update_pktlen(struct iob_s *iob, unsigned int pktlen, bool throttled)
{
	if (iob == NULL) {
		return -EINVAL;
	}
	return (int)iob_resize(iob, pktlen, NULL, throttled, false);
}

void iob_reserve(struct iob_s *iob, unsigned int reserved)
{
	struct iob_s *head = iob;

	for (; iob != NULL && reserved > 0; iob = iob->io_flink) {
		unsigned int offset = MIN(reserved, (unsigned int)IOB_BUFSIZE(iob));
		unsigned int end = iob->io_offset + (unsigned int)iob->io_len;

		if (iob->io_len > 0) {
			unsigned int len = end > offset ? end - offset : 0;

			head->io_pktlen += len - iob->io_len;
			iob->io_len = len;
		}
		iob->io_offset = offset;
		reserved -= offset;
	}
}
