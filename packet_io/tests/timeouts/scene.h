/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Four queues with room for one event each, full or not, and a helper thread that does something to
 * them at given milliseconds of the virtual clock: there a wait ends at exactly its deadline.
 */
#ifndef PACKET_IO_TESTS_SCENE_H_
#define PACKET_IO_TESTS_SCENE_H_

#include "packets.h"

#define QUEUES 4

/** Sources to the first of the queues, to all four, and to all four through runtime connections. */
PACKET_SOURCE_DECLARE(to_one);
PACKET_SOURCE_DECLARE(to_four);

extern struct packet_event_queue *const queues[QUEUES];
extern struct packet_sink *const sinks[QUEUES];

/** What the helper does to a queue. */
enum deed {
	PROCESS,        /**< takes one event off */
	PROCESS_IN_ISR, /**< the same in interrupt context */
	SEND,           /**< delivers a packet */
	PURGE,          /**< empties it; the one packet in it goes home by hand */
};

struct step {
	int at; /**< milliseconds after scene_begin() */
	enum deed deed;
	int queue;
};

/** Fill the queues whose letter (a, b, c or d) is in @p full, and let the helper begin. */
void scene_begin(const char *full, const struct step *steps, size_t n);

/** @return milliseconds since scene_begin(); the test fails if it was not a whole number of them. */
int scene_elapsed(void);

/** Wait for the helper, empty the queues. */
void scene_end(void);

/** A step list in place. */
#define STEPS(...)                                                                                 \
	(const struct step[]){__VA_ARGS__},                                                        \
		sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step)
#define NO_STEPS NULL, 0

/** The clock is virtual between these two: the hooks of each suite. */
void scene_before(void *fixture);
void scene_after(void *fixture);

#endif /* PACKET_IO_TESTS_SCENE_H_ */
