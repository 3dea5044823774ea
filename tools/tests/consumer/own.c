/* SPDX-License-Identifier: Apache-2.0 */

/* A shared library of the user's, with a sink of its own. */

#include <zephyr/packet_io/packet_io.h>

PACKET_SOURCE_DECLARE(source);

void handler(struct packet_sink *sink, struct net_buf *buf);

PACKET_SINK_DEFINE_IMMEDIATE(own_sink, handler);
PACKET_CONNECT(&source, &own_sink);
