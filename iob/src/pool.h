/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The pool from inside.
 *
 * Free buffers form a list through io_flink, last in first out. Each link in it has its lowest bit
 * set, the end of the list too, and links of buffers in use have it clear: so a buffer that is at
 * home is known from one that is not, at no cost in memory. The places of queues are a pool of the
 * same kind.
 *
 * All that is here is guarded by the pool's lock, unless something else is said.
 */
#ifndef IOB_POOL_H_
#define IOB_POOL_H_

#include <nuttx/mm/iob.h>
#include <iob/budget.h>
#include <iob/chain.h>

#include <kernel/wait_q.h>
#include <port/atomics.h>
#include <zephyr/spinlock.h>
#include <zephyr/sys/__assert.h>
#include <zephyr/sys/util.h>

/* ---- memory ---------------------------------------------------------------------------------- */

#define ALIGN_UP(bytes) (((bytes) + IOB_ALIGNMENT - 1) / IOB_ALIGNMENT * IOB_ALIGNMENT)

#ifdef CONFIG_IOB_ALLOC
#define POOL_LEAD   ((size_t)0)
#define POOL_HEADER ALIGN_UP(sizeof(struct iob_s))
#define POOL_STRIDE (POOL_HEADER + ALIGN_UP(CONFIG_IOB_BUFSIZE))
#else
/* So that io_data, not the header, is aligned. */
#define POOL_LEAD   (ALIGN_UP(offsetof(struct iob_s, io_data)) - offsetof(struct iob_s, io_data))
#define POOL_STRIDE ALIGN_UP(sizeof(struct iob_s))
#endif

/* One buffer with its payload. */
struct iob_slot {
	struct iob_s iob;
	uint8_t rest[POOL_STRIDE - sizeof(struct iob_s)];
};

struct iob_storage {
	uint8_t lead[POOL_LEAD];
	struct iob_slot slots[CONFIG_IOB_NBUFFERS];
} __aligned(IOB_ALIGNMENT);

extern struct iob_storage iob_storage;

/* ---- state ----------------------------------------------------------------------------------- */

/* In level: perhaps somebody waits. Cleared by who finds that nobody does. */
#define POOL_WAITING 0x80000000U

#if CONFIG_IOB_THROTTLE > 0
#define POOL_CLASSES 2
#else
#define POOL_CLASSES 1
#endif

/*
 * Lists of free ones. Where threads run in parallel, each prefers one of several: what it gives back
 * is what it gets next, and stays in the cache of its core. It is all one pool.
 */
#ifdef CONFIG_SMP
#define POOL_LISTS 4U
#else
#define POOL_LISTS 1U
#endif

/* What is free, and who waits for it. */
struct iob_pool {
	/* Free ones that anybody may have, and POOL_WAITING. Read without the lock, too. */
	uint32_t level;
	uintptr_t free[POOL_LISTS]; /* link to the first one of each list */
	struct k_spinlock lock;
	struct wait_q waiters[POOL_CLASSES]; /* not throttled, throttled */
};

extern struct iob_pool iob_pool;

#ifdef CONFIG_IOB_BUDGETS
struct iob_budgets {
	struct iob_budget *first;                       /* of all that are registered */
	uint32_t kept;                                  /* at home, not in level: kept for them */
	uint32_t promised;                              /* sum of their reserves */
	struct iob_budget *owners[CONFIG_IOB_NBUFFERS]; /* of each buffer in use, or NULL */
};

extern struct iob_budgets iob_budgets; /* guarded by the lock of iob_pool */

/*
 * @p iob is given back: it no longer counts for its budget. If it is kept for that, give it to who
 * waits for one of it, or home, unlock, and return true.
 */
bool iob_budget_keeps(struct iob_s *iob, k_spinlock_key_t key);

/*
 * Who of those that are not throttled gets @p iob, which anybody may have; out of its queue now, and
 * counted. @return NULL: nobody.
 */
struct waiter *iob_budget_next_served(struct iob_s *iob);
#endif

/* ---- links and numbers ----------------------------------------------------------------------- */

/*
 * For functions on the shortest way. GCC, when it optimises for size, keeps what it knows to be NULL
 * in a register until it returns that, and then must save one more.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define SHORT_WAY __attribute__((optimize("no-cse-follow-jumps")))
#else
#define SHORT_WAY
#endif

/* Have the compiler forget how it came by a pointer, and not compute with that besides. */
#define FORGET(pointer) __asm__("" : "+r"(pointer))

