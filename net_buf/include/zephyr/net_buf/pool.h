/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Pools: a fixed number of buffers, and where the memory behind them comes from.
 *
 *   FIXED  every buffer has its own piece of one array
 *   VAR    pieces of any size from one heap of the pool's; clones share them
 *   HEAP   pieces of any size from k_malloc(); clones share them
 *
 * Pools are defined at file scope and live in RAM. They are known before main(), each with an id;
 * those of a library loaded later, from then on. A library that defines pools must stay loaded. A
 * pool that is not known has no buffers. On a microcontroller a pool is known, and has an id, from
 * its first buffer on.
 */
#ifndef ZEPHYR_NET_BUF_POOL_H_
#define ZEPHYR_NET_BUF_POOL_H_

#include <zephyr/kernel/heap.h>
#include <zephyr/net_buf/buf.h>
#include <zephyr/spinlock.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys_clock.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Alignment of the pieces of fixed pools, in bytes. */
#if defined(CONFIG_NET_BUF_DATA_ALIGNMENT) && CONFIG_NET_BUF_DATA_ALIGNMENT > 0
#define NET_BUF_DATA_ALIGN CONFIG_NET_BUF_DATA_ALIGNMENT
#else
#define NET_BUF_DATA_ALIGN __SIZEOF_POINTER__
#endif

/* ---- where memory comes from ---------------------------------------------------------------- */

/**
 * How buffers of a pool get memory. Users may write their own; each function runs with no lock
 * held, in the context of the call that needs it.
 */
struct net_buf_data_cb {
	/**
	 * Get memory of *@p size bytes for @p buf, waiting up to @p timeout; may raise *@p size to
	 * what there is, up to 65,535 of which are used.   @return it, NULL if there is none.
	 */
	uint8_t *(*alloc)(struct net_buf *buf, size_t *size, k_timeout_t timeout);

	/** Count one more user of @p data; NULL: clones copy. @return @p data, NULL if it cannot. */
	uint8_t *(*ref)(struct net_buf *buf, uint8_t *data);

	/** One user of @p data less; NULL: nothing to do. */
	void (*unref)(struct net_buf *buf, uint8_t *data);

	/** In place of unref and of going home: does both. NULL but for external pools. */
	void (*release)(struct net_buf *buf);
};

/** The same with what it works on; in flash. */
struct net_buf_data_alloc {
	const struct net_buf_data_cb *cb;
	void *alloc_data;      /**< for the functions of cb */
	size_t max_alloc_size; /**< most bytes a buffer can have; 0: no such limit */
	size_t alignment;      /**< of the memory; 0: none in particular */
};

/** What the memory of a fixed pool is; alloc_data for net_buf_fixed_cb. In flash. */
struct net_buf_pool_fixed {
	uint8_t *data_pool; /**< pieces of max_alloc_size bytes */
	size_t stride;      /**< bytes from one piece to the next; 0: max_alloc_size */
};

extern const struct net_buf_data_cb net_buf_fixed_cb;      /**< of fixed pools */
extern const struct net_buf_data_cb net_buf_var_cb;        /**< of var pools */
extern const struct net_buf_data_alloc net_buf_heap_alloc; /**< of all heap pools */

/* ---- the pool ------------------------------------------------------------------------------- */

struct net_buf_pool;

/** Called when the free buffers of @p pool, @p available now, have become few: see watch.h. */
typedef void (*net_buf_pool_low_water_cb)(struct net_buf_pool *pool, size_t available,
					  void *user_data);

/* What changes with every buffer, and what never does, on different cache lines. */
#if defined(CONFIG_SMP) && PORT_CACHE_LINE > 0
#define Z_NET_BUF_LINE __aligned(PORT_CACHE_LINE)
#else
#define Z_NET_BUF_LINE
#endif

