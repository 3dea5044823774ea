/* SPDX-License-Identifier: Apache-2.0 */

/** @file What the macros of log.h expand to. The levels are for everybody. */

#ifndef ZEPHYR_LOGGING_LOG_CORE_H_
#define ZEPHYR_LOGGING_LOG_CORE_H_

#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

#ifdef CONFIG_LOG_RUNTIME_FILTERING
#include <zephyr/sys/iterable_sections.h>
#endif

#define LOG_LEVEL_NONE 0U
#define LOG_LEVEL_ERR  1U
#define LOG_LEVEL_WRN  2U
#define LOG_LEVEL_INF  3U
#define LOG_LEVEL_DBG  4U

/* The level that no module exceeds. */
#if !defined(CONFIG_LOG)
#define Z_LOG_CEILING LOG_LEVEL_NONE
#elif defined(CONFIG_LOG_MAX_LEVEL)
#define Z_LOG_CEILING ((unsigned int)CONFIG_LOG_MAX_LEVEL)
#else
#define Z_LOG_CEILING LOG_LEVEL_DBG
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_LOG

/*
 * The level of a module registered without one: a macro LOG_LEVEL where a file defines it, before
 * or after this line, otherwise this name.
 */
#ifndef LOG_LEVEL
enum {
	LOG_LEVEL = CONFIG_LOG_DEFAULT_LEVEL
};
#endif

/* A line, without the LF at its end; @p module NULL for one without a name. */
__printf_like(3, 4) void z_log(const char *module, unsigned int level, const char *fmt, ...);

/* A line and a dump. */
void z_log_hexdump(const char *module, unsigned int level, const void *data, size_t length,
		   const char *text);

/* Text as it is. */
__printf_like(1, 2) void z_log_raw(const char *fmt, ...);

/* Where several source files are compiled as one, this is another word in each: its names are its own. */
#ifdef Z_LOG_FILE
#define z_log_level  UTIL_CAT(z_log_level_, Z_LOG_FILE)
#define z_log_name   UTIL_CAT(z_log_name_, Z_LOG_FILE)
#define z_log_module UTIL_CAT(z_log_module_, Z_LOG_FILE)
#endif

#ifdef CONFIG_LOG_RUNTIME_FILTERING

/* A module as the run-time filter knows it, one in the program for each name. */
struct log_module {
	const char *name;
	uint32_t level; /* what it may log now; written by log_filter_set() */
};

static inline bool z_log_passes(const struct log_module *module, unsigned int level)
{
	/* Relaxed: a level that changes orders nothing else. */
	return module == NULL || level <= __atomic_load_n(&module->level, __ATOMIC_RELAXED);
}

#define Z_LOG_NAME      (z_log_module != NULL ? z_log_module->name : NULL)
#define Z_LOG_ON(level) (Z_LOG_COMPILED(level) && z_log_passes(z_log_module, level))

#define Z_LOG_SOURCE(name, level_)                                                                 \
	enum {                                                                                     \
		z_log_level = (level_)                                                             \
	};                                                                                         \
	__attribute__((unused)) static struct log_module *const z_log_module = &log_module_##name
