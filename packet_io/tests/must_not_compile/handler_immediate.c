/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
void other_handler(struct packet_sink *sink, struct net_buf *buf);
#else
int other_handler(struct packet_sink *sink, struct net_buf *buf);
#endif

PACKET_SINK_DEFINE_IMMEDIATE(third_sink, other_handler);
