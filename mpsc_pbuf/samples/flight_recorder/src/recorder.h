/* SPDX-License-Identifier: Apache-2.0 */
/** @file The consumer: from the ring into files. */
#ifndef RECORDER_H_
#define RECORDER_H_

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "options.h"

struct recorder {
	const struct options *options;
	struct file_writer writer;
	uint32_t run;
	uint64_t committed; /**< records in files */
};

/**
 * Write what is in the ring, waiting up to 50 ms for something. A record is in the file when this
 * returns: whatever happens to this program, it will be read back.
 * @return how many records, -1 if they could not be written.
 */
int recorder_step(struct recorder *recorder);

/** @return records that were overwritten, or found no room. */
uint32_t recorder_lost(void);

#endif /* RECORDER_H_ */
