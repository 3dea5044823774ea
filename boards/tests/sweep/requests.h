/* SPDX-License-Identifier: Apache-2.0 */
/** @file A context for requests: what is there before operations on it, and what can be told of it. */
#ifndef REQUESTS_H_
#define REQUESTS_H_

#include <stdint.h>

/** What is submitted as one. */
enum request_kind {
	REQUEST_NONE,
	REQUEST_NOW,    /* ends when it is submitted */
	REQUEST_SINGLE, /* the device keeps it, and those that follow, until somebody ends it */
	REQUEST_CHAIN,  /* two of those and one that ends at once */
	REQUEST_TRANSACTION, /* of two */
	REQUEST_POOL,        /* ends at once, with a block */
	REQUEST_MULTISHOT,   /* with a block each time */
	REQUEST_AWAIT,
};

/** -1: it does not matter. */
struct request_scene {
	int8_t held;    /**< enum request_kind: what is under way */
	int8_t turns;   /**< requests that have been through it before */
	int8_t answers; /**< completions to be consumed */
	int8_t room;    /**< completions that are left */
	int8_t blocks;  /**< of the pool that are left */
	uint8_t copied; /**< requests that are copied in, not submitted */
	uint8_t taken;  /**< completions, with a block each, that the party has consumed */
};

#define REQUEST_ANY                                                                                \
	{                                                                                          \
		.held = -1, .turns = -1, .answers = -1, .room = -1, .blocks = -1                   \
	}

/** What can be told of it from outside. */
struct request_outcome {
	uint32_t home;
	uint32_t answers;
	uint32_t lost;
	uint32_t blocks;
};

/** @return what both of them want; where they differ, what @p main wants. */
struct request_scene requests_scene(const struct request_scene *main,
				    const struct request_scene *isr);

#endif /* REQUESTS_H_ */
