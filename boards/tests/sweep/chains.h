/* SPDX-License-Identifier: Apache-2.0 */
/** @file I/O buffers: what is there before operations on them, and what can be told of them. */
#ifndef CHAINS_H_
#define CHAINS_H_

#include <stdint.h>

/** -1: it does not matter. */
struct chain_scene {
	int8_t level;     /**< buffers at home that anybody may have */
	int8_t queued;    /**< chains in the queue */
	int8_t others;    /**< chains in the other queue */
	int8_t armed;     /**< who wait to be told that buffers have come home */
	uint8_t chains;   /**< chains of three buffers that the party has */
	uint8_t singles;  /**< empty buffers that the party has */
	uint8_t budgeted; /**< buffers that the party has of a budget */
	uint8_t external; /**< chains of two with a buffer in between that is not the pool's; 0 or 1 */
};

#define CHAIN_ANY {.level = -1, .queued = -1, .others = -1, .armed = -1}

/** What can be told of them from outside. */
struct chain_outcome {
	uint32_t home;
	uint32_t queued;
	uint32_t bytes;
	uint32_t others;
};

/** @return what both of them want; where they differ, what @p main wants. */
struct chain_scene chains_scene(const struct chain_scene *main, const struct chain_scene *isr);

#endif /* CHAINS_H_ */
