/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers that are not the pool's. */
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <iob/chain.h>
#include <iob/external.h>
#include <iob/inspect.h>

#include <errno.h>
#include <string.h>

#include "../support/chains.h"
#include "../support/misuse.h"

static void *freed[8];
static unsigned int freed_count;

static void on_free(void *data)
{
	zassert_true(freed_count < ARRAY_SIZE(freed));
	freed[freed_count++] = data;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	freed_count = 0;
}

ZTEST_SUITE(iob_external, NULL, NULL, before, NULL, NULL);

static bool aligned(const struct iob_s *iob)
{
	return (uintptr_t)iob->io_data % IOB_ALIGNMENT == 0;
}

/* Fill it from end to end. */
static void use(struct iob_s *iob, unsigned int size)
{
	zassert_false(iob_in_pool(iob));
	zassert_equal(IOB_BUFSIZE(iob), size);
	zassert_equal(IOB_FREESPACE(iob), (int)size);
	zassert_equal(iob->io_len, 0);
	zassert_equal(iob->io_offset, 0);
	zassert_equal(iob->io_pktlen, 0);
	zassert_is_null(iob->io_flink);
	zassert_equal(iob_update_pktlen(iob, size, false), (int)size);
	zassert_is_null(iob->io_flink);
	memset(iob->io_data, 0xa5, size);
	zassert_equal(IOB_FREESPACE(iob), 0);
}

ZTEST(iob_external, test_dynamic)
{
	struct iob_s *iob = iob_alloc_dynamic(1500);

	zassert_not_null(iob);
	zassert_true(aligned(iob));
	use(iob, 1500);
	zassert_is_null(iob_free(iob));
	zassert_equal(iob_navail(false), NBUFFERS);
	iob = iob_alloc_dynamic(0);
	zassert_not_null(iob);
	use(iob, 0);
	iob_free_chain(iob);
}

ZTEST(iob_external, test_with_data)
{
	static uint8_t data[100];
	struct iob_s *iob = iob_alloc_with_data(data, sizeof(data), on_free);

	zassert_not_null(iob);
	zassert_equal_ptr(iob->io_data, data);
	use(iob, sizeof(data));
	zassert_equal(freed_count, 0);
	zassert_is_null(iob_free(iob));
	zassert_equal(freed_count, 1);
	zassert_equal_ptr(freed[0], data);
	zassert_is_null(iob_alloc_with_data(NULL, 1, on_free));
	zassert_is_null(iob_alloc_with_data(data, 1, NULL));
	zassert_equal(iob_navail(false), NBUFFERS);
}

static void ignore(void *data)
{
	ARG_UNUSED(data);
}

/* More headers than the heap has room for, one after the other. */
ZTEST(iob_external, test_with_data_often)
{
	uint8_t data[1];

	for (size_t i = 0; i <= CONFIG_HEAP_MEM_POOL_SIZE / sizeof(struct iob_s); i++) {
		struct iob_s *iob = iob_alloc_with_data(data, sizeof(data), ignore);

		zassert_not_null(iob, "the header of number %u is lost", (unsigned int)i);
		zassert_is_null(iob_free(iob));
	}
}

ZTEST(iob_external, test_init_with_data)
{
	static uint8_t block[512] __aligned(64);
	const size_t header = ROUND_UP(sizeof(struct iob_s), IOB_ALIGNMENT);
	struct iob_s *iob = iob_init_with_data(block, sizeof(block), on_free);

	zassert_equal_ptr((void *)iob, (void *)block);
	zassert_true(aligned(iob));
	use(iob, (unsigned int)(sizeof(block) - header));
	zassert_equal_ptr(iob->io_data + IOB_BUFSIZE(iob), block + sizeof(block));
	zassert_is_null(iob_free(iob));
	zassert_equal(freed_count, 1);
	zassert_equal_ptr(freed[0], block);

	/* At another place it is aligned all the same, and ends where the block ends. */
	iob = iob_init_with_data(block + 8, 400, on_free);
	zassert_true(aligned(iob));
	zassert_equal_ptr(iob->io_data + IOB_BUFSIZE(iob), block + 408);
	iob_free_chain(iob);

	/* No room, no callback, no alignment. */
	zassert_is_null(iob_init_with_data(block, (uint16_t)header, on_free));
	zassert_is_null(iob_init_with_data(block, 1, on_free));
	zassert_not_null(iob_init_with_data(block, (uint16_t)(header + 1), on_free));
	zassert_is_null(iob_init_with_data(block + 1, 400, on_free));
	zassert_is_null(iob_init_with_data(block, 512, NULL));
	zassert_is_null(iob_init_with_data(NULL, 512, on_free));
	zassert_equal(iob_navail(false), NBUFFERS);
}

/* A header of the user's; the callback finds what it is part of. */
struct frame {
	struct iob_s iob;
	uint8_t data[32];
};

ZTEST(iob_external, test_init_external)
{
	static struct frame frame;
	struct iob_s *iob = iob_init_external(&frame.iob, frame.data, sizeof(frame.data), on_free);

	zassert_equal_ptr(iob, &frame.iob);
	use(iob, sizeof(frame.data));
	zassert_is_null(iob_free(iob));
	zassert_equal(freed_count, 1);
	zassert_equal_ptr(freed[0], &frame.iob);
	MISUSE(zassert_is_null(iob_free(&frame.iob)));
	zassert_equal(freed_count, 1);
	zassert_is_null(iob_init_external(NULL, frame.data, 1, on_free));
	zassert_is_null(iob_init_external(&frame.iob, NULL, 1, on_free));
	zassert_is_null(iob_init_external(&frame.iob, frame.data, 1, NULL));
}

