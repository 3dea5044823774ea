/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains and statistics as text, to wherever the caller wants it. */
#ifndef IOB_PRINT_H_
#define IOB_PRINT_H_

#include <nuttx/mm/iob.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Takes one line: @p len characters at @p text, the last one a newline; not terminated. */
typedef void (*iob_print_t)(void *arg, const char *text, size_t len);

/**
 * Print @p msg, a line for the header of each buffer, and @p len bytes of data from @p offset on, 32
 * to a line, in hex and as characters. As much of it as there is. @p msg may be NULL.
 *
 * Context: any that @p print allows.   Cost: some 200 bytes of stack.
 */
void iob_print_chain(iob_print_t print, void *arg, const char *msg, const struct iob_s *iob,
		     unsigned int len, unsigned int offset);

#ifdef CONFIG_IOB_STATS
/**
 * Print what iob_getstats() says, as NuttX's /proc/iobinfo does; then a line for each budget.
 * As iob_print_chain().
 */
void iob_print_stats(iob_print_t print, void *arg);
#endif

#ifdef __cplusplus
}
#endif

#endif /* IOB_PRINT_H_ */
