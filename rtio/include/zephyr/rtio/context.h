/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Contexts: a pair of queues with the memory of their entries.
 *
 * What these macros define is RAM, but where they say flash.
 */
#ifndef ZEPHYR_RTIO_CONTEXT_H_
#define ZEPHYR_RTIO_CONTEXT_H_

#include <zephyr/rtio/cqe.h>
#include <zephyr/rtio/executor.h>
#include <zephyr/rtio/module.h>
#include <zephyr/rtio/sqe.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory for reads, in blocks; a read gets several that lie side by side. */
struct rtio_mempool {
	struct k_spinlock lock; /**< guards what is not constant */
	uint8_t *memory;        /**< of the blocks; constant */
	uint32_t *used;         /**< a bit for each block */
	uint32_t blk_size;      /**< bytes; constant */
	uint32_t num_blks;      /**< constant */
	uint32_t num_used;
	bool ring;         /**< blocks are handed out in their order only; constant */
	uint32_t next;     /**< of a ring: the block that comes next */
	uint32_t overruns; /**< of a ring: how often that one was still in use */
	/**
	 * Called when blocks have come home, in the context of whoever gave them back, with no lock
	 * held; it may submit requests. NULL: nobody wants to know. Constant.
	 */
	void (*home)(struct rtio_mempool *pool);
};

/** Requests linked by `next`. */
struct rtio_sqe_list {
	struct rtio_iodev_sqe *first;
	struct rtio_iodev_sqe *last; /**< means nothing while first is NULL */
};

/*
 * The lock of a context. Where threads run in parallel, the thread that takes it many times in a row owns
 * it and takes it without an atomic read-modify-write, until somebody else wants it (src/lock.h).
 */
struct z_rtio_lock {
	struct k_spinlock word; /* guards the rest, but for busy */
#ifdef CONFIG_SMP
	uint32_t busy;    /* 1 while the owner has the lock without the word; the owner's */
	uint32_t owned;   /* 1: the owner need not take the word */
	uintptr_t owner;  /* port_context(); written once */
	uintptr_t last;   /* who took the word last */
	uint32_t streak;  /* how often in a row */
	uint32_t revoked; /* how often it was taken from its owner */
#endif
};

/** A context. */
struct rtio {
	struct z_rtio_lock
		lock;      /**< guards all that is not constant; never held across other code */
	atomic_t cq_count; /**< completions so far, lost ones included; wraps */
	atomic_t xcqcnt;   /**< completions lost because the pool of completions was empty */
	struct rtio_iodev_sqe *sqe_free; /**< requests that were used and are home, by next */
	struct rtio_sqe_list acquired;   /**< acquired, not submitted */
	struct rtio_sqe_list copied;     /**< copied in, not submitted */
	uintptr_t holder;                /**< who acquired those (port_context()) */
	struct mpsc_node *cqe_free;      /**< completions that were used and are home */
	struct mpsc_node *cq_first;      /**< completions to be consumed */
	struct mpsc_node *cq_last;       /**< means nothing while cq_first is NULL */
	bool waiting;                    /**< somebody may be in one of these two */
	struct wait_q consumers;         /**< who waits for a completion */
	struct wait_q submitters;        /**< who waits in rtio_submit() for a number of them */
	struct rtio_executor *executor;  /**< NULL: everything starts at once */
#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
	struct rtio_mempool *block_pool; /**< NULL: none; constant */
#endif
	struct rtio_iodev_sqe *sqes; /**< the memory of all requests; constant */
	struct rtio_cqe *cqes;       /**< that of all completions; constant */
	uint32_t sq_size;            /**< how many requests there are; constant */
	uint32_t cq_size;            /**< how many completions there are; constant */
	uint32_t sqe_fresh;          /**< requests of this number and above were never used */
	uint32_t cqe_fresh;          /**< the same of completions */
};

#define Z_RTIO_CONTEXT(exec, pool, sqe_memory, sq_sz, cqe_memory, cq_sz)                           \
	{                                                                                          \
		{}, 0, 0, NULL, {NULL, NULL}, {NULL, NULL}, 0, NULL, NULL, NULL, false,            \
			{NULL, NULL}, {NULL, NULL}, (exec),                                        \
			IF_ENABLED(CONFIG_RTIO_SYS_MEM_BLOCKS, ((pool), ))(sqe_memory),            \
			(cqe_memory), (sq_sz), (cq_sz), 0, 0                                       \
	}

#define Z_RTIO_MEMORY(name, sq_sz, cq_sz)                                                          \
	BUILD_ASSERT((sq_sz) > 0 && (cq_sz) > 0, "a context needs entries for both queues");       \
	static struct rtio_iodev_sqe UTIL_CAT(name, _sqe_pool)[sq_sz];                             \
	static struct rtio_cqe UTIL_CAT(name, _cqe_pool)[cq_sz]

#define Z_RTIO_DEFINE_4(name, exec, sq_sz, cq_sz)                                                  \
	Z_RTIO_MEMORY(name, sq_sz, cq_sz);                                                         \
	struct rtio name = Z_RTIO_CONTEXT(exec, NULL, UTIL_CAT(name, _sqe_pool), sq_sz,            \
					  UTIL_CAT(name, _cqe_pool), cq_sz)
