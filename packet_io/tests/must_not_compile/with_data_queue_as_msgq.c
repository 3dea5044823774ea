/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
PACKET_SINK_DEFINE_WITH_DATA(third_sink, handler, &queue_msgq, NULL);
#else
PACKET_SINK_DEFINE_WITH_DATA(third_sink, handler, &queue, NULL);
#endif
