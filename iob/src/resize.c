/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets of a given length, and room in front of them. */
#include "pool.h"

#include <errno.h>

/* Buffers of the pool in a chain. */
static unsigned int pool_count(const struct iob_s *iob)
{
	unsigned int count = 0;

	for (; iob != NULL; iob = iob->io_flink) {
		/* There are no others without CONFIG_IOB_ALLOC. */
		count += !IS_ENABLED(CONFIG_IOB_ALLOC) || from_pool(iob);
	}
	return count;
}

/* Whether @p bytes can ever be allocated while the caller has what it has. */
static bool can_ever(unsigned int bytes, const struct iob_growth *growth)
{
	unsigned int most =
		CONFIG_IOB_NBUFFERS - (unsigned int)floor_of((growth->flags & GROW_THROTTLED) != 0);
	unsigned int kept = pool_count(growth->kept) + pool_count(growth->source);

#ifdef CONFIG_IOB_BUDGETS
	kept += atomic32_load_relaxed(&iob_budgets.promised);
#endif
	return kept < most && bytes <= (most - kept) * CONFIG_IOB_BUFSIZE;
}

/*
 * Append some of the buffers that *@p bytes need to *@p last, filled with as many of these. Both are
 * moved on. @return whether there were any.
 */
static bool append_filled(struct iob_s **last, unsigned int *bytes, const struct iob_growth *growth)
{
	bool throttled = (growth->flags & GROW_THROTTLED) != 0;
	struct iob_s **link = &(*last)->io_flink;
	unsigned int room = CONFIG_IOB_BUFSIZE;
	unsigned int wanted = *bytes;
	unsigned int n = 1;

	while (n < IOB_CHAIN_STEP && wanted > room) {
		room += CONFIG_IOB_BUFSIZE;
		n++;
	}
	n = iob_take_some(link, last, n, throttled, CONFIG_IOB_BUFSIZE);
	if (n == 0) {
		if ((growth->flags & GROW_WAIT) != 0 && can_ever(wanted, growth)) {
			*link = iob_alloc(throttled);
		}
		if (*link == NULL) {
			return false;
		}
		*last = *link;
		n = 1;
	}
	room = n * CONFIG_IOB_BUFSIZE;
	wanted = MIN(wanted, room);
	(*last)->io_len = CONFIG_IOB_BUFSIZE - (room - wanted);
	*bytes -= wanted;
	return true;
}

unsigned int iob_resize(struct iob_s *first, unsigned int bytes, const struct iob_growth *growth)
{
	struct iob_s *iob = first;
	unsigned int left = bytes;

	for (;;) {
		unsigned int room = (unsigned int)(IOB_BUFSIZE(iob) - iob->io_offset);
		unsigned int part = MIN(left, room);

		iob->io_len = part;
		left -= part;
		if (iob->io_flink == NULL) {
			break;
		}
		if (left == 0) {
			iob_cut(iob);
			break;
		}
		iob = iob->io_flink;
		iob->io_pktlen = 0;
		if (growth->source != NULL) {
			iob->io_offset = 0;
		}
	}
	while (left > 0 && append_filled(&iob, &left, growth)) {
		/* until they have room for all */
	}
	first->io_pktlen = bytes - left;
	return bytes - left;
}

int iob_update_pktlen(struct iob_s *iob, unsigned int pktlen, bool throttled)
{
	struct iob_growth growth = {iob, NULL, (unsigned int)throttled};

	return iob != NULL ? (int)iob_resize(iob, pktlen, &growth) : -EINVAL;
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
