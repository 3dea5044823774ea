/* SPDX-License-Identifier: Apache-2.0 */
/** @file The pool: its memory, taking buffers and giving them back while nobody waits. */
#include "pool.h"

#include <zephyr/init.h>
#include <zephyr/sys_clock.h>

#include <limits.h>

BUILD_ASSERT(CONFIG_IOB_THROTTLE < CONFIG_IOB_NBUFFERS,
	     "CONFIG_IOB_THROTTLE must be less than CONFIG_IOB_NBUFFERS");
BUILD_ASSERT(IS_POWER_OF_TWO(CONFIG_IOB_ALIGNMENT), "CONFIG_IOB_ALIGNMENT must be a power of two");

#ifdef CONFIG_PORT_BARE
__asm__(".global " STRINGIFY(Z_IOB_MODULE) "\n\t" STRINGIFY(Z_IOB_MODULE) " = 0");
#else
const char Z_IOB_MODULE = 0;
#endif

#ifdef CONFIG_IOB_SECTION_NAMED
#define POOL_MEMORY __attribute__((section(CONFIG_IOB_SECTION)))
#else
#define POOL_MEMORY __noinit
#endif

struct iob_storage POOL_MEMORY iob_storage;

/* On cache lines of its own: all cores write it. */
struct iob_pool iob_pool __aligned(MAX(PORT_CACHE_LINE, sizeof(void *)));

#ifdef CONFIG_IOB_BUDGETS
#define is_owned(iob) (iob_budgets.owners[index_of(iob)] != NULL)
#else
#define is_owned(iob) false
#endif

#ifdef CONFIG_SMP
PORT_THREAD_LOCAL uint32_t iob_list;

unsigned int iob_list_choose(void)
{
	static uint32_t threads;

	iob_list = atomic32_add_relaxed(&threads, 1) % POOL_LISTS + 1;
	return iob_list - 1;
}
#endif

static void make_list(void)
{
	lists_begin(&iob_pool);
	for (unsigned int i = 0; i < CONFIG_IOB_NBUFFERS; i++) {
		struct iob_s *iob = &iob_storage.slots[i].iob;

#ifdef CONFIG_IOB_ALLOC
		iob->io_data = (uint8_t *)iob + POOL_HEADER;
		iob->io_bufsize = CONFIG_IOB_BUFSIZE;
		iob->io_free = NULL;
		iob->io_kind = 0;
#endif
		push(&iob_pool, iob);
	}
	level_set(&iob_pool, CONFIG_IOB_NBUFFERS);
}

void iob_initialize(void)
{
	static bool ready;
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);

	if (!ready) {
		ready = true;
		make_list();
	}
	k_spin_unlock(&iob_pool.lock, key);
}

static int initialize(void)
{
	iob_initialize();
	return 0;
}

SYS_INIT_NAMED(iob, initialize, PRE_KERNEL_1, 0);

/* ---- taking ---------------------------------------------------------------------------------- */

static struct iob_s *take_until(bool throttled, int64_t deadline)
{
	struct iob_s *iob = iob_pool_get(&iob_pool, throttled, deadline);

	if (iob != NULL) {
		reset(iob);
	} else {
		iob_report("there is none", NULL);
	}
	return iob;
}

/* There is none at first sight. Out of line: its caller is short without it. */
static __attribute__((noinline)) struct iob_s *take_slowly(bool throttled)
{
	return take_until(throttled, 0);
}

SHORT_WAY struct iob_s *iob_tryalloc(bool throttled)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	struct iob_pool *pool = &iob_pool;
	struct iob_s *iob;
	int32_t level;

	FORGET(pool);
	level = (int32_t)pool->level;
	/* Below 0 while perhaps somebody waits. */
	if (unlikely(level <= floor_of(throttled))) {
		k_spin_unlock(&iob_pool.lock, key);
		return take_slowly(throttled);
	}
	level_set(pool, (uint32_t)level - 1);
	iob = pop(pool);
	k_spin_unlock(&iob_pool.lock, key);
	reset(iob);
	return iob;
}

struct iob_s *iob_timedalloc(bool throttled, unsigned int timeout)
{
	struct iob_s *iob = iob_tryalloc(throttled);

	if (iob != NULL || timeout == 0) {
		return iob;
	}
	return take_until(throttled,
			  timeout == UINT_MAX ? PORT_FOREVER : sys_clock_deadline(K_MSEC(timeout)));
}

struct iob_s *iob_alloc(bool throttled)
{
	return iob_timedalloc(throttled, UINT_MAX);
}

unsigned int iob_take_some(struct iob_s **link, struct iob_s **last, unsigned int n, bool throttled,
			   unsigned int len)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	int32_t avail = (int32_t)(iob_pool.level & ~POOL_WAITING) - floor_of(throttled);
	struct iob_s *iob;

	if (avail <= 0) {
		k_spin_unlock(&iob_pool.lock, key);
		return 0;
	}
	n = MIN(MIN(n, (unsigned int)avail), IOB_CHAIN_STEP);
	level_set(&iob_pool, iob_pool.level - n);
	iob = pop_some(&iob_pool, n);
	k_spin_unlock(&iob_pool.lock, key);

	*link = iob;
	for (unsigned int left = n;;) {
		struct iob_s *next = linked(*link_of(iob));

		iob->io_flink = next;
		iob->io_len = len;
		iob->io_offset = 0;
		iob->io_pktlen = 0;
		left--;
		if (left == 0) {
			break;
		}
		iob = next;
	}
	iob->io_flink = NULL;
	*last = iob;
	return n;
}

