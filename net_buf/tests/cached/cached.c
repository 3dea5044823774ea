/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Caches of threads: what they keep is there for whoever finds nothing else, and comes home when
 * their thread ends. Looks into pools to know that a buffer is where a test wants it.
 */
#include <zephyr/ztest.h>
#include <zephyr/irq_offload.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include <sys/stat.h>

#define COUNT   8
#define FULL    4 /* what each cache keeps at most: half of the pool */
#define HOLDERS 2

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, 16, 0, NULL);

BUILD_ASSERT(CONFIG_NET_BUF_POOL_CACHE_SIZE >= FULL, "the pool is what limits the caches");

/* ---- threads that take and give back on command ---------------------------------------------- */

static K_THREAD_STACK_ARRAY_DEFINE(stacks, HOLDERS, 65536);

/* What a thread is told to do next. */
enum order {
	TAKE,
	GIVE,
	END,
};

static struct holder {
	struct k_thread thread;
	struct k_sem told;
	struct k_sem done;
	enum order order;
	int count; /* how many */
	int has;   /* written by the thread */
	struct net_buf *bufs[COUNT];
} holders[HOLDERS];

static void obey(void *arg, void *unused1, void *unused2)
{
	struct holder *h = arg;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (;;) {
		k_sem_take(&h->told, K_FOREVER);
		for (int i = 0; i < h->count && h->order == TAKE; i++) {
			h->bufs[h->has] = net_buf_alloc(&pool, K_NO_WAIT);
			h->has += h->bufs[h->has] != NULL ? 1 : 0;
		}
		for (int i = 0; i < h->count && h->order == GIVE; i++) {
			net_buf_unref(h->bufs[--h->has]);
		}
		if (h->order == END) {
			return;
		}
		k_sem_give(&h->done);
	}
}

static void tell_only(struct holder *h, enum order order, int count)
{
	h->order = order;
	h->count = count;
	k_sem_give(&h->told);
}

static void tell(struct holder *h, enum order order, int count)
{
	tell_only(h, order, count);
	if (order == END) {
		zassert_ok(k_thread_join(&h->thread, K_SECONDS(20)));
	} else {
		zassert_ok(k_sem_take(&h->done, K_SECONDS(20)));
	}
}

static uint16_t at_home(void)
{
	k_spinlock_key_t key = k_spin_lock(&pool.lock);
	uint16_t count = pool.home_count;

	k_spin_unlock(&pool.lock, key);
	return count;
}

static bool open_now(void)
{
	return atomic32_load_acquire(&pool.cache_limit) != 0;
}

static void nothing(const void *unused)
{
	ARG_UNUSED(unused);
}

/* A thread that was joined keeps one of the few caches until it is gone, a moment later. */
static void let_threads_go(void)
{
	static nlink_t at_first;
	struct stat tasks;

	irq_offload(nothing, NULL); /* the thread of interrupts stays */
	zassert_ok(stat("/proc/self/task", &tasks));
	at_first = at_first == 0 ? tasks.st_nlink : at_first;
	for (int i = 0; i < 2000 && tasks.st_nlink > at_first; i++) {
		k_msleep(10);
		zassert_ok(stat("/proc/self/task", &tasks));
	}
}

/* Bring all to the pool itself, and have caches open. */
static void before(void *fixture)
{
	struct net_buf *bufs[COUNT + 1];

	ARG_UNUSED(fixture);
	let_threads_go();
	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
		zassert_not_null(bufs[i]);
	}
	/* One that waits closes them, so that all of these come to the pool. */
	zassert_is_null(net_buf_alloc(&pool, K_TICKS(1)));
	zassert_false(open_now());
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);
	zassert_true(open_now());
	for (int i = 0; i < HOLDERS; i++) {
		struct holder *h = &holders[i];

		h->has = 0;
		k_sem_init(&h->told, 0, 1);
		k_sem_init(&h->done, 0, 1);
		zassert_not_null(k_thread_create(&h->thread, stacks[i],
						 K_THREAD_STACK_SIZEOF(stacks[i]), obey, h, NULL,
						 NULL, 5, 0, K_NO_WAIT));
	}
}

