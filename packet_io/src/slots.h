/* SPDX-License-Identifier: Apache-2.0 */
/** @file Where the array of wired sinks comes from. */
#ifndef PACKET_IO_SLOTS_H_
#define PACKET_IO_SLOTS_H_

#include <stddef.h>

struct packet_sink;

/** @return room for @p total pointers, for good. Called once, at start-up. */
struct packet_sink **packet_io_slots(size_t total);

#endif /* PACKET_IO_SLOTS_H_ */
