/* SPDX-License-Identifier: Apache-2.0 */
/** @file A library that is loaded while the program runs; with LATE_WIRES, it has wires. */
#include "modules.h"

PACKET_SOURCE_DEFINE(late_source);
PACKET_SINK_DEFINE_WITH_DATA(late_sink, module_handler, NULL, "x");

#ifdef LATE_WIRES
PACKET_CONNECT(&late_source, &late_sink);
PACKET_CONNECT(&program_source, &late_sink);
#endif

struct module_objects module_objects(void);

struct module_objects module_objects(void)
{
	return (struct module_objects){&late_source, &late_sink};
}
