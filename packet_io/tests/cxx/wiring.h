/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the C file and the C++ file of this program know of each other. */
#ifndef WIRING_H_
#define WIRING_H_

#include <zephyr/packet_io/packet_io.h>

PACKET_SOURCE_DECLARE(c_source);
PACKET_SINK_DECLARE(c_sink);
PACKET_EVENT_QUEUE_DECLARE(c_queue);
PACKET_SOURCE_DECLARE(cxx_source);
PACKET_SINK_DECLARE(cxx_sink);
PACKET_EVENT_QUEUE_DECLARE(cxx_queue);

#ifdef __cplusplus
extern "C" {
#endif

extern int c_handled;

#ifdef __cplusplus
}
#endif

#endif /* WIRING_H_ */
