/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GATEWAY_REPORT_H_
#define GATEWAY_REPORT_H_

#include <stdbool.h>
#include <stdint.h>

/* One line of counters. */
void report_line(uint32_t seconds);

/* Tables of all that has happened. @return whether every frame and buffer is accounted for. */
bool report_end(const char *input_name);

#endif /* GATEWAY_REPORT_H_ */