#define Z_LOG_REGISTER_AT(name, level_)                                                            \
	extern struct log_module log_module_##name;                                                \
	STRUCT_SECTION_ITERABLE(log_module, log_module_##name) = {#name, (level_)};                \
	Z_LOG_SOURCE(name, level_)
#define Z_LOG_DECLARE_AT(name, level_)                                                             \
	extern struct log_module log_module_##name;                                                \
	Z_LOG_SOURCE(name, level_)
#define Z_LOG_LEVEL_SET(level_)                                                                    \
	enum {                                                                                     \
		z_log_level = (level_)                                                             \
	};                                                                                         \
	__attribute__((unused)) static struct log_module *const z_log_module = NULL

#else /* CONFIG_LOG_RUNTIME_FILTERING */

#define Z_LOG_NAME      z_log_name
#define Z_LOG_ON(level) Z_LOG_COMPILED(level)

#define Z_LOG_REGISTER_AT(name, level_)                                                            \
	enum {                                                                                     \
		z_log_level = (level_)                                                             \
	};                                                                                         \
	__attribute__((unused)) static const char z_log_name[] = #name
#define Z_LOG_DECLARE_AT(name, level_) Z_LOG_REGISTER_AT(name, level_)
#define Z_LOG_LEVEL_SET(level_)                                                                    \
	enum {                                                                                     \
		z_log_level = (level_)                                                             \
	};                                                                                         \
	__attribute__((unused)) static const char *const z_log_name = NULL

#endif /* CONFIG_LOG_RUNTIME_FILTERING */

#define Z_LOG_REGISTER(name, ...) Z_LOG_REGISTER_AT(name, Z_LOG_LEVEL_OF(__VA_ARGS__))
#define Z_LOG_DECLARE(name, ...)  Z_LOG_DECLARE_AT(name, Z_LOG_LEVEL_OF(__VA_ARGS__))
#define Z_LOG_LEVEL_OF(...)       COND_CODE_1(IS_EMPTY(__VA_ARGS__), (LOG_LEVEL), (__VA_ARGS__))

#define Z_LOG_COMPILED(level) ((level) <= Z_LOG_CEILING && (level) <= (unsigned int)z_log_level)

#define Z_LOG(level, ...)                                                                          \
	do {                                                                                       \
		if (Z_LOG_ON(level)) {                                                             \
			z_log(Z_LOG_NAME, level, __VA_ARGS__);                                     \
		}                                                                                  \
	} while (false)

#define Z_LOG_HEXDUMP(level, data, length, str)                                                    \
	do {                                                                                       \
		if (Z_LOG_ON(level)) {                                                             \
			z_log_hexdump(Z_LOG_NAME, level, data, length, str);                       \
		}                                                                                  \
	} while (false)

#define Z_LOG_RAW(...)    z_log_raw(__VA_ARGS__)
#define Z_LOG_PRINTK(...) z_log_raw(__VA_ARGS__)

#else /* CONFIG_LOG */

#define Z_LOG_REGISTER(...)    BUILD_ASSERT(true)
#define Z_LOG_DECLARE(...)     BUILD_ASSERT(true)
#define Z_LOG_LEVEL_SET(level) BUILD_ASSERT(true)

/* For the compiler's checks only; never called. */
static inline __printf_like(1, 2) void z_log_check(const char *fmt, ...)
{
	(void)fmt;
}

static inline void z_log_check_hexdump(const void *data, size_t length, const char *text)
{
	(void)data;
	(void)length;
	(void)text;
}

#define Z_LOG(level, ...)                                                                          \
	do {                                                                                       \
		if (false) {                                                                       \
			z_log_check(__VA_ARGS__);                                                  \
		}                                                                                  \
	} while (false)

#define Z_LOG_HEXDUMP(level, data, length, str)                                                    \
	do {                                                                                       \
		if (false) {                                                                       \
			z_log_check_hexdump(data, length, str);                                    \
		}                                                                                  \
	} while (false)

#define Z_LOG_RAW(...)    Z_LOG(LOG_LEVEL_NONE, __VA_ARGS__)
#define Z_LOG_PRINTK(...) printk(__VA_ARGS__)

#endif /* CONFIG_LOG */

/* Relaxed: whoever changes the flag logs; it orders nothing. */
#define Z_LOG_ONCE(level, ...)                                                                     \
	do {                                                                                       \
		static uint32_t z_log_done;                                                        \
                                                                                                   \
		if (__atomic_load_n(&z_log_done, __ATOMIC_RELAXED) == 0) {                         \
			__atomic_store_n(&z_log_done, 1, __ATOMIC_RELAXED);                        \
			Z_LOG(level, __VA_ARGS__);                                                 \
		}                                                                                  \
	} while (false)

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_LOGGING_LOG_CORE_H_ */