/* Chains of both kinds are freed as one. */
ZTEST(iob_external, test_mixed_chain)
{
	static struct frame a;
	static struct frame b;
	static uint8_t bytes[32 + BUFSIZE + 32];
	struct iob_s *chain = iob_init_external(&a.iob, a.data, sizeof(a.data), on_free);
	struct iob_s *pooled = iob_tryalloc(false);
	struct iob_s *second = iob_init_external(&b.iob, b.data, sizeof(b.data), on_free);

	pooled->io_flink = second;
	chain->io_flink = pooled;
	zassert_equal(iob_update_pktlen(chain, sizeof(bytes), false), (int)sizeof(bytes));
	zassert_equal(iob_count(chain), 3);
	zassert_equal(iob_copyin(chain, bytes, sizeof(bytes), 0, false), (int)sizeof(bytes));
	zassert_equal_ptr(iob_free(chain), pooled);
	zassert_equal(pooled->io_pktlen, BUFSIZE + 32);
	zassert_equal_ptr(iob_free(pooled), second);
	zassert_equal(second->io_pktlen, 32);
	zassert_equal(iob_navail(false), NBUFFERS);

	pooled = iob_tryalloc_chain(3, false);
	pooled->io_flink->io_flink->io_flink = second;
	chain = iob_init_external(&a.iob, a.data, sizeof(a.data), on_free);
	chain->io_flink = pooled;
	second->io_flink = iob_tryalloc(false);
	iob_free_chain(chain);
	zassert_equal(freed_count, 3);
	zassert_equal_ptr(freed[0], &a.iob);
	zassert_equal_ptr(freed[2], &b.iob);
	zassert_equal(iob_navail(false), NBUFFERS);
	zassert_ok(iob_check());
}

/* Data moves between buffers of different sizes. */
ZTEST(iob_external, test_packing_different_sizes)
{
	static struct frame a;
	struct iob_s *chain = chain_make(LENS(5));
	struct iob_s *small = iob_init_external(&a.iob, a.data, 20, on_free);
	struct iob_s *big = chain_make(LENS(BUFSIZE));

	zassert_equal(iob_update_pktlen(small, 20, false), 20);
	memset(small->io_data, 7, 20);
	iob_concat(small, chain);
	iob_concat(small, big);
	zassert_equal_ptr(iob_pack(small), small);
	chain_expect(small, LENS(20, BUFSIZE, 5));
	zassert_equal(iob_contig(small, 21), -ENOSPC);
	iob_free_chain(small);
}

/* The heap refuses in turn: nothing is kept. */
ZTEST(iob_external, test_heap_runs_out)
{
	static uint8_t data[4];
	struct iob_s *chain = NULL;
	struct iob_s *iob;
	unsigned int count = 0;
	void *hole;

	while ((iob = iob_alloc_dynamic(1000)) != NULL) {
		iob->io_flink = chain;
		chain = iob;
		count++;
	}
	zassert_true(count > 0);
	while ((hole = k_malloc(1)) != NULL) {
		*(void **)hole = freed[7];
		freed[7] = hole;
	}
	zassert_is_null(iob_alloc_with_data(data, sizeof(data), on_free));
	zassert_is_null(iob_alloc_dynamic(0));
	zassert_equal(freed_count, 0);
	while (freed[7] != NULL) {
		hole = freed[7];
		freed[7] = *(void **)hole;
		k_free(hole);
	}
	iob_free_chain(chain);
	/* As much as before. */
	for (chain = NULL; (iob = iob_alloc_dynamic(1000)) != NULL; count--) {
		iob->io_flink = chain;
		chain = iob;
	}
	zassert_equal(count, 0);
	iob_free_chain(chain);
}

static struct iob_queue_s watched;
static struct iob_s *head_seen;

static void look_at_queue(void *iob)
{
	ARG_UNUSED(iob);
	freed_count++;
	head_seen = iob_peek_queue(&watched);
}

/* Others may look at a queue whose first chain is trimmed: what they see there is not free. */
ZTEST(iob_external, test_trimming_in_a_queue)
{
	static uint8_t data[8];
	struct iob_s header;
	struct iob_s *iob = iob_init_external(&header, data, sizeof(data), look_at_queue);
	struct iob_s *second = iob_tryalloc(false);

	zassert_equal(iob_update_pktlen(iob, 8, false), 8);
	zassert_equal(iob_update_pktlen(second, 3, false), 3);
	iob_concat(iob, second);
	zassert_equal(iob_tryadd_queue(iob, &watched), 0);
	head_seen = NULL;
	zassert_equal_ptr(iob_trimhead_queue(&watched, 9), second);
	zassert_equal(freed_count, 1);
	zassert_equal_ptr(head_seen, second);
	zassert_equal(iob_get_queue_size(&watched), 2);
	iob_free_queue(&watched);
	zassert_equal(iob_navail(false), NBUFFERS);
}
