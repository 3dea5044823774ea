/* SPDX-License-Identifier: Apache-2.0 */
/** @file The command line. */
#ifndef BASIC_PACKET_ROUTING_OPTIONS_H_
#define BASIC_PACKET_ROUTING_OPTIONS_H_

#include <stdbool.h>
#include <stdint.h>

#include "connection.h"

struct options {
	bool receiver; /**< be the receiver instead */
	bool connect;  /**< to @ref address, rather than to a receiver of our own */
	struct address address;
	uint64_t count;      /**< packets; 0: no limit */
	uint64_t millihertz; /**< rate of the faster sensor */
	int64_t duration_ms; /**< -1: no limit */
	int timeout_ms;      /**< how long the peer may do nothing */
	bool quiet;
};

/** Read the command line. Ends the program for --help, and with status 2 for what is wrong. */
void options_parse(int argc, char **argv, struct options *options);

#endif /* BASIC_PACKET_ROUTING_OPTIONS_H_ */
