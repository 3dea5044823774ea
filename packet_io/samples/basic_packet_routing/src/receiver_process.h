/* SPDX-License-Identifier: Apache-2.0 */
/** @file Starting the receiver's process, and its report. */
#ifndef BASIC_PACKET_ROUTING_RECEIVER_PROCESS_H_
#define BASIC_PACKET_ROUTING_RECEIVER_PROCESS_H_

#include <sys/types.h>

#include "connection.h"
#include "receiver.h"

/** The option that makes this program the receiver. */
#define RECEIVER_OPTION "--receiver"

struct receiver {
	pid_t pid;     /**< its process; 0: none */
	int report_fd; /**< where its report comes from */
};

/**
 * Start a process that receives on a free port of the loopback interface, and store where.
 * @return 0 or a negative errno value.
 */
int receiver_start(struct receiver *receiver, struct address *address);

/**
 * Get its report, and see it end.
 * Blocks: up to @p timeout_ms, then the process is killed.
 * @return 0; -ETIMEDOUT; -EPIPE if it ended without a report.
 */
int receiver_finish(struct receiver *receiver, int timeout_ms, struct receiver_report *report);

#endif /* BASIC_PACKET_ROUTING_RECEIVER_PROCESS_H_ */