struct iob_s *iob_tryalloc_chain(unsigned int n, bool throttled)
{
	struct iob_s *head = NULL;
	struct iob_s **end = &head;
	struct iob_s *last;

	while (n > 0) {
		unsigned int got = iob_take_some(end, &last, n, throttled, 0);

		if (got == 0) {
			iob_free_chain(head);
			return NULL;
		}
		n -= got;
		end = &last->io_flink;
	}
	return head;
}

int iob_navail(bool throttled)
{
	/* Relaxed: the answer is old before the caller has it. */
	int32_t level = (int32_t)(atomic32_load_relaxed(&iob_pool.level) & ~POOL_WAITING);

	level -= floor_of(throttled);
	return level > 0 ? level : 0;
}

/* ---- giving back ----------------------------------------------------------------------------- */

#define FREE_ALREADY "freed, and free already"

/* What is not from the pool, or no buffer at all. */
static __attribute__((noinline)) struct iob_s *free_other(struct iob_s *iob)
{
#ifdef CONFIG_IOB_ALLOC
	if (iob != NULL && iob->io_kind != 0 && iob->io_free != NULL) {
		return iob_external_free(iob);
	}
#endif
	iob_misuse("freed, and not a buffer", iob);
	return NULL;
}

/*
 * There is more behind it, or perhaps somebody waits. Locked on entry, not on return. Out of line:
 * its caller is short without it.
 */
static __attribute__((noinline)) struct iob_s *free_slowly(struct iob_s *iob, k_spinlock_key_t key)
{
	struct iob_s *next = iob->io_flink;

	if (unlikely(is_link(next))) {
		k_spin_unlock(&iob_pool.lock, key);
		iob_misuse(FREE_ALREADY, iob);
		return NULL;
	}
	if (next != NULL) {
		next->io_pktlen = iob->io_pktlen > iob->io_len ? iob->io_pktlen - iob->io_len : 0;
	}
	iob_pool_route(&iob_pool, iob, key);
	return next;
}

SHORT_WAY struct iob_s *iob_free(struct iob_s *iob)
{
	struct iob_pool *pool = &iob_pool;
	k_spinlock_key_t key;
	int32_t level;

	if (unlikely(!from_pool(iob))) {
		return free_other(iob);
	}
	key = k_spin_lock(&iob_pool.lock);
	if (iob->io_flink != NULL) {
		return free_slowly(iob, key);
	}
	FORGET(pool);
	level = (int32_t)pool->level + 1;
	if (unlikely(level < 0 || is_owned(iob))) {
		return free_slowly(iob, key);
	}
	level_set(pool, (uint32_t)level);
	push(pool, iob);
	k_spin_unlock(&iob_pool.lock, key);
	iob_notifier_came_home((uint32_t)level - 1, (uint32_t)level);
	return NULL;
}

/* Put @p n buffers home, linked from @p first to @p last as free ones are. */
static void splice_home(struct iob_s *first, struct iob_s *last, unsigned int n)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	unsigned int list;
	uint32_t level;

	/* One at a time, as long as somebody waits. */
	while (unlikely((iob_pool.level & POOL_WAITING) != 0)) {
		struct iob_s *iob = first;

		first = linked(*link_of(iob));
		iob_pool_route(&iob_pool, iob, key);
		n--;
		if (n == 0) {
			return;
		}
		key = k_spin_lock(&iob_pool.lock);
	}
	list = own_list();
	*link_of(last) = iob_pool.free[list];
	iob_pool.free[list] = link_to(first);
	level = iob_pool.level;
	level_set(&iob_pool, level + n);
	k_spin_unlock(&iob_pool.lock, key);
	iob_notifier_came_home(level, level + n);
}

/* Whether @p iob is one of the pool's and counts for no budget. */
static ALWAYS_INLINE bool is_plain(const struct iob_s *iob)
{
	return from_pool(iob) && !is_owned(iob);
}

/*
 * Put @p first home, which is plain, and those behind it that are. @return what follows.
 * A chain that bites its tail meets a link.
 */
static struct iob_s *free_run(struct iob_s *first)
{
	struct iob_s *last = first;
	struct iob_s *next;
	unsigned int n = 1;

	/* A link is not from the pool, nor is NULL. */
	while (is_plain(next = last->io_flink)) {
		*link_of(last) = link_to(next);
		last = next;
		n++;
	}
	if (likely(!is_link(next))) {
		splice_home(first, last, n);
		return next;
	}
	/* The last one is home already: put the others there. */
	if (n > 1) {
		struct iob_s *before = first;

		for (unsigned int i = 2; i < n; i++) {
			before = linked(*link_of(before));
		}
		splice_home(first, before, n - 1);
	}
	iob_misuse(FREE_ALREADY, last);
	return NULL;
}

void iob_free_chain(struct iob_s *iob)
{
	while (iob != NULL) {
		iob = is_plain(iob) ? free_run(iob) : iob_free(iob);
	}
}
