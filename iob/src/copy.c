/* SPDX-License-Identifier: Apache-2.0 */
/** @file Data into chains, out of them, and from one to another. */
#include "pool.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* Whether @p offset is before the memory of the first buffer. */
static bool before_memory(const struct iob_s *iob, int offset)
{
	return offset < -(int)iob->io_offset;
}

/* ---- in -------------------------------------------------------------------------------------- */

static int copy_in(struct iob_s *head, const uint8_t *src, unsigned int len, int offset,
		   bool throttled, bool block)
{
	struct iob_s *iob = head;
	unsigned int left = len;

	if (head == NULL || (src == NULL && len > 0) || len > INT_MAX) {
		return -EINVAL;
	}
	if (before_memory(head, offset) || (offset > 0 && (unsigned int)offset > head->io_pktlen)) {
		return -ESPIPE;
	}
	if (len == 0) {
		return 0;
	}
	while (offset > (int)iob->io_len && iob->io_flink != NULL) {
		offset -= iob->io_len;
		iob = iob->io_flink;
	}
	if (offset > (int)iob->io_len) {
		return -ESPIPE; /* io_pktlen says more than there is */
	}
	/* Over what is there; the last buffer may get longer. */
	for (;; iob = iob->io_flink, offset = 0) {
		bool last = iob->io_flink == NULL;
		int end = last ? (int)(IOB_BUFSIZE(iob) - iob->io_offset) : (int)iob->io_len;
		unsigned int part = MIN(left, (unsigned int)(end - offset));

		memcpy(IOB_DATA(iob) + offset, src, part);
		src += part;
		left -= part;
		offset += (int)part;
		if (offset > (int)iob->io_len) {
			head->io_pktlen += (unsigned int)offset - iob->io_len;
			iob->io_len = offset;
		}
		if (last || left == 0) {
			break;
		}
	}
	if (left == 0) {
		return (int)len;
	}
	block = block && iob_can_ever(head, NULL, left, throttled);
	while (left > 0) {
		struct iob_s *more = iob_extend(iob, left, throttled, block);

		if (more == NULL) {
			return -ENOMEM;
		}
		for (; more != NULL; more = more->io_flink) {
			unsigned int part = MIN(left, CONFIG_IOB_BUFSIZE);

			iob = more;
			memcpy(iob->io_data, src, part);
			iob->io_len = part;
			head->io_pktlen += part;
			src += part;
			left -= part;
		}
	}
	return (int)len;
}

int iob_copyin(struct iob_s *iob, const uint8_t *src, unsigned int len, int offset, bool throttled)
{
	return copy_in(iob, src, len, offset, throttled, true);
}

int iob_trycopyin(struct iob_s *iob, const uint8_t *src, unsigned int len, int offset,
		  bool throttled)
{
	return copy_in(iob, src, len, offset, throttled, false);
}

/* ---- out ------------------------------------------------------------------------------------- */

int iob_copyout(uint8_t *dest, const struct iob_s *iob, unsigned int len, int offset)
{
	unsigned int left = len;

	if (iob == NULL || (dest == NULL && len > 0) || len > INT_MAX) {
		return -EINVAL;
	}
	if (before_memory(iob, offset)) {
		return -ESPIPE;
	}
	for (; iob != NULL && left > 0; iob = iob->io_flink) {
		unsigned int part;

		if (offset >= (int)iob->io_len) {
			offset -= iob->io_len;
			continue;
		}
		part = MIN(left, (unsigned int)((int)iob->io_len - offset));
		memcpy(dest, IOB_DATA(iob) + offset, part);
		dest += part;
		left -= part;
		offset = 0;
	}
	return (int)(len - left);
}

/* ---- from one to another --------------------------------------------------------------------- */

/* Copy @p len bytes, which both have, from one place to another. */
static void copy_across(const struct iob_s *src, int from, struct iob_s *dst, int to,
			unsigned int len)
{
	while (len > 0) {
		int there = (int)src->io_len - from;
		int room = (int)dst->io_len - to;
		int part = MIN(there, room);

		if (part > 0) {
			part = MIN(part, (int)len);
			memcpy(IOB_DATA(dst) + to, IOB_DATA(src) + from, (size_t)part);
			from += part;
			to += part;
			len -= (unsigned int)part;
			there -= part;
			room -= part;
		}
		if (there <= 0) {
			from -= src->io_len;
			src = src->io_flink;
		}
		if (room <= 0) {
			to -= dst->io_len;
			dst = dst->io_flink;
		}
	}
}

int iob_clone_partial(struct iob_s *iob1, unsigned int len, int offset1, struct iob_s *iob2,
		      int offset2, bool throttled, bool block)
{
	unsigned int there;
	unsigned int wanted;
	unsigned int got;

	if (iob1 == NULL || iob2 == NULL || iob1 == iob2) {
		return -EINVAL;
	}
	if (before_memory(iob1, offset1) || before_memory(iob2, offset2)) {
		return -ESPIPE;
	}
	there = iob_data_len(iob1);
	if (offset1 > 0 && (unsigned int)offset1 >= there) {
		len = 0;
	} else {
		len = MIN(len, there - (unsigned int)offset1);
	}
	/* Where the packet ends: before its beginning if all of it goes to the headroom. */
	wanted = offset2 < 0 && len < -(unsigned int)offset2 ? 0 : len + (unsigned int)offset2;
	got = iob_resize(iob2, wanted, iob1, throttled, block);
	if (got < wanted) {
		len = offset2 > 0 && got < (unsigned int)offset2 ? 0 : got - (unsigned int)offset2;
	}
	copy_across(iob1, offset1, iob2, offset2, len);
	return got < wanted ? -ENOMEM : 0;
}

int iob_clone(struct iob_s *iob1, struct iob_s *iob2, bool throttled, bool block)
{
	if (iob1 == NULL || iob2 == NULL || iob2->io_len != 0 || iob2->io_offset != 0 ||
	    iob2->io_pktlen != 0 || iob2->io_flink != NULL) {
		return -EINVAL;
	}
	return iob_clone_partial(iob1, iob1->io_pktlen, 0, iob2, 0, throttled, block);
}
