/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the operations on packets, messages and connections work on, and the books about it: who holds
 * what, and what was done. At any moment without an operation under way they must agree with the
 * objects themselves.
 */
#ifndef WORLD_H_
#define WORLD_H_

#include <zephyr/kernel.h>
#include <zephyr/net_buf.h>
#include <zephyr/packet_io/packet_io.h>

#include "chains.h"
#include "requests.h"
#include "rings.h"

#define BUFFERS 6 /* of the pool */
#define ROOM    4 /* of each queue */

/** Who does something. Each has an account that nobody else writes, so it needs no lock. */
enum party {
	SCENE, /* what was there before */
	MAIN,
	ISR,
	PARTIES,
};

enum source {
	TO_IMMEDIATE, /* two wired immediate sinks */
	TO_QUEUED,    /* two wired queued sinks */
	TO_ALL,       /* one of each wired, and up to three connections */
	SOURCES,
};

enum sink {
	IMMEDIATE_1,
	IMMEDIATE_2,
	QUEUED_1,
	QUEUED_2,
	IMMEDIATE_3,
	QUEUED_3,
	RUNTIME_A,
	RUNTIME_B,
	RUNTIME_C,
	STRAY, /* where a connection leads that must not be followed any more */
	SINKS,
};

/** Queues of plain messages: as long as an event, and longer. */
enum messages {
	SHORT,
	LONG,
	QUEUES,
};

/** The connections of TO_ALL, to the runtime sinks. Operations add and remove the middle one. */
enum connection {
	A,
	B,
	C,
	CONNECTIONS,
};

/** What one party has done and holds. */
struct account {
	uint32_t refs;                /**< references to the shared packet */
	uint32_t keep;                /**< how many of them it does not give up */
	struct net_buf *own[BUFFERS]; /**< buffers it has allocated */
	uint32_t owned;               /**< how many of them */
	uint32_t next[QUEUES];        /**< messages it has put at the end */
	uint32_t fronts[QUEUES];      /**< messages it has put at the front */
	uint32_t put[QUEUES];         /**< messages it has put */
	uint32_t put_sum[QUEUES];     /**< and their numbers added up */
	uint32_t got[QUEUES];
	uint32_t got_sum[QUEUES];
	uint32_t purged;         /**< times it has emptied SHORT */
	uint32_t sent[SOURCES];  /**< packets it has sent */
	uint32_t took[SOURCES];  /**< deliveries of them */
	uint32_t queued[SINKS];  /**< packets it has put into a sink's queue without a source */
	uint32_t handled[SINKS]; /**< times a handler ran in its context */
	uint32_t processed;      /**< events it has taken off the queue */
	uint32_t added;          /**< times it has connected B */
	uint32_t removed;
	uint32_t wrong; /**< results that cannot be */
	int result;     /**< of its last operation */
	bool poison;    /**< whether it makes use of the memory of a connection it has removed */
};

/** What is there before an operation, of each world. -1: it does not matter. */
struct scene {
	uint8_t refs;     /**< references to the shared packet that the operation needs */
	int8_t pool;      /**< enum pool_state */
	int8_t messages;  /**< in each queue of messages */
	int8_t events;    /**< in the queue of events, all with the shared packet */
	int8_t turns;     /**< messages and events that have been through the queues before */
	int8_t connected; /**< connections of TO_ALL: BIT(A) and so on */
	struct ring_scene ring;
	struct chain_scene chain;
	struct request_scene request;
};

enum pool_state {
	POOL_USED,  /* all buffers have been used before */
	POOL_FRESH, /* none has */
	POOL_EMPTY, /* somebody has them all */
};

/** What can be told of the world from outside: the same as after one of the two orders. */
struct outcome {
	int results[2];
	uint32_t messages[QUEUES];
	uint32_t events;
	uint32_t refs; /* of the shared packet, which is the first buffer */
	uint32_t home;
	uint32_t connected;
	struct ring_outcome ring;
	struct chain_outcome chain;
	struct request_outcome request;
};

extern struct account accounts[PARTIES];
extern struct net_buf_pool *const packets;
extern struct net_buf *shared;
extern struct packet_source *const sources[SOURCES];
extern struct packet_sink *const sinks[SINKS];
extern struct k_msgq *const queues[QUEUES];
extern struct packet_event_queue events;
extern struct packet_connection connections[CONNECTIONS];

/** @return what @p main wants; if that does not matter to it, what @p isr wants, or @p otherwise. */
static inline int8_t choose(int8_t main, int8_t isr, int8_t otherwise)
{
	return main >= 0 ? main : isr >= 0 ? isr : otherwise;
}

/* These do for their world what worlds.h says. */
void world_init(void);
void world_prepare(const struct scene *scene, const struct scene *main, const struct scene *isr);
bool world_settle(void);
void world_outcome(struct outcome *outcome);

#endif /* WORLD_H_ */
