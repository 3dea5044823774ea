/* SPDX-License-Identifier: Apache-2.0 */
/** @file Less data: at the beginning, at the end. */
#include "pool.h"

struct iob_s *iob_trim_front(struct iob_s *iob, unsigned int trimlen, struct iob_s **rest)
{
	struct iob_s *head = iob;
	struct iob_s *emptied = NULL; /* the last buffer that is */
	unsigned int pktlen;

	*rest = NULL;
	if (iob == NULL || trimlen == 0) {
		return iob;
	}
	pktlen = iob->io_pktlen;
	while (trimlen > 0) {
		if (trimlen < iob->io_len) {
			iob->io_offset += trimlen;
			iob->io_len -= trimlen;
			pktlen -= trimlen;
			break;
		}
		pktlen -= iob->io_len;
		trimlen -= iob->io_len;
		if (iob->io_flink == NULL) {
			iob->io_len = 0;
			iob->io_offset = 0;
			pktlen = 0;
			break;
		}
		emptied = iob;
		iob = iob->io_flink;
	}
	iob->io_pktlen = pktlen;
	if (emptied != NULL) {
		emptied->io_flink = NULL;
		*rest = head;
	}
	return iob;
}

struct iob_s *iob_trimhead(struct iob_s *iob, unsigned int trimlen)
{
	struct iob_s *rest;

	iob = iob_trim_front(iob, trimlen, &rest);
	iob_free_chain(rest);
	return iob;
}

struct iob_s *iob_trimtail(struct iob_s *iob, unsigned int trimlen)
{
	unsigned int total = iob_data_len(iob);
	struct iob_s *before = NULL;
	struct iob_s *end = iob;
	unsigned int left;

	if (iob == NULL || trimlen == 0) {
		return iob;
	}
	if (trimlen > total) {
		iob_free_chain(iob);
		return NULL;
	}
	/* The buffer in which the packet ends from now on, or that begins where it ends. */
	for (left = total - trimlen; end->io_len <= left; end = end->io_flink) {
		left -= end->io_len;
		before = end;
	}
	if (left > 0) {
		end->io_len = left;
		before = end;
	}
	if (before == NULL) {
		iob_free_chain(iob);
		return NULL;
	}
	iob->io_pktlen = total - trimlen;
	iob_cut(before);
	return iob;
}
