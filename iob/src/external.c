/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers that are not the pool's. */
#include "pool.h"

#include <iob/external.h>
#include <zephyr/kernel/heap.h>

/* io_kind: what io_free is called with, and what becomes of the header. 0 is a buffer of the pool. */
enum kind {
	KIND_HEADER = 1, /* with the header, which is its user's */
	KIND_DATA,       /* with io_data; the header goes back to the heap */
};

static struct iob_s *make(struct iob_s *iob, void *data, uint16_t size, iob_free_cb_t free_cb,
			  enum kind kind)
{
	*iob = (struct iob_s){
		.io_bufsize = size,
		.io_kind = (uint8_t)kind,
		.io_free = free_cb,
		.io_data = data,
	};
	return iob;
}

struct iob_s *iob_external_free(struct iob_s *iob)
{
	struct iob_s *next = iob->io_flink;
	iob_free_cb_t free_cb = iob->io_free;
	void *data = iob->io_data;
	uint8_t kind = iob->io_kind;

	if (next != NULL) {
		next->io_pktlen = iob->io_pktlen > iob->io_len ? iob->io_pktlen - iob->io_len : 0;
	}
	/* So that it is known for what it is if it is freed again. */
	iob->io_flink = NULL;
	iob->io_free = NULL;
	iob->io_kind = 0;
	if (kind == KIND_DATA) {
		k_free(iob);
		free_cb(data);
	} else {
		free_cb(iob);
	}
	return next;
}

struct iob_s *iob_alloc_dynamic(uint16_t size)
{
	size_t header = ALIGN_UP(sizeof(struct iob_s));
	struct iob_s *iob = k_aligned_alloc(IOB_ALIGNMENT, header + size);

	if (iob == NULL) {
		iob_report("the heap has no room", NULL);
		return NULL;
	}
	return make(iob, (uint8_t *)iob + header, size, k_free, KIND_HEADER);
}

struct iob_s *iob_alloc_with_data(void *data, uint16_t size, iob_free_cb_t free_cb)
{
	struct iob_s *iob;

	if (data == NULL || free_cb == NULL) {
		return NULL;
	}
	iob = k_malloc(sizeof(*iob));
	if (iob == NULL) {
		iob_report("the heap has no room", NULL);
		return NULL;
	}
	return make(iob, data, size, free_cb, KIND_DATA);
}

struct iob_s *iob_init_with_data(void *data, uint16_t size, iob_free_cb_t free_cb)
{
	uintptr_t begin = (uintptr_t)data;
	uintptr_t payload = ALIGN_UP(begin + sizeof(struct iob_s));

	if (data == NULL || free_cb == NULL || begin % sizeof(void *) != 0 ||
	    payload - begin >= size) {
		return NULL;
	}
	size -= (uint16_t)(payload - begin);
	return make(data, (void *)payload, size, free_cb, KIND_HEADER);
}

struct iob_s *iob_init_external(struct iob_s *iob, void *data, uint16_t size, iob_free_cb_t free_cb)
{
	if (iob == NULL || data == NULL || free_cb == NULL) {
		return NULL;
	}
	return make(iob, data, size, free_cb, KIND_HEADER);
}