/* Whether others than who takes buffers give them back at another end, with a lock of its own. */
#if defined(CONFIG_SMP) && !defined(CONFIG_NET_BUF_POOL_CACHE) &&                                  \
	!defined(CONFIG_NET_BUF_POOL_USAGE)
#define Z_NET_BUF_POOL_ENDS 1
#endif

#ifdef CONFIG_NET_BUF_POOL_CACHE
/** What one thread keeps of one pool; see net_buf/src/cache.h for who may touch it. */
struct net_buf_cache {
	uint32_t
		busy; /**< 1 while its thread is at the rest without the pool's lock; written by it */
	uint32_t count; /**< buffers in it */
	struct net_buf *bufs[CONFIG_NET_BUF_POOL_CACHE_SIZE];
} Z_NET_BUF_LINE;
#endif

/** A pool. Made by the macros below; applications read buf_count, pool_size and name. */
struct net_buf_pool {
	struct k_spinlock lock; /**< guards what follows, up to buf_count */
#ifdef CONFIG_NET_BUF_POOL_CACHE
	struct net_buf **homes; /**< buffers in no cache, last come first; room for all */
	uint16_t home_count;    /**< how many that are */
	uint16_t reclaiming;    /**< threads that are about to empty all caches */
	uint16_t cache_full;    /**< cache_limit while caches are open; registration */
#ifdef CONFIG_NET_BUF_POOL_USAGE
	uint32_t low_watch; /**< low_armed and low_mark, to be read without the lock */
#endif
#else
	struct net_buf *free; /**< buffers at home, last come first, linked by node.next */
#endif
	struct wait_q waiters; /**< threads that wait for a buffer; only while there is none */
	uint16_t uninit_count; /**< buffers never used, the last ones of the array */
#ifdef CONFIG_NET_BUF_POOL_USAGE
	uint16_t max_used;    /**< most buffers ever away at once */
	uint16_t low_mark;    /**< with low_cb: see watch.h */
	bool low_armed;       /**< whether low_cb is to be called */
	atomic_t avail_count; /**< buffers at home; read anywhere */
	net_buf_pool_low_water_cb low_cb;
	void *low_user_data;
#endif

	/** How many buffers there are. From here on constant, but for what registration writes. */
	uint16_t buf_count Z_NET_BUF_LINE;
	uint16_t stride; /**< bytes from one buffer to the next */
	uint32_t
		first_word; /**< ref_word of a new buffer: one reference and the id; registration */
	uint8_t id;         /**< for net_buf_pool_get(); registration */
	uint8_t user_data_size; /**< bytes of user data of each buffer */
	bool plain;             /**< a fixed pool without destroy: nothing to do; registration */
	uint16_t data_size;     /**< fixed pools: bytes of each piece of memory */
	uint32_t data_stride;   /**< fixed pools: bytes from one piece to the next */
	uint8_t *data;          /**< fixed pools: the memory; NULL for others */
	void (*destroy)(struct net_buf *buf); /**< the user's; NULL: net_buf_destroy() */
	const struct net_buf_data_alloc *alloc;
	struct net_buf *__bufs; /**< the buffers */
#ifdef CONFIG_NET_BUF_POOL_CACHE
	uint32_t
		cache_limit; /**< most in each cache; 0 while they are closed. Written under lock */
	struct net_buf_cache *caches; /**< of the threads by their numbers; 0 is of those without */
#endif
#ifdef CONFIG_NET_BUF_POOL_USAGE
	uint32_t pool_size; /**< bytes of memory of all buffers; 0 if unknown */
	const char *name;   /**< as defined */
#endif
#ifdef Z_NET_BUF_POOL_ENDS
	uintptr_t taker; /**< port_context() of who last found `free` empty; written under lock */

	/** The end at which others give back: see net_buf/src/back.h. Guards what follows. */
	struct k_spinlock back_lock Z_NET_BUF_LINE;
	uint32_t back_waiting; /**< 1 if there are waiters; written under both locks */
	struct net_buf *back;  /**< buffers at home, as `free` */
#endif
};