#define Z_RTIO_DEFINE_3(name, sq_sz, cq_sz) Z_RTIO_DEFINE_4(name, NULL, sq_sz, cq_sz)

/**
 * Define a context of @p sq_sz requests and @p cq_sz completions: RTIO_DEFINE(name, sq_sz, cq_sz), or
 * with an executor, RTIO_DEFINE(name, exec, sq_sz, cq_sz). RAM: the context and its entries.
 */
#define RTIO_DEFINE(...) UTIL_CAT(Z_RTIO_DEFINE_, NUM_VA_ARGS(__VA_ARGS__))(__VA_ARGS__)

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/* The blocks of a pool, and what is known about them. */
#define Z_RTIO_MEMPOOL_MEMORY(name, num_blks, blk_size, balign) \
	BUILD_ASSERT((num_blks) > 0 && (num_blks) <= 4095, "a pool has 1 to 4095 blocks"); \
	BUILD_ASSERT(IS_POWER_OF_TWO(balign), "an alignment is a power of two"); \
	static uint8_t __noinit __aligned(MAX(WB_UP(balign), balign)) UTIL_CAT( \
		name, _block_memory)[(size_t)(num_blks)*ROUND_UP(WB_UP(blk_size), balign)]; \
	static uint32_t UTIL_CAT(name, _block_used)[DIV_ROUND_UP(num_blks, 32)]

#define Z_RTIO_MEMPOOL_INITIALIZER(name, num_blks, blk_size, balign, ring, home) \
	{ \
		{}, UTIL_CAT(name, _block_memory), UTIL_CAT(name, _block_used), \
			ROUND_UP(WB_UP(blk_size), balign), (num_blks), 0, (ring), 0, 0, (home) \
	}

#define Z_RTIO_MEMPOOL(name, num_blks, blk_size, balign, ring) \
	Z_RTIO_MEMPOOL_MEMORY(name, num_blks, blk_size, balign); \
	static struct rtio_mempool UTIL_CAT(name, _block_pool) = \
		Z_RTIO_MEMPOOL_INITIALIZER(name, num_blks, blk_size, balign, ring, NULL)

#define Z_RTIO_DEFINE_WITH_MEMPOOL_7(name, exec, sq_sz, cq_sz, num_blks, blk_size, balign)         \
	Z_RTIO_MEMPOOL(name, num_blks, blk_size, balign, false);                                          \
	Z_RTIO_MEMORY(name, sq_sz, cq_sz);                                                         \
	struct rtio name =                                                                         \
		Z_RTIO_CONTEXT(exec, &UTIL_CAT(name, _block_pool), UTIL_CAT(name, _sqe_pool),      \
			       sq_sz, UTIL_CAT(name, _cqe_pool), cq_sz)
#define Z_RTIO_DEFINE_WITH_MEMPOOL_6(name, sq_sz, cq_sz, num_blks, blk_size, balign)               \
	Z_RTIO_DEFINE_WITH_MEMPOOL_7(name, NULL, sq_sz, cq_sz, num_blks, blk_size, balign)

/**
 * The same with a pool of @p num_blks blocks (at most 4095) of @p blk_size bytes, rounded up to words
 * and to @p balign, their alignment: RTIO_DEFINE_WITH_MEMPOOL(name, sq_sz, cq_sz, num_blks, blk_size,
 * balign), or with an executor behind the name.
 */
#define RTIO_DEFINE_WITH_MEMPOOL(...)                                                              \
	UTIL_CAT(Z_RTIO_DEFINE_WITH_MEMPOOL_, NUM_VA_ARGS(__VA_ARGS__))(__VA_ARGS__)

#endif /* CONFIG_RTIO_SYS_MEM_BLOCKS */

/* Placement of what user mode shares, where there is such a thing: not here. */
#define RTIO_BMEM static
#define RTIO_DMEM static

/** Several contexts that can be acquired and released. */
struct rtio_pool {
	struct k_spinlock lock;
	struct rtio *contexts;       /**< set up when first acquired */
	uint8_t *used;               /**< whether each is acquired */
	struct rtio_iodev_sqe *sqes; /**< the memory of all of them */
	struct rtio_cqe *cqes;
	uint32_t pool_size;
	uint32_t sq_size; /**< of each */
	uint32_t cq_size;
};

/** Define a pool of @p pool_sz contexts of @p sq_sz requests and @p cq_sz completions each. */
#define RTIO_POOL_DEFINE(name, pool_sz, sq_sz, cq_sz)                                              \
	BUILD_ASSERT((pool_sz) > 0, "a pool of no contexts");                                      \
	Z_RTIO_MEMORY(name, (pool_sz) * (sq_sz), (pool_sz) * (cq_sz));                             \
	static struct rtio UTIL_CAT(name, _contexts)[pool_sz];                                     \
	static uint8_t UTIL_CAT(name, _used)[pool_sz];                                             \
	struct rtio_pool name = {{},                                                               \
				 UTIL_CAT(name, _contexts),                                        \
				 UTIL_CAT(name, _used),                                            \
				 UTIL_CAT(name, _sqe_pool),                                        \
				 UTIL_CAT(name, _cqe_pool),                                        \
				 (pool_sz),                                                        \
				 (sq_sz),                                                          \
				 (cq_sz)}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_CONTEXT_H_ */
