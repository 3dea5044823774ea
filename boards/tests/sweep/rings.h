/* SPDX-License-Identifier: Apache-2.0 */
/** @file A packet buffer: what is there before operations on it, and what can be told of it. */
#ifndef RINGS_H_
#define RINGS_H_

#include <stdint.h>

enum ring_mode {
	REFUSES,    /* when it is full */
	OVERWRITES, /* the oldest */
	COUNTS,     /* refuses; what is in use is counted, and somebody told when it is much */
};

/** From the oldest on: packets claimed, ready, allocated. -1: it does not matter. */
struct ring_scene {
	int8_t mode;       /**< enum ring_mode */
	int8_t turns;      /**< words that have gone through it before */
	int8_t ready;      /**< packets to be claimed, of 2 words */
	int8_t room;       /**< words that are left */
	uint8_t claimed;   /**< packets that the party has claimed */
	uint8_t allocated; /**< packets that the party has not committed */
};

#define RING_ANY {.mode = -1, .turns = -1, .ready = -1, .room = -1}

/** What can be told of it from outside. */
struct ring_outcome {
	uint32_t used;
	uint32_t ready;
	uint32_t dropped;
};

/** @return what both of them want; where they differ, what @p main wants. */
struct ring_scene rings_scene(const struct ring_scene *main, const struct ring_scene *isr);

#endif /* RINGS_H_ */
