/* SPDX-License-Identifier: Apache-2.0 */
/** @file Data moved together. */
#include "pool.h"

#include <errno.h>
#include <string.h>

/* Move the buffer behind @p iob to @p emptied. */
static void unlink_next(struct iob_s *iob, struct iob_s **emptied)
{
	struct iob_s *next = iob->io_flink;

	iob->io_flink = next->io_flink;
	next->io_flink = *emptied;
	*emptied = next;
}

/*
 * Have the data of @p iob begin at 0, and be @p len bytes, or more if there are; they are there.
 * Buffers that get empty go from behind it to @p emptied.
 */
static void fill(struct iob_s *iob, unsigned int len, struct iob_s **emptied)
{
	memmove(iob->io_data, IOB_DATA(iob), iob->io_len);
	iob->io_offset = 0;
	while (iob->io_len < len) {
		struct iob_s *next = iob->io_flink;
		unsigned int part = MIN(len - iob->io_len, (unsigned int)next->io_len);

		memcpy(&iob->io_data[iob->io_len], IOB_DATA(next), part);
		iob->io_len += part;
		next->io_offset += part;
		next->io_len -= part;
		if (next->io_len == 0) {
			unlink_next(iob, emptied);
		}
	}
}

struct iob_s *iob_pack(struct iob_s *iob)
{
	unsigned int left = iob_data_len(iob);
	struct iob_s *emptied = NULL;
	struct iob_s *head;

	if (iob == NULL) {
		return NULL;
	}
	while (iob->io_len == 0 && iob->io_flink != NULL) {
		head = iob->io_flink;
		iob->io_flink = emptied;
		emptied = iob;
		iob = head;
	}
	head = iob;
	head->io_pktlen = left;
	for (;;) {
		fill(iob, MIN(left, (unsigned int)IOB_BUFSIZE(iob)), &emptied);
		left -= iob->io_len;
		if (left == 0) {
			break;
		}
		iob = iob->io_flink;
	}
	while (iob->io_flink != NULL) {
		unlink_next(iob, &emptied);
	}
	iob_free_chain(emptied);
	return head;
}

int iob_contig(struct iob_s *iob, unsigned int len)
{
	struct iob_s *emptied = NULL;

	if (iob == NULL) {
		return -EINVAL;
	}
	if (len > iob->io_len) {
		if (len > IOB_BUFSIZE(iob) || len > iob_data_len(iob)) {
			return -ENOSPC;
		}
		fill(iob, len, &emptied);
		iob_free_chain(emptied);
	}
	return 0;
}
