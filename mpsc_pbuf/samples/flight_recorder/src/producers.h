/* SPDX-License-Identifier: Apache-2.0 */
/** @file Who makes records: threads, and an interrupt. */
#ifndef PRODUCERS_H_
#define PRODUCERS_H_

#include <stdint.h>

#define PRODUCERS_MAX 32U

/** Start @p count threads that make @p per_thread records each (0: no end), and an interrupt. */
void producers_start(uint32_t count, uint32_t per_thread);

/** @return whether all threads have made theirs. */
bool producers_done(void);

/** Have them end, and wait for it. @return how many records they made, those lost included. */
uint64_t producers_stop(void);

/** @return records that found no room, even by overwriting. */
uint32_t producers_refused(void);

#endif /* PRODUCERS_H_ */