static void end_holders(void)
{
	for (int i = 0; i < HOLDERS; i++) {
		tell(&holders[i], END, 0);
	}
}

/* Have every buffer in the cache of a holder, half in each. */
static void all_in_caches(void)
{
	struct net_buf *own[COUNT];

	for (int i = 0; i < COUNT; i++) {
		own[i] = net_buf_alloc(&pool, K_NO_WAIT);
		zassert_not_null(own[i]);
	}
	/* Closed by one that waits; what comes now goes to the pool, until that has enough. */
	zassert_is_null(net_buf_alloc(&pool, K_TICKS(1)));
	for (int i = 0; i < FULL; i++) {
		net_buf_unref(own[i]);
	}
	zassert_equal(at_home(), FULL);
	zassert_false(open_now());
	tell(&holders[0], TAKE, FULL);
	zassert_true(open_now());
	for (int i = 0; i < FULL; i++) {
		holders[1].bufs[holders[1].has++] = own[FULL + i];
	}
	for (int i = 0; i < HOLDERS; i++) {
		tell(&holders[i], GIVE, FULL);
	}
	zassert_equal(at_home(), 0);
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);
}

/* ---- nobody starves -------------------------------------------------------------------------- */

static void take_all(k_timeout_t timeout)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&pool, timeout);
		zassert_not_null(bufs[i], "%d of %d are there", i, COUNT);
		for (int j = 0; j < i; j++) {
			zassert_not_equal(bufs[i], bufs[j], "the same twice");
		}
	}
	zassert_equal(net_buf_pool_free_count(&pool), 0);
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

static void starve(k_timeout_t timeout)
{
	all_in_caches();
	take_all(timeout);
	end_holders();
}

ZTEST(net_buf_cached, test_caches_give_back_to_who_does_not_wait)
{
	starve(K_NO_WAIT);
}

ZTEST(net_buf_cached, test_caches_give_back_to_who_waits_a_while)
{
	starve(K_SECONDS(20));
}

ZTEST(net_buf_cached, test_caches_give_back_to_who_waits_for_ever)
{
	starve(K_FOREVER);
}

static void take_in_isr(const void *arg)
{
	struct net_buf **bufs = (struct net_buf **)(uintptr_t)arg;

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
}

ZTEST(net_buf_cached, test_caches_give_back_to_interrupts)
{
	struct net_buf *bufs[COUNT] = {NULL};

	all_in_caches();
	irq_offload(take_in_isr, bufs);
	for (int i = 0; i < COUNT; i++) {
		zassert_not_null(bufs[i]);
		net_buf_unref(bufs[i]);
	}
	end_holders();
}

/* A thread waits; what another releases then comes to it, not to that one's cache. */
ZTEST(net_buf_cached, test_a_release_ends_the_wait)
{
	struct net_buf *buf;

	tell(&holders[0], TAKE, FULL);
	tell(&holders[1], TAKE, COUNT - FULL);
	zassert_equal(holders[0].has + holders[1].has, COUNT);
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	for (int i = 0; i < 20; i++) {
		struct holder *h = &holders[i % HOLDERS];

		/* Before this thread waits, or while it does. */
		tell_only(h, GIVE, 1);
		buf = net_buf_alloc(&pool, K_SECONDS(20));
		zassert_not_null(buf);
		zassert_ok(k_sem_take(&h->done, K_SECONDS(20)));
		h->bufs[h->has++] = buf;
	}
	tell(&holders[0], GIVE, FULL);
	tell(&holders[1], GIVE, COUNT - FULL);
	end_holders();
}

/* Who failed at once has closed nothing for good, and who waited has not, either. */
ZTEST(net_buf_cached, test_caches_open_again)
{
	starve(K_NO_WAIT);
	net_buf_unref(net_buf_alloc(&pool, K_NO_WAIT));
	zassert_true(open_now());
	zassert_true(at_home() < COUNT, "it stayed with this thread");
}

/* ---- a thread in the middle of using its cache ----------------------------------------------- */

