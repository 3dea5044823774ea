/* SPDX-License-Identifier: Apache-2.0 */
/** @file The other file of order.c: its own sinks and its own wires, of sources that are there. */
#include "order.h"
#include "packets.h"

PACKET_EVENT_QUEUE_DEFINE(elsewhere_events, 2);

PACKET_SINK_DEFINE_WITH_DATA(elsewhere_z, trace_handler, NULL, "z");
PACKET_SINK_DEFINE_WITH_DATA(elsewhere_y, trace_handler, NULL, "y");
PACKET_SINK_DEFINE_WITH_DATA(elsewhere_x, trace_handler, NULL, "x");

PACKET_CONNECT(&ordered, &elsewhere_x);
PACKET_CONNECT(&wired_elsewhere, &elsewhere_z);
PACKET_CONNECT(&ordered, &elsewhere_y);
PACKET_CONNECT(&wired_elsewhere, &elsewhere_x);
PACKET_CONNECT(&ordered, &elsewhere_z);
