/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Threads that truly run side by side, and an interrupt beside them: the last references of a
 * buffer and of its memory dropped at once, one pool used by all, one count by several.
 */
#include "together.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

/* ---- the last two references at once --------------------------------------------------------- */

static uint32_t destroyed;

static void count_destroyed(struct net_buf *buf)
{
	(void)atomic32_add_relaxed(&destroyed, 1);
	net_buf_destroy(buf);
}

static uint32_t released;

static void count_released(void *data, size_t size, void *arg)
{
	ARG_UNUSED(data);
	ARG_UNUSED(size);
	ARG_UNUSED(arg);
	(void)atomic32_add_relaxed(&released, 1);
}

NET_BUF_POOL_FIXED_DEFINE(plain_pool, 2, SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(counted_pool, 2, SIZE, 0, count_destroyed);
NET_BUF_POOL_VAR_DEFINE(var_pool, 4, 1024, 0, count_destroyed);
NET_BUF_POOL_EXTERNAL_DEFINE(external_pool, 4, 0, count_destroyed);

static struct {
	struct net_buf *mine; /* what each of the two threads drops */
	struct net_buf *theirs;
	bool last;        /* no round after this one; written by the test before it begins */
	uint32_t round;   /* both drop when this grows; written by the test */
	uint32_t dropped; /* rounds the helper has ended */
} race;

static void helper(void *unused1, void *unused2, void *unused3)
{
	bool last = false;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (uint32_t i = 1; !last; i++) {
		spin_until(&race.round, i);
		last = race.last;
		race.theirs->data[1] = (uint8_t)i; /* each writes its own byte before it lets go */
		net_buf_unref(race.theirs);
		atomic32_store_release(&race.dropped, i);
	}
}

/* Run the race with what @p make puts into it. @p home is the pool that must be full at the end. */
static void run_race(void (*make)(void), struct net_buf_pool *home)
{
	int64_t began = k_uptime_get();

	destroyed = 0;
	released = 0;
	race.last = false;
	race.round = 0;
	race.dropped = 0;
	start(0, helper, NULL);
	for (uint32_t i = 1; !race.last; i++) {
		race.last = i == ROUNDS || long_enough(began);
		make();
		atomic32_store_release(&race.round, i);
		/* Not always at the same moment. */
		for (uint32_t wait = i % 64; wait > 0; wait--) {
			compiler_barrier();
		}
		race.mine->data[0] = (uint8_t)i;
		net_buf_unref(race.mine);
		spin_until(&race.dropped, i);
		zassert_equal(net_buf_pool_free_count(home), home->buf_count, "round %u", i);
	}
	join(0);
}

static void make_shared(struct net_buf_pool *pool)
{
	race.mine = net_buf_alloc(pool, K_NO_WAIT);
	zassert_not_null(race.mine);
	net_buf_add(race.mine, 2);
	race.theirs = net_buf_ref(race.mine);
}

static void make_plain(void)
{
	make_shared(&plain_pool);
}

ZTEST(net_buf_together, test_last_two_references)
{
	run_race(make_plain, &plain_pool);
}

static void make_counted(void)
{
	make_shared(&counted_pool);
}

ZTEST(net_buf_together, test_last_two_references_destroy_once)
{
	run_race(make_counted, &counted_pool);
	zassert_equal(destroyed, race.round);
}

/* Two buffers with one memory: it is freed once, and what both wrote was written before. */
static void make_clones(void)
{
	race.mine = net_buf_alloc_len(&var_pool, SIZE, K_NO_WAIT);
	zassert_not_null(race.mine);
	net_buf_add(race.mine, 2);
	race.theirs = net_buf_clone(race.mine, K_NO_WAIT);
	zassert_not_null(race.theirs);
}

/* Bytes of the largest buffer that there is memory for. */
static size_t largest(struct net_buf_pool *pool)
{
	for (size_t size = 1024; size > 0; size--) {
		struct net_buf *buf = net_buf_alloc_len(pool, size, K_NO_WAIT);

		if (buf != NULL) {
			net_buf_unref(buf);
			return size;
		}
	}
	return 0;
}

ZTEST(net_buf_together, test_last_two_clones)
{
	size_t at_first = largest(&var_pool);

	zassert_true(at_first > 512);
	run_race(make_clones, &var_pool);
	zassert_equal(destroyed, 2 * race.round);
	zassert_equal(largest(&var_pool), at_first, "some memory is lost");
}

static uint8_t storage[SIZE];

static void make_external(void)
{
	race.mine = net_buf_alloc_with_release(&external_pool, storage, SIZE, count_released, NULL,
					       K_NO_WAIT);
	zassert_not_null(race.mine);
	race.theirs = net_buf_clone(race.mine, K_NO_WAIT);
	zassert_not_null(race.theirs);
}

ZTEST(net_buf_together, test_last_two_around_one_storage)
{
	run_race(make_external, &external_pool);
	zassert_equal(released, race.round);
}

/* Two heads with a common tail, released at once. */
NET_BUF_POOL_FIXED_DEFINE(chain_pool, 3, SIZE, 0, count_destroyed);

static void make_chains(void)
{
	struct net_buf *tail = net_buf_alloc(&chain_pool, K_NO_WAIT);

	race.mine = net_buf_alloc(&chain_pool, K_NO_WAIT);
	race.theirs = net_buf_alloc(&chain_pool, K_NO_WAIT);
	net_buf_frag_add(race.mine, net_buf_ref(tail));
	net_buf_frag_add(race.theirs, tail);
}

ZTEST(net_buf_together, test_two_heads_one_tail)
{
	run_race(make_chains, &chain_pool);
	zassert_equal(destroyed, 3 * race.round);
}

/* ---- one pool, everybody --------------------------------------------------------------------- */

#define BUSY_COUNT 6
NET_BUF_POOL_FIXED_DEFINE(busy_pool, BUSY_COUNT, SIZE, sizeof(uint32_t), count_destroyed);

static uint32_t busy_gate; /* threads that have begun; all go when three have */
static uint32_t taken;     /* buffers that anybody got */
static uint32_t interrupts;
static struct net_buf *parked; /* left by one context for another */

/* Mark a buffer as mine from end to end; nobody else may have touched it when it is released. */
static void use(struct net_buf *buf, uint8_t mark)
{
	memset(net_buf_add(buf, SIZE), mark, SIZE);
	if (net_buf_ref(buf) != NULL) {
		net_buf_unref(buf);
	}
	for (int i = 0; i < SIZE; i++) {
		if (buf->data[i] != mark) {
			ztest_test_expect_fail();
		}
	}
	if (*(uint32_t *)net_buf_user_data(buf) != 0) {
		ztest_test_expect_fail();
	}
	*(uint32_t *)net_buf_user_data(buf) = mark;
}

/* One turn of any context: a buffer for itself, one for whoever looks next. */
static void turn(uint8_t mark, k_timeout_t timeout)
{
	struct net_buf *buf = net_buf_alloc(&busy_pool, timeout);
	struct net_buf *found;

	if (buf == NULL) {
		return;
	}
	(void)atomic32_add_relaxed(&taken, 1);
	use(buf, mark);
	/* What lies there goes home, released by another context than the one that got it. */
	found = __atomic_exchange_n(&parked, buf, __ATOMIC_ACQ_REL);
	if (found != NULL) {
		net_buf_unref(found);
	}
}

static void busy(void *mark, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	(void)atomic32_add_relaxed(&busy_gate, 1);
	spin_until(&busy_gate, 3);
	for (int i = 0; i < ROUNDS; i++) {
		turn((uint8_t)(uintptr_t)mark, i % 8 == 0 ? K_FOREVER : K_NO_WAIT);
		if (i % 16 == 0) {
			net_buf_drop(&parked);
		}
	}
}

/* Runs behind all interrupts that were raised. */
static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

static void busy_isr(void *arg)
{
	ARG_UNUSED(arg);
	if (!k_is_in_isr()) {
		ztest_test_expect_fail();
	}
	turn(0xaa, K_NO_WAIT);
	(void)atomic32_add_relaxed(&interrupts, 1);
}

ZTEST(net_buf_together, test_threads_and_an_interrupt_on_one_pool)
{
	static struct port_irq irq = {.routine = busy_isr};

	destroyed = 0;
	busy_gate = 0;
	taken = 0;
	interrupts = 0;
	for (int i = 0; i < 3; i++) {
		start(i, busy, (void *)(uintptr_t)(i + 1));
	}
	for (int i = 0; i < ROUNDS; i++) {
		port_irq_raise(&irq);
		turn(0x55, K_NO_WAIT);
	}
	for (int i = 0; i < 3; i++) {
		join(i);
	}
	irq_offload(nothing, NULL);
	net_buf_drop(&parked);
	zassert_equal(destroyed, taken);
	zassert_true(interrupts > 0);
}

/* ---- one buffer, many storages ---------------------------------------------------------------- */

/*
 * One buffer around the user's storage, wanted by several: what the pool knows about the storage is
 * free again before the buffer is, so there is always enough of it.
 */
NET_BUF_POOL_EXTERNAL_DEFINE(one_pool, 1, 0, NULL);

static uint32_t wrapped;

static void wrap_storage(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	(void)atomic32_add_relaxed(&busy_gate, 1);
	spin_until(&busy_gate, 2);
	for (int i = 0; i < 100 * ROUNDS; i++) {
		struct net_buf *buf = net_buf_alloc_with_release(&one_pool, storage, SIZE,
								 count_released, NULL, K_NO_WAIT);

		if (buf != NULL) {
			(void)atomic32_add_relaxed(&wrapped, 1);
			net_buf_unref(buf);
		}
	}
}

ZTEST(net_buf_together, test_one_buffer_for_many_storages)
{
	wrapped = 0;
	released = 0;
	busy_gate = 0;
	start(0, wrap_storage, NULL);
	start(1, wrap_storage, NULL);
	join(0);
	join(1);
	zassert_equal(released, wrapped);
	zassert_equal(net_buf_pool_external_one_pool.fresh, 1);
}

/* First uses of buffers race, too: a pool of its own, all of it taken at once. */
#define FRESH 60
NET_BUF_POOL_FIXED_DEFINE(fresh_pool, FRESH, SIZE, 0, NULL);

static uint32_t fresh_go;
static struct net_buf *fresh[3][FRESH];

static void take_fresh(void *index, void *unused1, void *unused2)
{
	struct net_buf **mine = fresh[(uintptr_t)index];

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	spin_until(&fresh_go, 1);
	for (int i = 0; i < FRESH / 3; i++) {
		mine[i] = net_buf_alloc(&fresh_pool, K_NO_WAIT);
	}
}

ZTEST(net_buf_together, test_first_uses)
{
	uint64_t seen = 0;

	fresh_go = 0;
	for (int i = 0; i < 3; i++) {
		start(i, take_fresh, (void *)(uintptr_t)i);
	}
	atomic32_store_release(&fresh_go, 1);
	for (int i = 0; i < 3; i++) {
		join(i);
	}
	zassert_is_null(net_buf_alloc(&fresh_pool, K_NO_WAIT));
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < FRESH / 3; j++) {
			zassert_not_null(fresh[i][j]);
			seen |= 1ULL << net_buf_id(fresh[i][j]);
			net_buf_unref(fresh[i][j]);
		}
	}
	zassert_equal(seen, (1ULL << FRESH) - 1);
}

