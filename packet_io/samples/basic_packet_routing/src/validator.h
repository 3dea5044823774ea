/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The validator: looks at every packet that the processor sends, as it is sent.
 *
 * Runs on every platform: no threads, no system calls, legal in an ISR. The records of one sensor
 * must come from one context at a time.
 */
#ifndef BASIC_PACKET_ROUTING_VALIDATOR_H_
#define BASIC_PACKET_ROUTING_VALIDATOR_H_

#include <zephyr/packet_io/packet_io.h>

/** Packets in; immediate. */
PACKET_SINK_DECLARE(validator_in);

/** @return packets of @p sensor that were good so far. Context: any. */
uint32_t validator_good(uint8_t sensor);

/** @return packets with a bad header, an unknown sensor or a wrong number so far. Context: any. */
uint32_t validator_bad(void);

#endif /* BASIC_PACKET_ROUTING_VALIDATOR_H_ */
