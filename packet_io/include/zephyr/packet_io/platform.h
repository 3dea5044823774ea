/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What Packet I/O's public header needs of the system it is part of: the buffers, the sections that
 * wiring lies in, and, where the kernel is this library's, the object that brings a module's wiring
 * to the wiring of the process.
 */
#ifndef ZEPHYR_PACKET_IO_PLATFORM_H_
#define ZEPHYR_PACKET_IO_PLATFORM_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#if __has_include(<zephyr/net_buf.h>)
#include <zephyr/net_buf.h>
#else /* Zephyr before 4.0 */
#include <zephyr/net/buf.h>
#endif

#if __has_include(<zephyr/sys/iterable_sections.h>)
#include <zephyr/sys/iterable_sections.h>
#endif

#ifdef __ZEPHYR__

/* Zephyr before 3.4 has sections of structures, named alike, but none of other types. */
#ifndef TYPE_SECTION_ITERABLE
#define TYPE_SECTION_ITERABLE(type, varname, secname, section_postfix)                             \
	Z_DECL_ALIGN(type) varname __in_section(_##secname, static, section_postfix) __used
#define TYPE_SECTION_START(secname)              _CONCAT(_##secname, _list_start)
#define TYPE_SECTION_END(secname)                _CONCAT(_##secname, _list_end)
#define TYPE_SECTION_START_EXTERN(type, secname) extern type TYPE_SECTION_START(secname)[]
#define TYPE_SECTION_END_EXTERN(type, secname)   extern type TYPE_SECTION_END(secname)[]
#endif

#define TYPE_SECTION_REQUIRE(type, secname)                                                        \
	TYPE_SECTION_START_EXTERN(type, secname);                                                  \
	TYPE_SECTION_END_EXTERN(type, secname)

/* A wire's share of the array of wired sinks: a pointer in RAM that is not initialised. */
#define Z_PACKET_SLOT                                                                              \
	static TYPE_SECTION_ITERABLE(struct packet_sink *, UTIL_CAT(z_packet_slot_, __COUNTER__),  \
				     packet_slot, slot)

/* Against a compiler that sorts definitions. Our linker fragment, unlike Zephyr's, does not sort. */
#ifdef __clang__
#define Z_PACKET_IN_ORDER
#else
#define Z_PACKET_IN_ORDER __attribute__((no_reorder))
#endif

#else

/* Nothing: all objects in sections keep their order. */
#define Z_PACKET_IN_ORDER

/* As in <zephyr/kernel/module.h>, the name tells the options that change structures. */
#define Z_PACKET_IO_MODULE_NAME(stats, names, runtime)                                             \
	packet_io_built_with_STATS_##stats##_NAMES_##names##_RUNTIME_OBSERVERS_##runtime
#define Z_PACKET_IO_MODULE_EXPAND(...) Z_PACKET_IO_MODULE_NAME(__VA_ARGS__)
#define Z_PACKET_IO_MODULE                                                                         \
	Z_PACKET_IO_MODULE_EXPAND(IS_ENABLED(CONFIG_PACKET_IO_STATS),                              \
				  IS_ENABLED(CONFIG_PACKET_IO_NAMES),                              \
				  IS_ENABLED(CONFIG_PACKET_IO_RUNTIME_OBSERVERS))

#ifdef CONFIG_PORT_BARE

/* The symbol has no memory; the object file that defines it does the wiring. */
Z_LINKER_REQUIRE(STRINGIFY(Z_PACKET_IO_MODULE));

/*
 * What a wire needs in RAM: a pointer, beside those of all other wires. Written at start-up, so it
 * does not matter what it is initialised with.
 */
#define Z_PACKET_SLOT                                                                              \
	__asm__(".pushsection z_packet_slots,\"aw\",%progbits\n\t"                                 \
		".balign 4\n\t.zero 4\n\t"                                                         \
		".popsection")

#else

/* Nothing: start-up finds room for the array of wired sinks. */
#define Z_PACKET_SLOT BUILD_ASSERT(true)

#ifdef __cplusplus
extern "C" {
#endif

struct packet_io_module;

extern struct packet_io_module Z_PACKET_IO_MODULE __attribute__((visibility("hidden")));

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static struct packet_io_module *const z_packet_io_module __attribute__((used)) __retain =
	&Z_PACKET_IO_MODULE;

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_PORT_BARE */

#endif /* __ZEPHYR__ */

#endif /* ZEPHYR_PACKET_IO_PLATFORM_H_ */
