/* SPDX-License-Identifier: Apache-2.0 */
/** @file Telling who asked that buffers have come free. */
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <iob/chain.h>
#include <iob/notifier.h>

#include <errno.h>

#include "../support/chains.h"

#define DIV 4 /* the default */
#define MAX_NOTES CONFIG_IOB_NOTIFIER_MAX

static uint32_t called; /* grows with release order, behind what a worker writes */
static uint32_t slot;
static void *args[16];

static void count_call(void)
{
	(void)atomic32_sub_acq_rel(&called, (uint32_t)-1);
}

static void worker(void *arg)
{
	args[atomic32_add_relaxed(&slot, 1) % ARRAY_SIZE(args)] = arg;
	count_call();
}

/* Have what is due be done. @return how many calls there were since the last time, at least @p awaited soon. */
static uint32_t calls(uint32_t awaited)
{
	uint32_t were;

#ifdef CONFIG_MULTITHREADING
	int64_t end = k_uptime_get() + 20000;

	while (atomic32_load_acquire(&called) < awaited && k_uptime_get() < end) {
		k_sleep(K_MSEC(1));
	}
	k_sleep(K_MSEC(20)); /* for those that nobody expects */
#else
	ARG_UNUSED(awaited);
	(void)iob_notifier_run(HPWORK);
	(void)iob_notifier_run(LPWORK);
#endif
	were = atomic32_load_acquire(&called);
	atomic32_store_relaxed(&called, 0);
	return were;
}

ZTEST_SUITE(iob_notifier, NULL, NULL, NULL, NULL, NULL);

ZTEST(iob_notifier, test_once_at_a_multiple)
{
	struct iob_s *chain = chain_take_all();
	int key = iob_notifier_setup(LPWORK, worker, &called);

	zassert_true(key > 0);
	zassert_true(iob_notifier_setup(HPWORK, worker, &called) > key);
	for (int i = 1; i < DIV; i++) {
		chain = iob_free(chain);
		zassert_equal(calls(0), 0, "with %d", i);
	}
	chain = iob_free(chain);
	zassert_equal(calls(2), 2);
	zassert_equal_ptr(args[(slot - 1) % ARRAY_SIZE(args)], &called);
	zassert_equal_ptr(args[(slot - 2) % ARRAY_SIZE(args)], &called);
	for (int i = 0; i < DIV; i++) {
		chain = iob_free(chain);
	}
	zassert_equal(calls(0), 0, "they were told");
	iob_free_chain(chain);
}

/* Buffers that are free already do not count; a chain that passes a multiple does. */
ZTEST(iob_notifier, test_chains)
{
	struct iob_s *chain = chain_leave(DIV + 1);

	zassert_true(iob_notifier_setup(LPWORK, worker, NULL) > 0);
	zassert_equal(calls(0), 0);
	iob_free_chain(iob_tryalloc_chain(1, false));
	zassert_equal(calls(0), 0);
	iob_free_chain(iob_tryalloc_chain(3, false));
	zassert_equal(calls(1), 1);
	iob_free_chain(chain);
	zassert_equal(calls(0), 0);
}

ZTEST(iob_notifier, test_teardown)
{
	struct iob_s *chain = chain_take_all();
	int key = iob_notifier_setup(LPWORK, worker, NULL);

	iob_notifier_teardown(key);
	iob_notifier_teardown(key);
	iob_notifier_teardown(0);
	iob_notifier_teardown(-1);
	iob_free_chain(chain);
	zassert_equal(calls(0), 0);
}

ZTEST(iob_notifier, test_as_many_as_there_are)
{
	struct iob_s *chain = chain_take_all();
	int keys[MAX_NOTES];

	for (int i = 0; i < MAX_NOTES; i++) {
		keys[i] = iob_notifier_setup(i % 2, worker, &keys[i]);
		zassert_true(keys[i] > 0);
	}
	zassert_equal(iob_notifier_setup(HPWORK, worker, NULL), -ENOMEM);
	iob_notifier_teardown(keys[1]);
	keys[1] = iob_notifier_setup(HPWORK, worker, &keys[1]);
	zassert_true(keys[1] > 0);
	iob_free_chain(chain);
	zassert_equal(calls(MAX_NOTES), MAX_NOTES);
	zassert_equal(iob_notifier_setup(HPWORK, NULL, NULL), -EINVAL);
	zassert_equal(iob_notifier_setup(-1, worker, NULL), -EINVAL);
	zassert_equal(iob_notifier_setup(2, worker, NULL), -EINVAL);
}

/* A worker may do what it likes: ask again, say. */
static struct iob_s *taken_by_worker;

static void ask_again(void *arg)
{
	ARG_UNUSED(arg);
	taken_by_worker = iob_tryalloc(false);
	(void)iob_notifier_setup(HPWORK, worker, NULL);
	count_call();
}

ZTEST(iob_notifier, test_a_worker_asks_again)
{
	struct iob_s *chain = chain_take_all();

	zassert_true(iob_notifier_setup(HPWORK, ask_again, NULL) > 0);
	for (int i = 0; i < DIV; i++) {
		chain = iob_free(chain);
	}
	zassert_equal(calls(1), 1);
	zassert_not_null(taken_by_worker);
	zassert_is_null(iob_free(taken_by_worker));
	zassert_equal(calls(1), 1);
	iob_free_chain(chain);
	zassert_equal(calls(0), 0);
}