static struct k_sem began;
static uint32_t finished;

static void take_and_give(void *unused1, void *unused2, void *unused3)
{
	struct net_buf *buf;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	k_sem_give(&began);
	buf = net_buf_alloc(&pool, K_NO_WAIT);
	atomic32_store_release(&finished, buf != NULL ? 1 : 2);
	if (buf != NULL) {
		net_buf_unref(buf);
	}
}

/* As if one of them were preempted there: all wait for it, none takes what it may be taking. */
ZTEST(net_buf_cached, test_who_is_busy_is_waited_for)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	struct net_buf_cache *busy = NULL;

	k_sem_init(&began, 0, 1);
	atomic32_store_relaxed(&finished, 0);
	all_in_caches();
	for (uint32_t i = 1; i <= CONFIG_NET_BUF_POOL_CACHE_THREADS; i++) {
		/* The holders sleep: nobody else writes to their caches. */
		if (atomic32_load_relaxed(&pool.caches[i].count) == FULL) {
			busy = &pool.caches[i];
		}
	}
	zassert_not_null(busy);
	atomic32_store_relaxed(&busy->busy, 1);
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack),
					 take_and_give, NULL, NULL, NULL, 5, 0, K_NO_WAIT));
	k_sem_take(&began, K_FOREVER);
	k_msleep(30);
	zassert_equal(atomic32_load_acquire(&finished), 0, "it did not wait");
	atomic32_store_release(&busy->busy, 0);
	zassert_ok(k_thread_join(&thread, K_SECONDS(20)));
	zassert_equal(finished, 1, "it got nothing");
	end_holders();
}

/* ---- threads come and go --------------------------------------------------------------------- */

/* What an ended thread kept is in the pool; soon, because that is after its end for joiners. */
ZTEST(net_buf_cached, test_what_a_thread_kept_comes_home)
{
	all_in_caches();
	end_holders();
	for (int i = 0; i < 1000 && at_home() < COUNT; i++) {
		k_msleep(10);
	}
	zassert_equal(at_home(), COUNT);
}

#define CROWD (CONFIG_NET_BUF_POOL_CACHE_THREADS + 3)

static K_THREAD_STACK_ARRAY_DEFINE(crowd_stacks, CROWD, 65536);
static struct k_thread crowd[CROWD];
static struct k_sem all_began;
static struct k_sem may_end;

static void one_of_many(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	net_buf_unref(net_buf_alloc(&pool, K_FOREVER));
	k_sem_give(&all_began);
	k_sem_take(&may_end, K_FOREVER);
	net_buf_unref(net_buf_alloc(&pool, K_FOREVER));
}

/* More threads than caches, several times. */
ZTEST(net_buf_cached, test_a_crowd)
{
	for (int round = 0; round < 3; round++) {
		k_sem_init(&all_began, 0, CROWD);
		k_sem_init(&may_end, 0, CROWD);
		for (int i = 0; i < CROWD; i++) {
			zassert_not_null(k_thread_create(
				&crowd[i], crowd_stacks[i], K_THREAD_STACK_SIZEOF(crowd_stacks[i]),
				one_of_many, NULL, NULL, NULL, 5, 0, K_NO_WAIT));
		}
		for (int i = 0; i < CROWD; i++) {
			zassert_ok(k_sem_take(&all_began, K_SECONDS(20)));
		}
		for (int i = 0; i < CROWD; i++) {
			k_sem_give(&may_end);
		}
		for (int i = 0; i < CROWD; i++) {
			zassert_ok(k_thread_join(&crowd[i], K_SECONDS(20)));
		}
		zassert_equal(net_buf_pool_free_count(&pool), COUNT);
	}
	end_holders();
}

/* ---- all at once ----------------------------------------------------------------------------- */

#define WORKERS 4
#define ROUNDS  3000

static K_THREAD_STACK_ARRAY_DEFINE(worker_stacks, WORKERS, 65536);
static struct k_thread workers[WORKERS];
static K_FIFO_DEFINE(passed_on);

