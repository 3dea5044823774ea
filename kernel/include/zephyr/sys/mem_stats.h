/* SPDX-License-Identifier: Apache-2.0 */

/** @file Figures about memory that is handed out. */

#ifndef ZEPHYR_SYS_MEM_STATS_H_
#define ZEPHYR_SYS_MEM_STATS_H_

#include <zephyr/toolchain.h>

/** What became of an allocator's memory, in bytes. */
struct sys_memory_stats {
	size_t free_bytes;          /**< nobody has it */
	size_t allocated_bytes;     /**< users have it */
	size_t max_allocated_bytes; /**< the most that users ever had at once */
};

#endif /* ZEPHYR_SYS_MEM_STATS_H_ */
