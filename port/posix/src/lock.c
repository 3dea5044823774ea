/* SPDX-License-Identifier: Apache-2.0 */
/** @file The slow half of the lock: contention. The idea is told in port_platform.h. */
#include <zephyr/autoconf.h>

#include <errno.h>
#include <linux/membarrier.h>

#include <port/port.h>

#include "fork.h"
#include "futex.h"

/* In a line of its own: every release reads it. */
uint32_t port_posix_lock_sleepers __attribute__((aligned(PORT_CACHE_LINE)));

/* Whether membarrier(2) works: set before main(), and again after a fork(). */
static bool membarrier_works;

PORT_THREAD_LOCAL unsigned int port_posix_locks_held;

/*
 * The same count by lock, so that a sleeper on one does not cost a system call at each release of
 * every other. Locks that share a place cost each other some.
 */
#define PLACES 256U
static uint32_t sleepers_at[PLACES] __attribute__((aligned(PORT_CACHE_LINE)));

static uint32_t *lock_place_of(const struct port_lock *lock)
{
	uintptr_t address = (uintptr_t)lock / sizeof(*lock);

	return &sleepers_at[(address ^ address / PLACES) % PLACES];
}

/* One thread exists, and none sleeps. */
static void membarrier_register(void)
{
	long ret = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);

	membarrier_works = ret == 0;
	__atomic_store_n(&port_posix_lock_sleepers, membarrier_works ? 0 : 1, __ATOMIC_RELAXED);
}

/* Before every other constructor: no thread exists yet, so this never changes under a lock. */
__attribute__((constructor(101))) static void lock_init(void)
{
	membarrier_register();
}

void lock_fork_child(void)
{
	membarrier_register();
}

bool port_fence_all(void)
{
	int saved = errno;

	if (membarrier_works) {
		(void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
		errno = saved;
	}
	return membarrier_works;
}

static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

void port_await_zero(const uint32_t *word)
{
	const struct timespec moment = {.tv_nsec = 20000};
	int saved = errno;

	for (int i = 0; atomic32_load_acquire(word) != 0; i++) {
		if (i < CONFIG_PORT_LOCK_SPINS) {
			cpu_relax();
		} else {
			fork_check_wait();
			(void)nanosleep(&moment, NULL); /* it may have to run on this core */
		}
	}
	errno = saved;
}

static bool try_lock(struct port_lock *lock)
{
	uint32_t expected = 0;

	/* Acquire: pairs with the release in port_unlock(). */
	return __atomic_load_n(&lock->held, __ATOMIC_RELAXED) == 0 &&
	       __atomic_compare_exchange_n(&lock->held, &expected, 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

void port_posix_lock_slow(struct port_lock *lock)
{
	int saved = errno;

	for (int i = 0; i < CONFIG_PORT_LOCK_SPINS; i++) {
		if (try_lock(lock)) {
			return;
		}
		/* Longer each time: every look takes the cache line from the holder. */
		for (int pauses = i < 4 ? 1 << i : 16; pauses > 0; pauses--) {
			cpu_relax();
		}
	}
	fork_check_wait();

	/* Sequentially consistent: pair with the look of port_posix_lock_wake(), or through
	 * membarrier with the plain store and load of port_unlock(): a holder that releases after
	 * this sees the count, one that released before is seen by the load in the futex call.
	 */
	(void)__atomic_fetch_add(lock_place_of(lock), 1, __ATOMIC_SEQ_CST);
	(void)__atomic_fetch_add(&port_posix_lock_sleepers, 1, __ATOMIC_SEQ_CST);
	if (membarrier_works) {
		(void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
	}
	while (!try_lock(lock)) {
		futex_wait_until(&lock->held, 1, NULL);
	}
	(void)__atomic_fetch_sub(&port_posix_lock_sleepers, 1, __ATOMIC_RELAXED);
	(void)__atomic_fetch_sub(lock_place_of(lock), 1, __ATOMIC_RELAXED);
	errno = saved;
}

void port_posix_lock_wake(struct port_lock *lock)
{
	/* Released already: of the lock only the address is used from here on. Where no membarrier
	 * keeps the release before this look, the exchange does: a sleeper that it does not see
	 * counts itself after it, and so sees the lock free (release here, acquire there).
	 */
	if (__atomic_fetch_add(lock_place_of(lock), 0, __ATOMIC_SEQ_CST) != 0) {
		int saved = errno;

		futex_wake_one(&lock->held);
		errno = saved;
	}
}
