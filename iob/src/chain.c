/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains as wholes: counting, joining, making them longer. */
#include "pool.h"

static struct iob_s *last_of(struct iob_s *iob)
{
	while (iob->io_flink != NULL) {
		iob = iob->io_flink;
	}
	return iob;
}

int iob_count(struct iob_s *iob)
{
	int count = 0;

	for (; iob != NULL; iob = iob->io_flink) {
		count++;
	}
	return count;
}

unsigned int iob_data_len(const struct iob_s *iob)
{
	unsigned int len = 0;

	for (; iob != NULL; iob = iob->io_flink) {
		len += iob->io_len;
	}
	return len;
}

unsigned int iob_tailroom(struct iob_s *iob)
{
	if (iob == NULL) {
		return 0;
	}
	iob = last_of(iob);
	return (unsigned int)IOB_FREESPACE(iob);
}

void iob_concat(struct iob_s *iob1, struct iob_s *iob2)
{
	struct iob_s *last;

	if (iob1 == NULL || iob2 == NULL) {
		return;
	}
	for (last = iob1; last != iob2; last = last->io_flink) {
		if (last->io_flink == NULL) {
			last->io_flink = iob2;
			iob1->io_pktlen += iob2->io_pktlen;
			iob2->io_pktlen = 0;
			return;
		}
	}
	iob_misuse("appended to a chain that has it", iob2);
}

void iob_cut(struct iob_s *last)
{
	struct iob_s *rest = last->io_flink;

	last->io_flink = NULL;
	iob_free_chain(rest);
}