/* ---- counting up and down at once ------------------------------------------------------------ */

static struct net_buf *common;
static uint32_t refused;
static uint32_t gate; /* threads that have begun; all go when three have */

static void up_and_down(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	(void)atomic32_add_relaxed(&gate, 1);
	spin_until(&gate, 3);
	for (int i = 0; i < 10 * ROUNDS; i++) {
		if (net_buf_ref(common) != NULL) {
			net_buf_unref(common);
		} else {
			(void)atomic32_add_relaxed(&refused, 1);
		}
		if (net_buf_ref_add(common, 3)) {
			net_buf_ref_drop(common, 2);
			net_buf_unref(common);
		}
	}
}

/* At the limit: whatever is refused, the count is right and nothing runs over. */
ZTEST(net_buf_together, test_the_limit_under_fire)
{
	destroyed = 0;
	common = net_buf_alloc(&counted_pool, K_NO_WAIT);
	common->flags = 0x81;
	common->ref = 65532;
	gate = 0;
	for (int i = 0; i < 3; i++) {
		start(i, up_and_down, NULL);
	}
	for (int i = 0; i < 3; i++) {
		join(i);
	}
	zassert_equal(common->ref, 65532);
	zassert_equal(common->flags, 0x81);
	zassert_equal_ptr(net_buf_pool_get(common->pool_id), &counted_pool);
	common->flags = 0;
	net_buf_ref_drop(common, 65532);
	zassert_equal(destroyed, 1);
}

/* ---- take: one of many gets it --------------------------------------------------------------- */

#define OFFERS (ROUNDS / 10)

static struct net_buf *offered;
static uint32_t takers;

static void take_offers(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (unsigned int spins = 0; atomic32_load_relaxed(&takers) < OFFERS; spins++) {
		struct net_buf *buf = net_buf_take(&offered);

		if (buf != NULL) {
			net_buf_unref(buf);
			(void)atomic32_add_relaxed(&takers, 1);
			spins = 0;
		} else {
			rest(spins);
		}
	}
}

ZTEST(net_buf_together, test_take)
{
	takers = 0;
	for (int i = 0; i < 2; i++) {
		start(i, take_offers, NULL);
	}
	for (uint32_t i = 0; i < OFFERS; i++) {
		struct net_buf *buf = net_buf_alloc(&plain_pool, K_FOREVER);

		__atomic_store_n(&offered, buf, __ATOMIC_RELEASE);
		spin_until(&takers, i + 1);
	}
	join(0);
	join(1);
}

ZTEST_SUITE(net_buf_together, NULL, NULL, NULL, NULL, NULL);
