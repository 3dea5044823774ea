/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the tests of Packet I/O share: packets, sinks that tell what they got, and a rule that holds
 * for every test of a program that packets.c is linked into: before it all counters are 0 and the
 * trace is empty; after it every buffer of every pool is at home, no runtime connection is left and
 * no delivery is under way.
 */
#ifndef PACKET_IO_TESTS_PACKETS_H_
#define PACKET_IO_TESTS_PACKETS_H_

#include <errno.h>

#include <zephyr/ztest.h>
#include <zephyr/packet_io/packet_io.h>

#include "older_zephyr.h"

/* Most references that a buffer counts; elsewhere the count has 8 bits and one is kept in reserve. */
#ifdef NET_BUF_REF_MAX
#define PACKET_REFS_MAX NET_BUF_REF_MAX
#else
#define PACKET_REFS_MAX 254
#endif

/** Packets that packet_new() can have out at once, and bytes in each. */
#define PACKETS_MAX 8
#define PACKET_SIZE 64

/** @return a new packet, holding the one byte @p content; the test fails if there is none. */
struct net_buf *packet_new(uint8_t content);

/** @return a pointer to what was a packet and is at home now. */
struct net_buf *packet_at_home(void);

/** Take a reference; the test fails if it cannot. */
void packet_keep(struct net_buf *buf);

/** @return whether all buffers of all pools of this program are at home. */
bool packets_all_home(void);

/* ---- the trace: what handlers were called, in order ------------------------------------------ */

/** Add @p mark to the trace; the test fails if there are too many. Context: one thread at a time. */
void trace_add(char mark);

/** @return the marks since trace_clear() or the start of the test. */
const char *trace(void);

void trace_clear(void);

/** A handler: adds the character that sink->user_data points to. */
void trace_handler(struct packet_sink *sink, struct net_buf *buf);

/** A handler: adds that, and the first byte of the packet. */
void trace_packet_handler(struct packet_sink *sink, struct net_buf *buf);

/** A handler: adds that, and the packet's references as a digit. */
void trace_refs_handler(struct packet_sink *sink, struct net_buf *buf);

/** A handler that breaks the rule: adds 'X' and releases the reference it borrowed. */
void trace_release_handler(struct packet_sink *sink, struct net_buf *buf);

/* ---- queues ----------------------------------------------------------------------------------- */

/** Process all events that are there; each must be handled without an error. @return how many. */
int queue_drain(struct packet_event_queue *queue);

/* ---- statistics: true where there are none ---------------------------------------------------- */

bool source_counts_are(struct packet_source *src, uint32_t sent, uint32_t delivered);
bool sink_counts_are(struct packet_sink *sink, uint32_t handled, uint32_t dropped);
bool queue_count_is(struct packet_event_queue *queue, uint32_t processed);

#endif /* PACKET_IO_TESTS_PACKETS_H_ */
