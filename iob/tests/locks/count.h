/* SPDX-License-Identifier: Apache-2.0 */
/** @file Included in front of each source file of the library's, to count its critical sections. */
#ifndef IOB_TESTS_COUNT_H_
#define IOB_TESTS_COUNT_H_

#include <zephyr/spinlock.h>

extern unsigned int locks;

static inline k_spinlock_key_t counted_lock(struct k_spinlock *lock)
{
	locks++;
	return k_spin_lock(lock);
}

#define k_spin_lock(lock) counted_lock(lock)

#endif /* IOB_TESTS_COUNT_H_ */