/**
 * @return the pool with this id, as in buf->pool_id; NULL if there is none. Ids begin with 0 and
 * have no gaps.   Context: any.   Cost: O(1).
 */
struct net_buf_pool *net_buf_pool_get(int id);

#ifdef CONFIG_NET_BUF_POOL_USAGE

/** @return buffers of @p pool that are at home at this moment. Context: any. Cost: O(1). */
static inline size_t net_buf_get_available(struct net_buf_pool *pool)
{
	/* Relaxed: a snapshot. */
	return (size_t)__atomic_load_n(&pool->avail_count, __ATOMIC_RELAXED);
}

/** @return most buffers of @p pool that were ever away at once. Context: any. Cost: O(1). */
static inline size_t net_buf_get_max_used(struct net_buf_pool *pool)
{
	/* Relaxed: a snapshot. */
	return __atomic_load_n(&pool->max_used, __ATOMIC_RELAXED);
}

#endif /* CONFIG_NET_BUF_POOL_USAGE */

/* ---- defining pools ------------------------------------------------------------------------- */

/* The buffers of a pool, with @p _extra bytes of the library's own behind the user data. */
#define Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, _extra)                                    \
	BUILD_ASSERT((_count) > 0 && (_count) <= UINT16_MAX, "a pool has 1 to 65,535 buffers");    \
	BUILD_ASSERT((_ud_size) <= UINT8_MAX, "user data has at most 255 bytes");                  \
	struct _net_buf_##_name {                                                                  \
		uint8_t b[sizeof(struct net_buf)];                                                 \
		uint8_t user_data[ROUND_UP(_ud_size, sizeof(void *)) + (_extra)];                  \
	} __net_buf_align Z_NET_BUF_LINE;                                                          \
	Z_NET_BUF_CACHES_DEFINE(_net_buf_##_name, _count)                                          \
	static struct _net_buf_##_name _net_buf_##_name[_count] __noinit

#ifdef CONFIG_NET_BUF_POOL_CACHE
#define Z_NET_BUF_CACHES_DEFINE(_bufs, _count)                                                     \
	static struct net_buf *_bufs##_homes[_count] __noinit;                                     \
	static struct net_buf_cache _bufs##_caches[CONFIG_NET_BUF_POOL_CACHE_THREADS + 1];
#define Z_NET_BUF_HOMES(_bufs)                                                                     \
	.homes = (_bufs##_homes), .home_count = 0, .reclaiming = 0, .cache_full = 0,               \
	Z_NET_BUF_LOW_WATCH
#define Z_NET_BUF_CACHES(_bufs) .cache_limit = 0, .caches = (_bufs##_caches),
#else
#define Z_NET_BUF_CACHES_DEFINE(_bufs, _count)
#define Z_NET_BUF_HOMES(_bufs) .free = NULL,
#define Z_NET_BUF_CACHES(_bufs)
#endif

/*
 * When pools become known. On Linux before main(), by their section; until then they have no buffers.
 * On a microcontroller by themselves, with the first buffer that leaves: they need no section, so no
 * place in the linker script.
 */
#ifdef CONFIG_PORT_BARE
#define Z_SECTION_NONE_net_buf_pool    1
#define Z_NET_BUF_UNINIT_COUNT(_count) (_count)
#else
#define Z_NET_BUF_UNINIT_COUNT(_count) 0
#endif

#ifdef CONFIG_NET_BUF_POOL_USAGE
#define Z_NET_BUF_LOW_WATCH .low_watch = 0,
#define Z_NET_BUF_USAGE_COUNT(_count)                                                              \
	.max_used = 0, .low_mark = 0, .low_armed = false, .avail_count = ATOMIC_INIT(_count),      \
	.low_cb = NULL, .low_user_data = NULL,
#define Z_NET_BUF_USAGE_NAME(_pool, _size) .pool_size = (uint32_t)(_size), .name = STRINGIFY(_pool),
#else
#define Z_NET_BUF_LOW_WATCH
#define Z_NET_BUF_USAGE_COUNT(_count)
#define Z_NET_BUF_USAGE_NAME(_pool, _size)
#endif

#ifdef Z_NET_BUF_POOL_ENDS
#define Z_NET_BUF_BACK .taker = 0, .back_lock = {}, .back_waiting = 0, .back = NULL,
#else
#define Z_NET_BUF_BACK
#endif

#define Z_NET_BUF_POOL_INITIALIZER(_pool, _alloc, _bufs, _count, _ud_size, _destroy, _data,        \
				   _data_size, _data_stride, _pool_size)                           \
	{                                                                                          \
		.lock = {}, Z_NET_BUF_HOMES(_bufs).waiters = {NULL, NULL},                         \
		.uninit_count = Z_NET_BUF_UNINIT_COUNT(_count),                                    \
			Z_NET_BUF_USAGE_COUNT(_count).buf_count = (_count),                        \
		.stride = sizeof((_bufs)[0]), .first_word = 0, .id = 0, /* until then, too */      \
			.user_data_size = (_ud_size), .plain = false, .data_size = (_data_size),   \
		.data_stride = (_data_stride), .data = (_data), .destroy = (_destroy),             \
		.alloc = (_alloc), .__bufs = (struct net_buf *)(void *)(_bufs),                    \
		Z_NET_BUF_CACHES(_bufs) Z_NET_BUF_USAGE_NAME(_pool, _pool_size) Z_NET_BUF_BACK     \
	}

/**
 * Initialiser of a pool with memory of the user's own kind:
 *
 * @code
 * _NET_BUF_ARRAY_DEFINE(my_pool, 8, 0);
 * static STRUCT_SECTION_ITERABLE(net_buf_pool, my_pool) =
 *         NET_BUF_POOL_INITIALIZER(my_pool, &my_alloc, _net_buf_my_pool, 8, 0, NULL);
 * @endcode
 */
#define NET_BUF_POOL_INITIALIZER(_pool, _alloc, _bufs, _count, _ud_size, _destroy)                 \
	Z_NET_BUF_POOL_INITIALIZER(_pool, _alloc, _bufs, _count, _ud_size, _destroy, NULL, 0, 0, 0)

/** The buffers for it. */
#define _NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size)                                             \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, 0)

/* A fixed pool with its pieces aligned to @p _align; see <zephyr/net_buf/aligned.h>. */
#define Z_NET_BUF_POOL_FIXED_DEFINE(_name, _count, _data_size, _ud_size, _destroy, _align)         \
	BUILD_ASSERT((_data_size) <= UINT16_MAX, "a buffer has at most 65,535 bytes");             \
	BUILD_ASSERT((_align) > 0 && ((_align) & ((_align)-1)) == 0,                               \
		     "an alignment is a power of two");                                            \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, 0);                                        \
	static uint8_t __noinit __aligned(_align)                                                  \
		net_buf_data_##_name[_count][ROUND_UP(_data_size, _align)];                        \
	static const struct net_buf_pool_fixed net_buf_fixed_##_name = {                           \
		.data_pool = (uint8_t *)net_buf_data_##_name,                                      \
		.stride = ROUND_UP(_data_size, _align),                                            \
	};                                                                                         \
	static const struct net_buf_data_alloc net_buf_fixed_alloc_##_name = {                     \
		.cb = &net_buf_fixed_cb,                                                           \
		.alloc_data = (void *)&net_buf_fixed_##_name,                                      \
		.max_alloc_size = (_data_size),                                                    \
		.alignment = (_align),                                                             \
	};                                                                                         \
	static STRUCT_SECTION_ITERABLE(net_buf_pool, _name) = Z_NET_BUF_POOL_INITIALIZER(          \
		_name, &net_buf_fixed_alloc_##_name, _net_buf_##_name, _count, _ud_size, _destroy, \
		(_data_size) > 0 ? (uint8_t *)net_buf_data_##_name : NULL, _data_size,             \
		ROUND_UP(_data_size, _align), (_count) * (_data_size))

