/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The processor: takes a record, puts a header before it, sends both on as one packet.
 *
 * Runs on every platform: no threads, no system calls, legal in an ISR.
 */
#ifndef BASIC_PACKET_ROUTING_PROCESSOR_H_
#define BASIC_PACKET_ROUTING_PROCESSOR_H_

#include <zephyr/packet_io/packet_io.h>

/**
 * How many packets can have a header at once. A header goes home before the record behind it, so
 * with as many headers as there are records none is ever missing.
 */
#ifndef PROCESSOR_HEADERS
#define PROCESSOR_HEADERS 64
#endif

/** Records in; immediate, so the processor runs in the sensor's context. */
PACKET_SINK_DECLARE(processor_in);

/** Packets out. */
PACKET_SOURCE_DECLARE(processor_out);

/** @return the pool of the headers. */
struct net_buf_pool *processor_pool(void);

/** @return records that got no header and went no further. Context: any. */
uint32_t processor_failures(void);

#endif /* BASIC_PACKET_ROUTING_PROCESSOR_H_ */
