/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Linux: the types and inline functions that port.h asks of a platform.
 *
 * The lock. Its fast path is one exchange to take and one plain store to release. A contender
 * spins, then counts itself as a sleeper and sleeps on `held`. Between the holder's store to `held`
 * and its look at the sleepers the processor may swap the two, which would lose a wake-up; a fence
 * there would double the cost of every release. Instead the contender, about to sleep anyway, makes
 * every core of the process pass a full barrier: membarrier(2), private expedited. Where the kernel
 * refuses that, every release pays for the fence. (The idea of moving the cost to the rare side is Dice,
 * Huang and Yang's "Asymmetric Dekker Synchronization".)
 *
 * Sleepers are counted outside of the lock, so that the store that releases it is the last access
 * to its memory: once that is seen, the lock may be anything, unmapped included.
 */
#ifndef PORT_PLATFORM_H_
#define PORT_PLATFORM_H_

#include <zephyr/autoconf.h>

#include <stdbool.h>
#include <stdint.h>

#include <port/atomics.h>

#define PORT_THREAD_LOCAL __thread
#define PORT_CACHE_LINE   64

typedef unsigned int port_key_t;

struct port_lock {
	uint32_t held; /* 1 while taken; written by holder and contenders */
};

/* Virtual clock: what ended a sleep. */
enum port_parker_end {
	PORT_PARKER_TOKEN,   /* somebody unparked */
	PORT_PARKER_EXPIRED, /* the deadline came */
	PORT_PARKER_MOVED,   /* the clock became real again: sleep on */
};

struct port_parker {
	int32_t tokens; /* how many there are; -1 while the owner sleeps, -2 if in port_park_in() */
	int32_t fd;     /* who unparks it then makes this one readable */
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	enum port_parker_end end; /* of the last sleep; written by whoever ends it */
	int64_t deadline;         /* of the sleep under way; written by the owner */
	struct port_parker *next; /* the next sleeper */
	uint32_t adopted;         /* period in which somebody counted the owner, until it runs */
#endif
};

struct port_thread {
	void (*entry)(void *arg); /* as started; read when the thread begins, like the next two */
	void *arg;
	uint32_t counted; /* period of virtual time that counts it from the start; 0: none */
	uint32_t tid;     /* of the operating system; 0 until the thread has begun */
	int32_t priority; /* kernel priority, written by port_thread_priority() as well */
#ifdef CONFIG_SCHED_CPU_MASK
	unsigned long
		cpus; /* processors it may use, bit by bit; written by port_thread_cpus() as well */
#endif
};

/*
 * Contenders of any lock, asleep or about to be; written by them. One more, for good, where
 * membarrier(2) is refused: then each release has to look again behind a fence.
 */
extern uint32_t port_posix_lock_sleepers;

/* Locks of the application that this thread holds; in reach without a call, in shared libraries too. */
extern PORT_THREAD_LOCAL unsigned int port_posix_locks_held
	__attribute__((tls_model("initial-exec")));

/* The address of something that each thread has, interrupts being one. */
static inline uintptr_t port_context(void)
{
	return (uintptr_t)&port_posix_locks_held;
}

static inline void port_lock_entered(void)
{
	port_posix_locks_held++;
}

static inline void port_lock_left(void)
{
	port_posix_locks_held--;
}

void port_posix_lock_slow(struct port_lock *lock);
void port_posix_lock_wake(struct port_lock *lock);

static inline bool port_trylock(struct port_lock *lock, port_key_t *key)
{
	uint32_t expected = 0;

	*key = 0;
	/* Acquire: pairs with the release in port_unlock(). */
	return __builtin_expect(__atomic_compare_exchange_n(&lock->held, &expected, 1, false,
							    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
				1);
}

static inline port_key_t port_lock(struct port_lock *lock)
{
	port_key_t key;

	if (!port_trylock(lock, &key)) {
		port_posix_lock_slow(lock);
	}
	return key;
}

static inline void port_unlock(struct port_lock *lock, port_key_t key)
{
	(void)key;
	/* Release: pairs with the acquire in port_trylock() and port_posix_lock_slow(). */
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
	/* Stays behind the store in the program; the sleeper's membarrier does the rest. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (__builtin_expect(__atomic_load_n(&port_posix_lock_sleepers, __ATOMIC_RELAXED) != 0,
			     0)) {
		port_posix_lock_wake(lock);
	}
}

#endif /* PORT_PLATFORM_H_ */