/**
 * Define a pool of @p _count buffers of @p _data_size bytes each, with @p _ud_size bytes of user
 * data. @p _destroy is called with a buffer whose last reference has gone, and must see to it that
 * net_buf_destroy() is called for it; NULL: nothing to do.
 *
 * Every buffer always has all its bytes. Allocating waits for a buffer only.
 * RAM: per buffer sizeof(struct net_buf) and user data, on several cores rounded up to a cache line, and bytes,
 * rounded up to the alignment.
 */
#define NET_BUF_POOL_FIXED_DEFINE(_name, _count, _data_size, _ud_size, _destroy)                   \
	Z_NET_BUF_POOL_FIXED_DEFINE(_name, _count, _data_size, _ud_size, _destroy,                 \
				    NET_BUF_DATA_ALIGN)

/** The same. */
#define NET_BUF_POOL_DEFINE(_name, _count, _size, _ud_size, _destroy)                              \
	NET_BUF_POOL_FIXED_DEFINE(_name, _count, _size, _ud_size, _destroy)

/**
 * Define a pool of @p _count buffers that share @p _data_size bytes of memory, in pieces as they
 * are asked for. Pieces begin at multiples of @p _align, and their lengths are rounded up to it;
 * less than that at once cannot be had.
 *
 * Allocating may wait for a buffer and for memory. Each piece costs @p _align bytes more (at least
 * a pointer) and what the heap adds. Clones share their piece.
 */
