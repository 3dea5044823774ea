/* SPDX-License-Identifier: Apache-2.0 */
/** @file Data moved together. */
#include "pool.h"

#include <errno.h>
#include <string.h>

/* Have the data of @p iob begin at 0. */
static void to_front(struct iob_s *iob)
{
	memmove(iob->io_data, IOB_DATA(iob), iob->io_len);
	iob->io_offset = 0;
}

/* Move as much of @p src behind the data of @p dst as is there and fits, and is not beyond @p end. */
static void pull(struct iob_s *dst, struct iob_s *src, unsigned int end)
{
	unsigned int part = MIN(end - dst->io_len, (unsigned int)src->io_len);

	memcpy(&dst->io_data[dst->io_len], IOB_DATA(src), part);
	dst->io_len += part;
	src->io_offset += part;
	src->io_len -= part;
}

struct iob_s *iob_pack(struct iob_s *iob)
{
	struct iob_s *empty = NULL; /* the last of those at the head */
	struct iob_s *head = iob;
	struct iob_s *dst;
	struct iob_s *src;

	if (iob == NULL) {
		return NULL;
	}
	for (; head->io_len == 0 && head->io_flink != NULL; head = head->io_flink) {
		empty = head;
	}
	if (empty != NULL) {
		head->io_pktlen = iob->io_pktlen;
		empty->io_flink = NULL;
		iob_free_chain(iob);
	}
	dst = head;
	to_front(dst);
	/* Nothing is written where something has not been read: there is not more in front of it. */
	for (src = dst->io_flink; src != NULL;) {
		if (dst == src) {
			to_front(dst);
			src = src->io_flink;
		} else if (src->io_len == 0) {
			src = src->io_flink;
		} else if (dst->io_len == IOB_BUFSIZE(dst)) {
			dst = dst->io_flink;
			if (dst != src) {
				dst->io_offset = 0; /* has been emptied */
			}
		} else {
			pull(dst, src, IOB_BUFSIZE(dst));
		}
	}
	iob_cut(dst);
	return head;
}

int iob_contig(struct iob_s *iob, unsigned int len)
{
	struct iob_s *next;
	struct iob_s *emptied = NULL;

	if (iob == NULL) {
		return -EINVAL;
	}
	if (len <= iob->io_len) {
		return 0;
	}
	if (len > iob->io_pktlen || len > IOB_BUFSIZE(iob) || len > iob_data_len(iob)) {
		return -ENOSPC;
	}
	to_front(iob);
	next = iob->io_flink;
	while (iob->io_len < len) {
		pull(iob, next, len);
		if (next->io_len == 0) {
			emptied = next;
			next = next->io_flink;
		}
	}
	if (emptied != NULL) {
		struct iob_s *first = iob->io_flink;

		emptied->io_flink = NULL;
		iob->io_flink = next;
		iob_free_chain(first);
	}
	return 0;
}
