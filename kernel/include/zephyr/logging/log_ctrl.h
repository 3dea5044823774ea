/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Control of the log: levels of modules at run time (with CONFIG_LOG_RUNTIME_FILTERING), and the
 * calls of a deferred log, which have nothing to do in one that writes every line at once.
 *
 * There is one domain, 0, and one place the log goes to. A source is a registered module; its id is
 * its number in the order of the link.
 *
 * Context: any.   Blocks: never.   Cost: constant, unless it says otherwise.
 */

#ifndef ZEPHYR_LOGGING_LOG_CTRL_H_
#define ZEPHYR_LOGGING_LOG_CTRL_H_

#include <zephyr/logging/log_core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Stands for the place the log goes to; NULL is the only one. */
struct log_backend;

/** Nothing: the log needs no start. */
static inline void log_init(void)
{
}

/** Nothing: every line is written at once. */
static inline void log_panic(void)
{
}

/** Nothing: no line is waiting. */
static inline void log_flush(void)
{
}

/** @return false: no line is waiting. */
static inline bool log_process(void)
{
	return false;
}

#define LOG_INIT()    log_init()
#define LOG_PANIC()   log_panic()
#define LOG_PROCESS() log_process()

#if defined(CONFIG_LOG) && defined(CONFIG_LOG_RUNTIME_FILTERING)

/** @return how many sources there are. */
uint32_t log_src_cnt_get(uint32_t domain_id);

/** @return the name of a source, NULL if there is none of that id. */
const char *log_source_name_get(uint32_t domain_id, uint32_t source_id);

/** @return the id of the source called @p name, -1 if there is none. Cost: a step per source. */
int log_source_id_get(const char *name);

/**
 * Set what a source may log from now on; every source with a negative @p source_id. What was not
 * compiled in stays out.
 *
 * Context: any.   @return the level set: @p level, or LOG_LEVEL_DBG if that is beyond it;
 * LOG_LEVEL_NONE, and nothing changed, if there is no such source.
 */
uint32_t log_filter_set(const struct log_backend *backend, uint32_t domain_id, int16_t source_id,
			uint32_t level);

/** @return what a source may log now; LOG_LEVEL_NONE if there is no such source. */
uint32_t log_filter_get(const struct log_backend *backend, uint32_t domain_id, int16_t source_id,
			bool runtime);

#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_LOGGING_LOG_CTRL_H_ */