#define NET_BUF_POOL_VAR_ALIGN_DEFINE(_name, _count, _data_size, _ud_size, _destroy, _align)       \
	BUILD_ASSERT(((_align) & ((_align)-1)) == 0, "an alignment is a power of two");            \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, 0);                                        \
	static char __noinit __aligned(8) net_buf_data_##_name[MAX(_data_size, Z_HEAP_MIN_SIZE)];  \
	static struct k_heap net_buf_mem_pool_##_name = Z_HEAP_INITIALIZER(net_buf_data_##_name);  \
	static const struct net_buf_data_alloc net_buf_data_alloc_##_name = {                      \
		.cb = &net_buf_var_cb,                                                             \
		.alloc_data = &net_buf_mem_pool_##_name,                                           \
		.max_alloc_size = 0,                                                               \
		.alignment = (_align),                                                             \
	};                                                                                         \
	static STRUCT_SECTION_ITERABLE(net_buf_pool, _name) =                                      \
		Z_NET_BUF_POOL_INITIALIZER(_name, &net_buf_data_alloc_##_name, _net_buf_##_name,   \
					   _count, _ud_size, _destroy, NULL, 0, 0, _data_size)

/** The same with pieces aligned to a pointer, of any length. */
#define NET_BUF_POOL_VAR_DEFINE(_name, _count, _data_size, _ud_size, _destroy)                     \
	NET_BUF_POOL_VAR_ALIGN_DEFINE(_name, _count, _data_size, _ud_size, _destroy, 0)

/**
 * Define a pool of @p _count buffers whose memory comes from k_malloc(). Allocating waits for a
 * buffer only, never for memory. Clones share their piece.
 */
#define NET_BUF_POOL_HEAP_DEFINE(_name, _count, _ud_size, _destroy)                                \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, 0);                                        \
	static STRUCT_SECTION_ITERABLE(net_buf_pool, _name) = NET_BUF_POOL_INITIALIZER(            \
		_name, &net_buf_heap_alloc, _net_buf_##_name, _count, _ud_size, _destroy)

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_POOL_H_ */
