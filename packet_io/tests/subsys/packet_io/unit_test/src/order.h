/* SPDX-License-Identifier: Apache-2.0 */
/** @file Wiring that is spread over two files. */
#ifndef PACKET_IO_TESTS_ORDER_H_
#define PACKET_IO_TESTS_ORDER_H_

#include <zephyr/packet_io/packet_io.h>

/* Of order.c; wired in both files. */
PACKET_SOURCE_DECLARE(ordered);
PACKET_SOURCE_DECLARE(wired_elsewhere);

/* Of order_elsewhere.c. */
PACKET_SINK_DECLARE(elsewhere_x);
PACKET_SINK_DECLARE(elsewhere_y);
PACKET_SINK_DECLARE(elsewhere_z);
PACKET_EVENT_QUEUE_DECLARE(elsewhere_events);

#endif /* PACKET_IO_TESTS_ORDER_H_ */
