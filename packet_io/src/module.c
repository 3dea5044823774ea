/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a program, or on Linux a shared library, defines at file scope. There the linker puts this
 * object file into each that uses Packet I/O, and it brings that module's wires, sources and sinks
 * to the others (see kernel/src/module.c). Elsewhere there is one program, and only who wants to
 * look at all sources and sinks needs this file.
 */
#include "internal.h"

TYPE_SECTION_REQUIRE(struct packet_source *const, packet_source);
TYPE_SECTION_REQUIRE(struct packet_sink *const, packet_sink);

#ifdef CONFIG_PORT_POSIX

TYPE_SECTION_REQUIRE(const struct packet_wire, packet_wire);

struct packet_io_module Z_PACKET_IO_MODULE = {
	.wires_start = TYPE_SECTION_START(packet_wire),
	.wires_stop = TYPE_SECTION_END(packet_wire),
	.sources_start = TYPE_SECTION_START(packet_source),
	.sources_stop = TYPE_SECTION_END(packet_source),
	.sinks_start = TYPE_SECTION_START(packet_sink),
	.sinks_stop = TYPE_SECTION_END(packet_sink),
};

__attribute__((constructor(102))) static void packet_io_module_register(void)
{
	packet_io_register(&Z_PACKET_IO_MODULE);
}

#else

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

#endif /* CONFIG_PORT_POSIX */
