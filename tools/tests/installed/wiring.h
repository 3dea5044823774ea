/* SPDX-License-Identifier: Apache-2.0 */
/** @file One source, and sinks in every kind of file that a program is made of. */
#ifndef WIRING_H_
#define WIRING_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

PACKET_SOURCE_DECLARE(readings);

/** Counts a packet that arrived. */
void arrived(struct packet_sink *sink, struct net_buf *buf);

#ifdef __cplusplus
}
#endif

#endif /* WIRING_H_ */
