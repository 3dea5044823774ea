/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
void other_handler(struct packet_sink *sink, struct net_buf *buf);
#else
void other_handler(struct packet_sink *sink, struct net_buf *buf, void *data);
#endif

PACKET_SINK_DEFINE_WITH_DATA(third_sink, other_handler, &queue_msgq, NULL);
