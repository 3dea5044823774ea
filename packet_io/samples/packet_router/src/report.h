/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the user sees. */
#ifndef PACKET_ROUTER_REPORT_H_
#define PACKET_ROUTER_REPORT_H_

#include <stdbool.h>

/** Print an error on standard error. */
__attribute__((format(printf, 1, 2))) void report_error(const char *format, ...);

/** Print tables of sources, sinks, files and the pool on standard output. @return if it could be. */
bool report_table(void);

/**
 * Look whether what was captured was either routed or counted as dropped, and all buffers are home.
 * @return whether it is so; errors are reported.
 */
bool report_balance(void);

#endif /* PACKET_ROUTER_REPORT_H_ */
