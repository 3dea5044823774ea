/* SPDX-License-Identifier: Apache-2.0 */
/** @file The receiver: checks every byte of a stream of packets, in a process of its own. */
#ifndef BASIC_PACKET_ROUTING_RECEIVER_H_
#define BASIC_PACKET_ROUTING_RECEIVER_H_

#include <stdint.h>

#include "packet.h"

/** What the receiver reports when the stream has ended, or at the first fault. */
struct receiver_report {
	uint32_t packets[SENSOR_COUNT]; /**< good ones, by sensor */
	uint64_t bytes;                 /**< of good packets */
	char fault[128];                /**< what was wrong; empty: nothing */
};

/**
 * All that this process does when it is the receiver: accept one connection on the listening socket
 * that is its standard input, check what comes, write the report to its standard output. Ends when
 * nobody is left to read the report.
 * @return the exit status: 0 if all was good and reported.
 */
int receiver_main(void);

#endif /* BASIC_PACKET_ROUTING_RECEIVER_H_ */
