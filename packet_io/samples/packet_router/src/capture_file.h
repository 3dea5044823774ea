/* SPDX-License-Identifier: Apache-2.0 */
/** @file Writing a capture file, from the buffers of the frames straight to the system. */
#ifndef PACKET_ROUTER_CAPTURE_FILE_H_
#define PACKET_ROUTER_CAPTURE_FILE_H_

#include <sys/types.h>

#include <pcap/pcap.h>

#include <zephyr/net_buf.h>

/** A capture file that is being written. */
struct capture_file {
	const char *path; /**< the caller's */
	int fd;
	off_t size;      /**< bytes of whole records and the head of the file */
	uint64_t frames; /**< records */
	uint64_t bytes;  /**< of frames in them */
	int error;       /**< 0, or errno of what went wrong first; nothing is written after it */
};

/**
 * Make, or empty, the file @p path for frames of the kind @p pcap captures.
 * @return whether it worked; errors are reported.
 */
bool capture_file_open(struct capture_file *file, const char *path, pcap_t *pcap);

/**
 * Append @p frame. After an error, as when the disk is full, the file ends with the last record
 * that is whole, and stays so.
 * Ownership: borrows @p frame.   @return 0 or errno.
 */
int capture_file_write(struct capture_file *file, const struct net_buf *frame);

/** Close the file. @return 0, or errno of this or an earlier call. */
int capture_file_close(struct capture_file *file);

#endif /* PACKET_ROUTER_CAPTURE_FILE_H_ */
