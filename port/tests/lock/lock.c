/* SPDX-License-Identifier: Apache-2.0 */

/* The lock, with more threads than cores, and with holders that lose their core. */

#include <zephyr/ztest.h>

#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <port/port.h>

#define THREADS 8
#define ROUNDS  4000

static struct port_lock lock;
static struct port_parker done;
static struct port_thread threads[THREADS];
static uint64_t guarded; /* plain: the lock keeps the threads apart */
static uint32_t inside;

static void run(void (*entry)(void *arg))
{
	for (uintptr_t i = 0; i < THREADS; i++) {
		struct port_thread_attr attr = {.entry = entry, .arg = (void *)(i + 1)};

		zassert_ok(port_thread_start(&threads[i], &attr));
	}
	for (int i = 0; i < THREADS; i++) {
		zassert_true(port_park(&done, PORT_FOREVER));
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	lock = (struct port_lock){0};
	guarded = 0;
}

ZTEST_SUITE(lock, NULL, NULL, before, NULL, NULL);

static void count(void *arg)
{
	ARG_UNUSED(arg);
	for (int i = 0; i < ROUNDS; i++) {
		port_key_t key = port_lock(&lock);

		zassert_equal(inside++, 0);
		guarded++;
		inside--;
		port_unlock(&lock, key);
	}
	port_unpark(&done);
}

ZTEST(lock, test_short_sections)
{
	run(count);
	zassert_equal(guarded, THREADS * ROUNDS);
}

/* Holders that give up their core, as preemption does to them: the rest must sleep and be woken. */
static void count_slowly(void *arg)
{
	uint32_t random = (uint32_t)(uintptr_t)arg;

	for (int i = 0; i < ROUNDS / 8; i++) {
		port_key_t key = port_lock(&lock);

		zassert_equal(inside++, 0);
		guarded++;
		random = random * 1664525 + 1013904223;
		if (random >> 30 == 0) {
			port_thread_yield();
		}
		if (random >> 25 == 1) {
			struct timespec nap = {0, 20000};

			(void)nanosleep(&nap, NULL);
		}
		inside--;
		port_unlock(&lock, key);
	}
	port_unpark(&done);
}

ZTEST(lock, test_preempted_holders)
{
	run(count_slowly);
	zassert_equal(guarded, THREADS * (ROUNDS / 8));
}

/* Many locks, so that sleepers of one meet with holders of others. */
static struct port_lock many[64];
static uint32_t counts[64];

static void count_many(void *arg)
{
	uint32_t random = (uint32_t)(uintptr_t)arg;

	for (int i = 0; i < ROUNDS; i++) {
		port_key_t key;
		uint32_t n;

		random = random * 1664525 + 1013904223;
		n = random >> 26;
		key = port_lock(&many[n]);
		counts[n]++;
		if (random % 128 == 0) {
			port_thread_yield();
		}
		port_unlock(&many[n], key);
	}
	port_unpark(&done);
}

ZTEST(lock, test_many_locks)
{
	uint32_t sum = 0;

	memset(counts, 0, sizeof(counts));
	run(count_many);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		sum += counts[i];
	}
	zassert_equal(sum, THREADS * ROUNDS);
}

/* Who takes a lock last may destroy it: the one before it has let go for good. */
struct shared {
	struct port_lock lock;
	int left;
	bool final; /* the last of them */
};

static struct shared *current;
static uint32_t met;

/* As often as there is time for where one core serves all, and others beside. */
static void use_together(void *arg)
{
	int64_t end = port_clock_deadline(15 * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	bool final = false;

	for (uint32_t i = 0; !final; i++) {
		struct shared *s;
		port_key_t key;
		bool last;

		if (arg == (void *)1) {
			s = malloc(sizeof(*s));
			*s = (struct shared){
				.left = 2,
				.final = i == ROUNDS - 1 || port_clock_ticks() >= end,
			};
			__atomic_store_n(&current, s, __ATOMIC_RELEASE);
		} else {
			do {
				s = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
				if (s == NULL) {
					port_thread_yield();
				}
			} while (s == NULL);
		}
		key = port_lock(&s->lock);
		last = --s->left == 0;
		final = s->final;
		port_unlock(&s->lock, key);
		if (last) {
			__atomic_store_n(&current, NULL, __ATOMIC_RELAXED);
			memset(s, 0xff, sizeof(*s));
			free(s);
			atomic32_store_release(&met, i + 1);
		}
		while (atomic32_load_acquire(&met) != i + 1) {
			port_thread_yield();
		}
	}
	port_unpark(&done);
}

ZTEST(lock, test_destroyed_by_the_last)
{
	met = 0;
	for (uintptr_t i = 1; i <= 2; i++) {
		struct port_thread_attr attr = {.entry = use_together, .arg = (void *)i};

		zassert_ok(port_thread_start(&threads[i], &attr));
	}
	for (int i = 0; i < 2; i++) {
		zassert_true(port_park(&done, PORT_FOREVER));
	}
}

static void hold(void *arg)
{
	port_key_t key = port_lock(&lock);
	struct timespec nap = {0, 5000000};

	ARG_UNUSED(arg);
	port_unpark(&done);
	(void)nanosleep(&nap, NULL);
	port_unlock(&lock, key);
	port_unpark(&done);
}

ZTEST(lock, test_errno_is_kept)
{
	struct port_thread_attr attr = {.entry = hold};
	port_key_t key;

	zassert_ok(port_thread_start(&threads[0], &attr));
	zassert_true(port_park(&done, PORT_FOREVER));
	errno = 12345;
	key = port_lock(&lock);
	port_unlock(&lock, key);
	zassert_equal(errno, 12345);
	zassert_true(port_park(&done, PORT_FOREVER));
}

/* What the releases do is decided at start-up. */
ZTEST(lock, test_membarrier)
{
	bool works = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) > 0;

	if (IS_ENABLED(MEMBARRIER_FORBIDDEN)) {
		zassert_false(works);
	} else if (!works) {
		TC_PRINT("this system has no membarrier(2)\n");
	}
	zassert_equal(port_posix_lock_sleepers, works ? 0 : 1);
}
