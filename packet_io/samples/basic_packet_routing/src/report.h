/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the user sees: progress, errors, the table. Context: the main thread. */
#ifndef BASIC_PACKET_ROUTING_REPORT_H_
#define BASIC_PACKET_ROUTING_REPORT_H_

#include <stdbool.h>
#include <stdint.h>

struct receiver_report;

/** Print an error on standard error, on a line of its own. */
__attribute__((format(printf, 1, 2))) void report_error(const char *format, ...);

/** @return milliseconds between two calls of report_progress(). */
int report_progress_interval(void);

/** Print how far things are after @p elapsed_ms, on standard error. */
void report_progress(int64_t elapsed_ms);

/** End the line of report_progress(). */
void report_progress_end(void);

/**
 * Print a table of all sources, sinks and pools on standard output, and what the receiver reported
 * (NULL: nothing). @return whether it could be written.
 */
bool report_table(const struct receiver_report *received);

/**
 * Print an error for each thing that is not as it must be when all is over.
 * @p received is NULL if the peer was not ours.
 * @return whether every packet arrived and all buffers are home.
 */
bool report_verdict(const struct receiver_report *received);

#endif /* BASIC_PACKET_ROUTING_REPORT_H_ */
