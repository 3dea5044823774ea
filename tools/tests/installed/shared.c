/* SPDX-License-Identifier: Apache-2.0 */
#include "wiring.h"

PACKET_SINK_DEFINE_IMMEDIATE(shared_sink, arrived);
PACKET_CONNECT(&readings, &shared_sink);
