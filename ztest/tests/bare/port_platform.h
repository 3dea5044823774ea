/* SPDX-License-Identifier: Apache-2.0 */

/** @file A pretended core with one thread and an interrupt mask. */

#ifndef BARE_PORT_PLATFORM_H_
#define BARE_PORT_PLATFORM_H_

#include <stdint.h>

#define PORT_THREAD_LOCAL
#define PORT_CACHE_LINE 0

typedef unsigned int port_key_t;

struct port_lock {
	uint32_t unused;
};

struct port_parker {
	uint32_t unused;
};

struct port_thread {
	uint32_t unused;
};

port_key_t port_irq_lock(void);
void port_irq_unlock(port_key_t key);

static inline port_key_t port_lock(struct port_lock *lock)
{
	(void)lock;
	return port_irq_lock();
}

static inline bool port_trylock(struct port_lock *lock, port_key_t *key)
{
	*key = port_lock(lock);
	return true;
}

static inline void port_unlock(struct port_lock *lock, port_key_t key)
{
	(void)lock;
	port_irq_unlock(key);
}

static inline uintptr_t port_context(void)
{
	return 1;
}

static inline void port_lock_entered(void)
{
}

static inline void port_lock_left(void)
{
}

#endif /* BARE_PORT_PLATFORM_H_ */
