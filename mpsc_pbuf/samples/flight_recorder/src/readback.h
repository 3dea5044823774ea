/* SPDX-License-Identifier: Apache-2.0 */
/** @file What earlier runs have left in the files. */
#ifndef READBACK_H_
#define READBACK_H_

#include <stdbool.h>
#include <stdint.h>

#include "files.h"

struct readback {
	uint64_t records;     /**< whole ones */
	uint64_t lost;        /**< overwritten in the ring, as the records say */
	uint32_t runs;        /**< of which there are records */
	uint32_t last_run;    /**< the highest number of one */
	uint32_t torn;        /**< files that end in a torn record */
	uint64_t torn_bytes;  /**< of those */
	uint32_t damaged;     /**< places where something else is */
	uint64_t other_bytes; /**< there */
};

/**
 * Read all files of @p list, and print a line for each record if @p verbose.
 * @return false, with a message, if one could not be read.
 */
bool readback(const char *dir, const struct file_list *list, bool verbose, struct readback *found);

/** Print what was found. */
void readback_print(const struct readback *found, const struct file_list *list);

#endif /* READBACK_H_ */
