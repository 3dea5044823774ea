/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The object file that the linker puts into each program and shared library that uses Packet I/O:
 * it brings that module's wires, sources and sinks to the others (see kernel/src/module.c).
 */
#include "internal.h"

#ifdef CONFIG_PORT_BARE

/* One program, and only who wants to look at all sources and sinks needs the lists of them. */

TYPE_SECTION_REQUIRE(struct packet_source *const, packet_source);
TYPE_SECTION_REQUIRE(struct packet_sink *const, packet_sink);

static const struct packet_io_module module = {
	.sources_start = TYPE_SECTION_START(packet_source),
	.sources_stop = TYPE_SECTION_END(packet_source),
	.sinks_start = TYPE_SECTION_START(packet_sink),
	.sinks_stop = TYPE_SECTION_END(packet_sink),
};

const struct packet_io_module *packet_io_modules(void)
{
	return &module;
}

#else

TYPE_SECTION_START_EXTERN(struct packet_source *const, packet_source);
TYPE_SECTION_END_EXTERN(struct packet_source *const, packet_source);
TYPE_SECTION_START_EXTERN(struct packet_sink *const, packet_sink);
TYPE_SECTION_END_EXTERN(struct packet_sink *const, packet_sink);
TYPE_SECTION_START_EXTERN(const struct packet_wire, packet_wire);
TYPE_SECTION_END_EXTERN(const struct packet_wire, packet_wire);

struct packet_io_module Z_PACKET_IO_MODULE = {
	.wires_start = TYPE_SECTION_START(packet_wire),
	.wires_stop = TYPE_SECTION_END(packet_wire),
	.sources_start = TYPE_SECTION_START(packet_source),
	.sources_stop = TYPE_SECTION_END(packet_source),
	.sinks_start = TYPE_SECTION_START(packet_sink),
	.sinks_stop = TYPE_SECTION_END(packet_sink),
};

__attribute__((constructor(102))) static void module_register(void)
{
	packet_io_register(&Z_PACKET_IO_MODULE);
}

#endif /* CONFIG_PORT_BARE */
