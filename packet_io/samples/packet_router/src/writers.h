/* SPDX-License-Identifier: Apache-2.0 */
/** @file Three sinks, each with a queue, a thread and a capture file of its own. */
#ifndef PACKET_ROUTER_WRITERS_H_
#define PACKET_ROUTER_WRITERS_H_

#include <pcap/pcap.h>

#include <zephyr/packet_io/packet_io.h>

#include "capture_file.h"

/** Frames in; queued. */
PACKET_SINK_DECLARE(tcp_file);
PACKET_SINK_DECLARE(udp_file);
PACKET_SINK_DECLARE(other_file);

#define WRITER_COUNT 3

/**
 * Make the files tcp.pcap, udp.pcap and other.pcap in @p dir, which is made if it is not there.
 * Refuses to overwrite @p source, the file that is being read (NULL: none).
 * @return whether it worked; errors are reported.
 */
bool writers_open(const char *dir, const char *source, pcap_t *pcap);

/**
 * Start their threads; @p failed is called, in one of them, when a file cannot be written any more.
 * @return 0, -EAGAIN if the system has no room for a thread.
 */
int writers_start(void (*failed)(void));

/** Write what is queued, end the threads, close the files. @return whether all was written. */
bool writers_stop(void);

/** @return file number @p i, for its counters. */
const struct capture_file *writers_file(int i);

#endif /* PACKET_ROUTER_WRITERS_H_ */
