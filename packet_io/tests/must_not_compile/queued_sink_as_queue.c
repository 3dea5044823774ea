/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
PACKET_SINK_DEFINE_QUEUED(third_sink, handler, queue);
#else
PACKET_SINK_DEFINE_QUEUED(third_sink, handler, sink);
#endif
