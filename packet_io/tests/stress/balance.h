/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Packets that can be checked, in a pool of their own, and handlers that count on their own what the
 * library counts, so that both can be compared when all is quiet.
 */
#ifndef PACKET_IO_TESTS_BALANCE_H_
#define PACKET_IO_TESTS_BALANCE_H_

#include "crew.h"

/** What a sink has handled; its user data. */
struct tally {
	atomic_t handled;
};

/** Packets that were not what they should be, seen by any handler; 0 before each test. */
extern atomic_t balance_damaged;

/** @return a packet with a number of its own, NULL if the pool is empty. Context: any. */
struct net_buf *balance_packet(void);

/** A handler: checks the packet and counts it in the sink's tally. Context: any. */
void balance_handler(struct packet_sink *sink, struct net_buf *buf);

/** What a sender did. */
struct sender_tally {
	atomic_t packets;    /**< sent */
	atomic_t deliveries; /**< sum of the results */
};

/** Send a new packet to @p src in a way that @p random chooses; counts in @p tally. */
void balance_send(struct packet_source *src, struct sender_tally *tally, uint32_t random,
		  k_timeout_t timeout);

/** As balance_send(), for one ISR on the interrupt thread. */
struct isr_sender {
	struct port_irq irq;
	struct packet_source *src;
	struct sender_tally *tally;
};

/** Make @p sender send to @p src each time it is raised. */
void isr_sender_init(struct isr_sender *sender, struct packet_source *src,
		     struct sender_tally *tally);

/** Crew work: raise the isr_sender in arg, at irregular times. */
void raise_work(struct crew_member *me);

/** Crew work: process what is in the queue in arg. */
void process_work(struct crew_member *me);
void process_batch_work(struct crew_member *me);

/** Wait until the interrupt thread has run all that was raised, then empty @p queue. */
void balance_settle(struct packet_event_queue *queue);

/** @return what @p sink has counted; its tally must agree. */
uint32_t balance_handled(struct packet_sink *sink);
uint32_t balance_dropped(struct packet_sink *sink);

#endif /* PACKET_IO_TESTS_BALANCE_H_ */