/* A link: the first word of everything that is free. */
typedef uintptr_t __attribute__((may_alias)) iob_link_t;

#define LINK_END ((uintptr_t)1)

/* The link to @p node; LINK_END for NULL. */
static ALWAYS_INLINE uintptr_t link_to(const void *node)
{
	return (uintptr_t)node + 1;
}

/* What is behind a link; NULL at the end. */
static ALWAYS_INLINE void *linked(uintptr_t link)
{
	return (void *)(link - 1);
}

static ALWAYS_INLINE iob_link_t *link_of(void *node)
{
	return (iob_link_t *)node;
}

/* Whether @p iob, what a buffer is chained to, is in truth the link of a free one. */
static ALWAYS_INLINE bool is_link(const struct iob_s *iob)
{
	return ((uintptr_t)iob & 1) != 0;
}

#ifdef CONFIG_SMP
extern PORT_THREAD_LOCAL uint32_t iob_list; /* of the calling thread; 0: it has none yet */
unsigned int iob_list_choose(void);

/* The list that the calling thread prefers. */
static ALWAYS_INLINE unsigned int own_list(void)
{
	return likely(iob_list != 0) ? iob_list - 1 : iob_list_choose();
}
#else
static ALWAYS_INLINE unsigned int own_list(void)
{
	return 0;
}
#endif

/* Take one of those that are free. There is one. */
static ALWAYS_INLINE void *pop(struct iob_pool *pool)
{
	unsigned int list = own_list();
	uintptr_t link = pool->free[list];
	void *node;

	while (POOL_LISTS > 1 && unlikely(link == LINK_END)) {
		list = (list + 1) % POOL_LISTS;
		link = pool->free[list];
	}
	node = linked(link);
	FORGET(node);
	pool->free[list] = *link_of(node);
	return node;
}

/* Take @p n of those that are free; there are so many, and it is not 0. @return the first of them, linked. */
static ALWAYS_INLINE void *pop_some(struct iob_pool *pool, unsigned int n)
{
	unsigned int list = own_list();
	iob_link_t first;
	iob_link_t *end = &first; /* the link to the next one */

	for (;;) {
		uintptr_t link = pool->free[list];

		*end = link;
		while (n > 0 && (POOL_LISTS == 1 || likely(link != LINK_END))) {
			end = link_of(linked(link));
			link = *end;
			n--;
		}
		pool->free[list] = link;
		if (POOL_LISTS == 1 || likely(n == 0)) {
			return linked(first);
		}
		list = (list + 1) % POOL_LISTS;
	}
}

static ALWAYS_INLINE void push(struct iob_pool *pool, void *node)
{
	unsigned int list = own_list();

	*link_of(node) = pool->free[list];
	pool->free[list] = link_to(node);
}

/* Make all lists of a new pool. */
static inline void lists_begin(struct iob_pool *pool)
{
	for (unsigned int list = 0; list < POOL_LISTS; list++) {
		pool->free[list] = LINK_END;
	}
}

static ALWAYS_INLINE void level_set(struct iob_pool *pool, uint32_t level)
{
	/* Relaxed: those who read it without the lock get a number that is old at once anyway. */
	atomic32_store_relaxed(&pool->level, level);
}

/* Buffers that must stay behind when such a user takes one. */
static inline int32_t floor_of(bool throttled)
{
#if CONFIG_IOB_THROTTLE > 0
	return (int32_t)throttled * CONFIG_IOB_THROTTLE;
#else
	ARG_UNUSED(throttled);
	return 0;
#endif
}

/* The inverse of an odd number, modulo the range of uintptr_t; a constant for a constant. */
static ALWAYS_INLINE uintptr_t inverse_of(uintptr_t odd)
{
	uintptr_t x = odd; /* right in 3 bits; each step doubles them */

	x *= 2 - odd * x;
	x *= 2 - odd * x;
	x *= 2 - odd * x;
	x *= 2 - odd * x;
	x *= 2 - odd * x;
	return x;
}

/*
 * The number of the buffer at @p iob; CONFIG_IOB_NBUFFERS or more for any other address.
 *
 * Multiples of the stride, times the inverse of its odd part, turned by its even part, are their
 * quotients; all other numbers come out larger than any quotient. No division is needed.
 */
