/* SPDX-License-Identifier: Apache-2.0 */
/** @file Memory for reads: blocks that lie side by side. */
#include "internal.h"

#include <zephyr/rtio/mempool.h>

static bool is_used(const struct rtio_mempool *pool, uint32_t block)
{
	return (pool->used[block / 32] >> block % 32 & 1U) != 0;
}

/* Flip the bits of @p count blocks. Pool locked. */
static void flip(struct rtio_mempool *pool, uint32_t block, uint32_t count)
{
	for (; count > 0; count--, block++) {
		pool->used[block / 32] ^= 1U << block % 32;
	}
}

/* The first run of @p max free blocks, else the longest. Pool locked. @return its length. */
static uint32_t find_run(const struct rtio_mempool *pool, uint32_t max, uint32_t *where)
{
	uint32_t best = 0;
	uint32_t run = 0;

	for (uint32_t block = 0; block < pool->num_blks && best < max; block++) {
		if (is_used(pool, block)) {
			run = 0;
			continue;
		}
		run++;
		if (run > best) {
			best = run;
			*where = block + 1 - run;
		}
	}
	return best;
}

/* Of a ring: the run that begins at the next one, if it is long enough; it is then used up. Pool locked. */
static uint32_t ring_run(struct rtio_mempool *pool, uint32_t min, uint32_t max, uint32_t *where)
{
	uint32_t count = 0;

	*where = pool->next;
	while (count < max && pool->next + count < pool->num_blks &&
	       !is_used(pool, pool->next + count)) {
		count++;
	}
	if (count < min) {
		atomic32_store_relaxed(&pool->overruns, pool->overruns + 1);
		return 0;
	}
	pool->next = (pool->next + count) % pool->num_blks;
	return count;
}

/* Allocate between @p min and @p max blocks. @return how many, 0 if there are none such. */
static uint32_t alloc(struct rtio_mempool *pool, uint32_t min, uint32_t max, uint32_t *where)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	uint32_t count = pool->ring ? ring_run(pool, min, max, where)
				    : find_run(pool, MIN(max, pool->num_blks), where);

	if (count < min) {
		count = 0;
	}
	flip(pool, *where, count);
	pool->num_used += count;
	k_spin_unlock(&pool->lock, key);
	return count;
}

static uint32_t blocks_of(const struct rtio_mempool *pool, uint32_t len)
{
	return len / pool->blk_size + (len % pool->blk_size != 0 ? 1 : 0);
}

int rtio_mempool_alloc(struct rtio_mempool *pool, uint32_t min_len, uint32_t max_len, uint8_t **buf,
		       uint32_t *buf_len)
{
	uint32_t where = 0;
	uint32_t count;

	if (max_len == 0 || min_len > max_len) {
		return -EINVAL;
	}
	count = alloc(pool, MAX(blocks_of(pool, min_len), 1U), blocks_of(pool, max_len), &where);
	if (count == 0) {
		return -ENOMEM;
	}
	*buf = pool->memory + (size_t)where * pool->blk_size;
	*buf_len = count * pool->blk_size;
	return 0;
}

int rtio_sqe_rx_buf(const struct rtio_iodev_sqe *iodev_sqe, uint32_t min_buf_len,
		    uint32_t max_buf_len, uint8_t **buf, uint32_t *buf_len)
{
	struct rtio_sqe *sqe = &iodev_sqe_of(&iodev_sqe->sqe)->sqe;
	struct rtio_mempool *pool = iodev_sqe->r->block_pool;

	if (sqe->op != RTIO_OP_RX) {
		return -EINVAL;
	}
	if (sqe->rx.buf == NULL && (sqe->flags & RTIO_SQE_MEMPOOL_BUFFER) != 0) {
		int ret = pool == NULL ? -ENOMEM
				       : rtio_mempool_alloc(pool, min_buf_len, max_buf_len,
							    &sqe->rx.buf, &sqe->rx.buf_len);

		if (ret != 0) {
			return ret;
		}
	}
	if (sqe->rx.buf == NULL || sqe->rx.buf_len < min_buf_len) {
		return -ENOMEM;
	}
	*buf = sqe->rx.buf;
	*buf_len = sqe->rx.buf_len;
	return 0;
}

