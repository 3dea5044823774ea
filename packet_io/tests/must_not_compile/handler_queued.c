/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
void other_handler(struct packet_sink *sink, struct net_buf *buf);
#else
void other_handler(struct net_buf *buf, struct packet_sink *sink);
#endif

PACKET_SINK_DEFINE_QUEUED(third_sink, other_handler, queue);