static ALWAYS_INLINE uintptr_t index_of(const struct iob_s *iob)
{
	const unsigned int shift = (unsigned int)__builtin_ctzl(POOL_STRIDE);
	uintptr_t x = (uintptr_t)iob - (uintptr_t)&iob_storage.slots[0].iob;

	x *= inverse_of(POOL_STRIDE >> shift);
	return x >> shift | x << (NUM_BITS(uintptr_t) - shift);
}

static ALWAYS_INLINE bool from_pool(const struct iob_s *iob)
{
	return index_of(iob) < CONFIG_IOB_NBUFFERS;
}

/* Make a buffer new. The caller has it, or the pool is locked. */
static ALWAYS_INLINE void reset(struct iob_s *iob)
{
	iob->io_flink = NULL;
	iob->io_len = 0;
	iob->io_offset = 0;
	iob->io_pktlen = 0;
}

/* ---- who waits (wait.c) ---------------------------------------------------------------------- */

/*
 * Get one although there is none, or perhaps somebody waits, until @p deadline; 0: at once, as in
 * an ISR. Not locked. @return it, not made new, or NULL.
 */
void *iob_pool_get(struct iob_pool *pool, bool throttled, int64_t deadline);

/* Give @p node, which anybody may have, to who waits, or home. Locked on entry, not on return. */
void iob_pool_route(struct iob_pool *pool, void *node, k_spinlock_key_t key);

/* Give @p node to @p w, which is in no queue any more. Locked on entry, not on return. */
void iob_pool_give(struct iob_pool *pool, struct waiter *w, void *node, k_spinlock_key_t key);

/* ---- chains ---------------------------------------------------------------------------------- */

/*
 * Get up to @p n buffers, at most IOB_CHAIN_STEP, linked: the first to *@p link, which is not changed
 * if there are none, the last to *@p last. Each has @p len bytes of data. Not locked. @return how many.
 */
unsigned int iob_take_some(struct iob_s **link, struct iob_s **last, unsigned int n, bool throttled,
			   unsigned int len);

/* Free what is behind @p last. */
void iob_cut(struct iob_s *last);

/* As iob_trimhead(), but what is to be freed goes to *@p rest. */
struct iob_s *iob_trim_front(struct iob_s *iob, unsigned int trimlen, struct iob_s **rest);

/* Bytes of data from @p iob on. */
unsigned int iob_data_len(const struct iob_s *iob);

#define GROW_THROTTLED 1U /* as true is, in a number */
#define GROW_WAIT      2U /* for buffers, unless they cannot come */

/* How a chain gets longer. */
struct iob_growth {
	const struct iob_s *kept;   /* the whole chain */
	const struct iob_s *source; /* another one that its user keeps meanwhile, or NULL */
	unsigned int flags;         /* GROW_ */
};

/*
 * Give the chain from @p first on @p bytes of data, each buffer but the last filled from where its
 * data begins: if it is a copy of a source, from 0 in all but the first. What is behind is freed.
 * Its io_pktlen is set. @return how many bytes there are now.
 */
unsigned int iob_resize(struct iob_s *first, unsigned int bytes, const struct iob_growth *growth);

/* ---- the rest -------------------------------------------------------------------------------- */

#ifdef CONFIG_IOB_ALLOC
/* Free @p iob, not of the pool. @return what was behind it. */
struct iob_s *iob_external_free(struct iob_s *iob);
#endif

#ifdef CONFIG_IOB_NOTIFIER
/* Buffers have come home: there were @p before, now there are @p after. Not locked. */
void iob_notifier_came_home(uint32_t before, uint32_t after);
#else
static inline void iob_notifier_came_home(uint32_t before, uint32_t after)
{
	ARG_UNUSED(before);
	ARG_UNUSED(after);
}
#endif

#if CONFIG_IOB_NCHAINS > 0
extern struct iob_pool iob_places; /* of queues; its lock guards the queues, too */
bool iob_is_place(const void *node);
#endif

/* A fault of the caller's, or, with CONFIG_IOB_DEBUG, an allocation that fails. Not locked. */
#ifdef CONFIG_IOB_DEBUG
void iob_report(const char *what, const void *iob);
#else
static inline void iob_report(const char *what, const void *iob)
{
	ARG_UNUSED(what);
	ARG_UNUSED(iob);
}
#endif

#define iob_misuse(what, iob)                                                                      \
	do {                                                                                       \
		iob_report((what), (iob));                                                         \
		__ASSERT(false, "I/O buffer %p: %s", (const void *)(iob), (what));                 \
	} while (false)

#endif /* IOB_POOL_H_ */
