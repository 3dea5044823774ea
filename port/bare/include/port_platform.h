/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Bare metal: the types and inline functions that port.h asks of a platform.
 *
 * One core and one thread, the main loop, so a lock is a mask and has no memory.
 */
#ifndef PORT_PLATFORM_H_
#define PORT_PLATFORM_H_

#include <zephyr/autoconf.h>

#include <stdbool.h>
#include <stdint.h>

#include <port/atomics.h>
#include <port_mask.h>

#define PORT_THREAD_LOCAL
#define PORT_CACHE_LINE 0

typedef uint32_t port_key_t;

/* No memory, in C++ as in C. */
struct port_lock {
	uint32_t none[0];
};

struct port_parker {
	uint32_t tokens; /* how many there are; written by the main loop and by ISRs */
};

/* There are no threads to start, but there is one, which has such a field. */
struct port_thread {
	uint32_t none[0];
};

static inline uintptr_t port_context(void)
{
	return port_mask_context();
}

/* A lock masks. */
static inline void port_lock_entered(void)
{
}

static inline void port_lock_left(void)
{
}

static inline port_key_t port_lock(struct port_lock *lock)
{
	(void)lock;
	return port_mask();
}

/* Nobody else can hold it while this code runs. */
static inline bool port_trylock(struct port_lock *lock, port_key_t *key)
{
	*key = port_lock(lock);
	return true;
}

static inline void port_unlock(struct port_lock *lock, port_key_t key)
{
	(void)lock;
	port_unmask(key);
}

#endif /* PORT_PLATFORM_H_ */
