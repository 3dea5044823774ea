/* SPDX-License-Identifier: Apache-2.0 */
/** @file Functions that run at start-up. */
#ifndef ZEPHYR_INIT_H_
#define ZEPHYR_INIT_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>
#include <zephyr/kernel/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The levels, in the order in which they run. SYS_INIT() takes the part after INIT_LEVEL_. */
enum init_level {
	INIT_LEVEL_EARLY,
	INIT_LEVEL_PRE_KERNEL_1,
	INIT_LEVEL_PRE_KERNEL_2,
	INIT_LEVEL_POST_KERNEL,
	INIT_LEVEL_APPLICATION,
	INIT_LEVEL_SMP,
};

/** One function that runs at start-up; in flash. */
struct init_entry {
	int (*init_fn)(void); /**< what it returns is not looked at, as on Zephyr */
	uint8_t level;        /**< enum init_level */
	uint8_t priority;     /**< 0 (first) to 99 within its level */
};

/**
 * Run @p fn (int (*)(void)) before main(), at @p level and, within it, in the order of @p prio
 * (0 to 99); of equal ones in the order of the link. Defines a constant.
 */
#define SYS_INIT(fn, level, prio) SYS_INIT_NAMED(fn, fn, level, prio)

/** The same with a name of its own, so that one function can run more than once. */
#define SYS_INIT_NAMED(name, fn, level, prio)                                                      \
	BUILD_ASSERT((prio) >= 0 && (prio) <= 99, "the priority of SYS_INIT() is 0 to 99");        \
	static const STRUCT_SECTION_ITERABLE(init_entry, __init_##name) = {                        \
		(fn), INIT_LEVEL_##level, (uint8_t)(prio)}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_INIT_H_ */