uint32_t rtio_mempool_flags(const struct rtio_iodev_sqe *s)
{
	const struct rtio_mempool *pool = s->r->block_pool;

	if (s->sqe.op != RTIO_OP_RX || (s->sqe.flags & RTIO_SQE_MEMPOOL_BUFFER) == 0 ||
	    pool == NULL) {
		return 0;
	}
	if (s->sqe.rx.buf == NULL) {
		return RTIO_CQE_FLAG_PREP_MEMPOOL(0U, 0U);
	}
	return RTIO_CQE_FLAG_PREP_MEMPOOL(
		(uint32_t)((size_t)(s->sqe.rx.buf - pool->memory) / pool->blk_size),
		s->sqe.rx.buf_len / pool->blk_size);
}

void rtio_mempool_drop(struct rtio_iodev_sqe *s)
{
	if (s->sqe.op == RTIO_OP_RX && s->sqe.rx.buf != NULL) {
		rtio_release_buffer(s->r, s->sqe.rx.buf, s->sqe.rx.buf_len);
		s->sqe.rx.buf = NULL;
		s->sqe.rx.buf_len = 0;
	}
}

int rtio_cqe_get_mempool_buffer(const struct rtio *r, struct rtio_cqe *cqe, uint8_t **buff,
				uint32_t *buff_len)
{
	const struct rtio_mempool *pool = r->block_pool;
	uint32_t index = RTIO_CQE_FLAG_MEMPOOL_GET_BLK_IDX(cqe->flags);
	uint32_t count = RTIO_CQE_FLAG_MEMPOOL_GET_BLK_CNT(cqe->flags);

	if (pool == NULL) {
		return -ENOTSUP;
	}
	if (RTIO_CQE_FLAG_GET(cqe->flags) != RTIO_CQE_FLAG_MEMPOOL_BUFFER ||
	    index + count > pool->num_blks) {
		return -EINVAL;
	}
	*buff = count == 0 ? NULL : pool->memory + (size_t)index * pool->blk_size;
	*buff_len = count * pool->blk_size;
	return 0;
}

void rtio_mempool_free(struct rtio_mempool *pool, void *buf, uint32_t buf_len)
{
	size_t offset = (uintptr_t)buf - (uintptr_t)pool->memory;
	uint32_t block = (uint32_t)(offset / pool->blk_size);
	uint32_t count = blocks_of(pool, buf_len);
	bool valid = offset / pool->blk_size < pool->num_blks && offset % pool->blk_size == 0 &&
		     count <= pool->num_blks - block;
	k_spinlock_key_t key = k_spin_lock(&pool->lock);

	for (uint32_t i = 0; valid && i < count; i++) {
		valid = is_used(pool, block + i);
	}
	if (valid) {
		flip(pool, block, count);
		pool->num_used -= count;
	}
	k_spin_unlock(&pool->lock, key);
	__ASSERT(valid, "%p is not memory of the pool in use", buf);
	if (unlikely(pool->home != NULL) && valid) {
		pool->home(pool);
	}
}

void rtio_release_buffer(struct rtio *r, void *buff, uint32_t buff_len)
{
	if (buff != NULL && buff_len != 0 && r->block_pool != NULL) {
		rtio_mempool_free(r->block_pool, buff, buff_len);
	}
}

uint32_t rtio_mempool_num_free(struct rtio_mempool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	uint32_t count = pool->num_blks - pool->num_used;

	k_spin_unlock(&pool->lock, key);
	return count;
}

size_t rtio_mempool_block_size(const struct rtio *r)
{
	return r->block_pool == NULL ? 0 : r->block_pool->blk_size;
}

uint32_t rtio_cqe_compute_flags(struct rtio_iodev_sqe *iodev_sqe)
{
	return rtio_mempool_flags(iodev_sqe);
}