/* Take some, one after the other, in every way; give back what others took. */
static void work(void *arg, void *unused1, void *unused2)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg * 2654435761U;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (int i = 0; i < ROUNDS; i++) {
		struct net_buf *buf;

		seed = seed * 1664525U + 1013904223U;
		switch (seed >> 29) {
		case 0:
			buf = net_buf_alloc(&pool, K_NO_WAIT);
			break;
		case 1:
			buf = net_buf_alloc(&pool, K_USEC(20));
			break;
		default:
			/* At most one each, so that this cannot wait for itself. */
			buf = net_buf_alloc(&pool, K_FOREVER);
			zassert_not_null(buf);
			break;
		}
		if (buf == NULL) {
			continue;
		}
		buf->data[0] = (uint8_t)i;
		if ((seed >> 16 & 3) == 0) {
			net_buf_put(&passed_on, buf);
			buf = net_buf_get(&passed_on, K_FOREVER);
			buf->data[1] = buf->data[0];
		}
		net_buf_unref(buf);
	}
}

static void work_in_isr(const void *arg)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	ARG_UNUSED(arg);
	if (buf != NULL) {
		net_buf_unref(buf);
	}
}

/* Four threads with one buffer each and an interrupt, while two holders keep the other four in caches. */
ZTEST(net_buf_cached, test_everybody)
{
	all_in_caches();
	for (int i = 0; i < WORKERS; i++) {
		zassert_not_null(k_thread_create(
			&workers[i], worker_stacks[i], K_THREAD_STACK_SIZEOF(worker_stacks[i]),
			work, (void *)(uintptr_t)(i + 1), NULL, NULL, 5, 0, K_NO_WAIT));
	}
	for (int i = 0; i < ROUNDS / 10; i++) {
		irq_offload(work_in_isr, NULL);
		tell(&holders[i % HOLDERS], TAKE, 2);
		tell(&holders[i % HOLDERS], GIVE, holders[i % HOLDERS].has);
	}
	for (int i = 0; i < WORKERS; i++) {
		zassert_ok(k_thread_join(&workers[i], K_SECONDS(60)));
	}
	end_holders();
}

/* ---- counting -------------------------------------------------------------------------------- */

#ifdef CONFIG_NET_BUF_POOL_USAGE

static int calls;

static void on_low(struct net_buf_pool *which, size_t available, void *user_data)
{
	zassert_equal_ptr(which, &pool);
	zassert_true(available <= 3);
	zassert_equal_ptr(user_data, &calls);
	calls++;
}

/* Buffers in caches are home; the mark is for all threads together. */
ZTEST(net_buf_cached, test_usage)
{
	calls = 0;
	zassert_ok(net_buf_pool_low_water_set(&pool, 3, on_low, &calls));
	all_in_caches();
	zassert_equal(net_buf_get_available(&pool), COUNT);
	zassert_equal(net_buf_get_max_used(&pool), COUNT);
	calls = 0;
	for (int i = 0; i < 3; i++) {
		tell(&holders[0], TAKE, 3);
		zassert_equal(net_buf_get_available(&pool), COUNT - 3);
		zassert_equal(calls, i);
		tell(&holders[1], TAKE, 2);
		zassert_equal(net_buf_get_available(&pool), 3);
		zassert_equal(calls, i + 1);
		tell(&holders[1], TAKE, 1);
		zassert_equal(calls, i + 1);
		tell(&holders[1], GIVE, 1);
		zassert_equal(calls, i + 1, "not above the mark");
		tell(&holders[0], GIVE, 3);
		tell(&holders[1], GIVE, 2);
		zassert_equal(net_buf_get_available(&pool), COUNT);
	}
	zassert_ok(net_buf_pool_low_water_set(&pool, 3, NULL, NULL));
	end_holders();
}

#endif

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	/* Whatever a test left behind when it failed. */
	for (int i = 0; i < HOLDERS; i++) {
		k_thread_abort(&holders[i].thread);
		(void)k_thread_join(&holders[i].thread, K_SECONDS(20));
	}
}

ZTEST_SUITE(net_buf_cached, NULL, NULL, before, after, NULL);
