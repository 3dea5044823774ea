/* SPDX-License-Identifier: Apache-2.0 */
/** @file Where frames come from: an interface or a capture file, through libpcap. */
#ifndef PACKET_ROUTER_CAPTURE_H_
#define PACKET_ROUTER_CAPTURE_H_

#include <pcap/pcap.h>

#include <zephyr/packet_io/packet_io.h>

#include "classify.h"

/** Frames out. */
PACKET_SOURCE_DECLARE(capture_out);

/** What to capture. */
struct capture_plan {
	const char *interface; /**< NULL: read @ref file */
	const char *file;
	const char *filter; /**< in libpcap's language; NULL: everything */
	int count;          /**< frames; 0: no limit */
};

/** What came of it. */
struct capture_counts {
	uint64_t frames;           /**< that libpcap handed over */
	uint64_t bytes;            /**< of them, as captured */
	uint64_t no_buffer;        /**< of them, dropped because the pool was empty */
	bool has_kernel;           /**< whether the system keeps the following two */
	unsigned int by_kernel;    /**< dropped before libpcap saw them */
	unsigned int by_interface; /**< dropped by the interface or its driver */
};

/**
 * Open the interface or file. Errors are reported, a warning too.
 * @return 0; 1: it failed; 2: the filter is wrong.
 */
int capture_open(const struct capture_plan *plan);

/** @return libpcap's handle, for writing files of the same kind. */
pcap_t *capture_handle(void);

/** @return how the frames begin. */
enum link_type capture_link_type(void);

/**
 * How long anything that a frame goes through may wait: a file does, an interface does not.
 */
k_timeout_t capture_patience(void);

/**
 * Copy frames into buffers and send them, until the end of the file, the limit, or capture_stop().
 * @return whether all went well; errors are reported.
 */
bool capture_run(void);

/**
 * End capture_run(), or the next one. A read from a pipe ends only if it was a signal handler of the
 * main thread that called this.   Context: any thread, any signal handler.
 */
void capture_stop(void);

/** Read the counters, after capture_run(). */
void capture_counts(struct capture_counts *counts);

/** Give libpcap's resources back. */
void capture_close(void);

/** @return the pool of the frames. */
struct net_buf_pool *capture_pool(void);

#endif /* PACKET_ROUTER_CAPTURE_H_ */
