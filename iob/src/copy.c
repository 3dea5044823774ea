/* SPDX-License-Identifier: Apache-2.0 */
/** @file Data into chains, out of them, and from one to another. */
#include "pool.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* A place in the data of a chain. */
struct place {
	struct iob_s *iob;
	int offset; /* from the beginning of its data; may be before it, or behind its end */
};

/* Where there is room for code, it is there once for each direction. */
#ifdef CONFIG_SMP
#define COPY_INLINE ALWAYS_INLINE
#else
#define COPY_INLINE
#endif

/*
 * Copy @p len bytes between @p bytes and the chain, @p in it or out of it, and move @p at on to where
 * it ends. @return how many; fewer, and @p at is not moved, where the chain ends.
 */
static COPY_INLINE unsigned int copy(struct place *at, uint8_t *bytes, unsigned int len, bool in)
{
	struct iob_s *iob = at->iob;
	int offset = at->offset;
	size_t left = len;
	size_t part;
	uint8_t *data;

	if (len == 0) {
		return 0;
	}
	while (offset >= (int)iob->io_len) {
		offset -= iob->io_len;
		iob = iob->io_flink;
		if (iob == NULL) {
			return 0;
		}
	}
	data = IOB_DATA(iob) + offset;
	part = (unsigned int)(iob->io_len - offset);
	for (;;) {
		part = MIN(part, left);
		/* That it is less than 256, say. GCC would copy words in a row, which is slower. */
		FORGET(part);
		memcpy(in ? data : bytes, in ? bytes : data, part);
		left -= part;
		if (left == 0) {
			at->iob = iob;
			at->offset = (int)(data + part - IOB_DATA(iob));
			return len;
		}
		iob = iob->io_flink;
		if (iob == NULL) {
			return len - (unsigned int)left;
		}
		bytes += part;
		data = IOB_DATA(iob);
		part = iob->io_len;
	}
}

/* What is wrong with the arguments of a copy: an error, or 0. */
static int refuse(const struct iob_s *iob, const void *bytes, unsigned int len, int offset)
{
	if (iob == NULL || (bytes == NULL && len > 0) || len > INT_MAX) {
		return -EINVAL;
	}
	return offset < -(int)iob->io_offset ? -ESPIPE : 0;
}

static int copy_in(struct iob_s *iob, const uint8_t *src, unsigned int len, int offset,
		   unsigned int flags)
{
	struct iob_growth growth = {iob, NULL, flags};
	struct place at = {iob, offset};
	int ret = refuse(iob, src, len, offset);
	unsigned int end = (unsigned int)offset + len;

	if (ret != 0) {
		return ret;
	}
	if (offset > (int)iob->io_pktlen) {
		return -ESPIPE;
	}
	ret = (int)len;
	if ((offset >= 0 || (int)end > 0) && end > iob->io_pktlen) {
		/* The last buffer gets longer, then others behind it. */
		unsigned int before = 0;
		struct iob_s *last;

		for (last = iob; last->io_flink != NULL; last = last->io_flink) {
			before += last->io_len;
		}
		len = iob_resize(last, end - before, &growth) + before - (unsigned int)offset;
		if (len != (unsigned int)ret) {
			ret = -ENOMEM;
		}
		if (last != iob) {
			last->io_pktlen = 0;
			iob->io_pktlen = len + (unsigned int)offset;
		}
	}
	(void)copy(&at, (uint8_t *)(uintptr_t)src, len, true);
	return ret;
}

int iob_copyin(struct iob_s *iob, const uint8_t *src, unsigned int len, int offset, bool throttled)
{
	return copy_in(iob, src, len, offset, (unsigned int)throttled | GROW_WAIT);
}

int iob_trycopyin(struct iob_s *iob, const uint8_t *src, unsigned int len, int offset,
		  bool throttled)
{
	return copy_in(iob, src, len, offset, (unsigned int)throttled);
}

int iob_copyout(uint8_t *dest, const struct iob_s *iob, unsigned int len, int offset)
{
	struct place at = {(struct iob_s *)(uintptr_t)iob, offset};
	int ret = refuse(iob, dest, len, offset);

	return ret != 0 ? ret : (int)copy(&at, dest, len, false);
}

int iob_clone_partial(struct iob_s *iob1, unsigned int len, int offset1, struct iob_s *iob2,
		      int offset2, bool throttled, bool block)
{
	struct iob_growth growth = {iob2, iob1, (unsigned int)throttled | (block ? GROW_WAIT : 0)};
	struct place to = {iob2, offset2};
	int ret = 0;
	unsigned int there;
	unsigned int wanted;
	unsigned int got;

	if (iob1 == NULL || iob2 == NULL || iob1 == iob2) {
		return -EINVAL;
	}
	if (offset1 < -(int)iob1->io_offset || offset2 < -(int)iob2->io_offset) {
		return -ESPIPE;
	}
	there = iob_data_len(iob1) - (unsigned int)offset1;
	len = (int)there > 0 ? MIN(len, there) : 0;
	/* Where the packet ends: at its beginning if all of it goes in front of that. */
	wanted = MAX((int)(len + (unsigned int)offset2), 0);
	got = iob_resize(iob2, wanted, &growth);
	if (got < wanted) {
		ret = -ENOMEM;
		len = MAX((int)(got - (unsigned int)offset2), 0);
	}
	for (; len > 0; iob1 = iob1->io_flink) {
		int part = (int)iob1->io_len - offset1;

		if (part > 0) {
			part = MIN(part, (int)len);
			len -= copy(&to, IOB_DATA(iob1) + offset1, (unsigned int)part, true);
			offset1 = 0;
		} else {
			offset1 = -part;
		}
	}
	return ret;
}

int iob_clone(struct iob_s *iob1, struct iob_s *iob2, bool throttled, bool block)
{
	if (iob1 == NULL || iob2 == NULL || iob2->io_len != 0 || iob2->io_offset != 0 ||
	    iob2->io_pktlen != 0 || iob2->io_flink != NULL) {
		return -EINVAL;
	}
	return iob_clone_partial(iob1, iob1->io_pktlen, 0, iob2, 0, throttled, block);
}
