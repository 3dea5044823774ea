/* SPDX-License-Identifier: Apache-2.0 */
/** @file The command line. */
#ifndef OPTIONS_H_
#define OPTIONS_H_

#include <stdbool.h>
#include <stdint.h>

#define EXIT_USAGE 2

struct options {
	const char *dir;
	bool read;           /**< read back only */
	bool verbose;        /**< a line for each record */
	bool sync;           /**< fsync() after each batch */
	uint32_t seconds;    /**< 0: until a signal */
	uint32_t threads;    /**< that make records */
	uint32_t ring_bytes; /**< of the ring */
	uint32_t file_bytes; /**< of one file, at most */
	uint32_t files;      /**< kept */
	uint32_t wait_ms;    /**< of the consumer, between batches */
	uint32_t per_thread; /**< records a thread makes, then it ends; 0: no end */
};

/** Parse the command line; ends the program if it is wrong, or asks for help. */
void options_parse(struct options *options, int argc, char *argv[]);

#endif /* OPTIONS_H_ */
