/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Iterable sections: objects of one type, defined in any file, that lie side by side in memory.
 *
 * Each type has a linker section of its own, named `z_area_<type>`. On Linux no linker script is
 * needed: the linker defines `__start_<section>` and `__stop_<section>` where the name is a C
 * identifier. The objects of the module (program or shared library) in which the loop stands are
 * visited, in the order of the link; within a file, in the order of their definitions.
 *
 * On a microcontroller the same holds for constants, which come to lie in flash. What is to be
 * written needs a place in the linker script, or the start-up code does not initialise it.
 */
#ifndef ZEPHYR_SYS_ITERABLE_SECTIONS_H_
#define ZEPHYR_SYS_ITERABLE_SECTIONS_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

/*
 * What every object in a section needs: `used` against the compiler, `retain` against the linker's
 * garbage collection, `no_reorder` against a compiler that sorts definitions, and the type's own
 * alignment, because compilers align big objects more and that would leave holes. (On ARM, gcc knows
 * no `retain`; there, as by default everywhere, `__start_` keeps the section once it is used.)
 */
#if defined(__clang__)
#define Z_SECTION_KEEP __attribute__((used, retain))
#elif defined(__GNUC__) && __GNUC__ >= 11 && defined(CONFIG_PORT_POSIX)
#define Z_SECTION_KEEP __attribute__((used, retain, no_reorder))
#else
#define Z_SECTION_KEEP __attribute__((used, no_reorder))
#endif

#define Z_SECTION_ATTRIBUTES(type, secname)                                                        \
	Z_SECTION_KEEP __attribute__((section("z_area_" #secname), aligned(__alignof__(type))))

/**
 * Start of a definition: `TYPE_SECTION_ITERABLE(struct foo, name, foo, name) = { ... };`. On Zephyr
 * the last argument decides the order; here that of the definitions does.
 */
#define TYPE_SECTION_ITERABLE(type, varname, secname, section_postfix)                             \
	type varname Z_SECTION_ATTRIBUTES(type, secname)

/** Declare the bounds of section @p secname. A section with nothing in it has NULL for both. */
#define TYPE_SECTION_START_EXTERN(type, secname)                                                   \
	extern type __start_z_area_##secname[] __attribute__((weak, visibility("hidden")))
#define TYPE_SECTION_END_EXTERN(type, secname)                                                     \
	extern type __stop_z_area_##secname[] __attribute__((weak, visibility("hidden")))
#define TYPE_SECTION_START(secname) __start_z_area_##secname
#define TYPE_SECTION_END(secname)   __stop_z_area_##secname

/**
 * Declare the bounds of section @p secname in the one file of the library that depends on it. On a
 * microcontroller the section then exists, if only empty, and a linker script that drops it, or mixes
 * it with others, does not link.
 */
#ifdef CONFIG_PORT_BARE
#define TYPE_SECTION_REQUIRE(type, secname)                                                        \
	static type z_none_##secname[0] Z_SECTION_ATTRIBUTES(type, secname);                       \
	extern type __start_z_area_##secname[] __attribute__((visibility("hidden")));              \
	extern type __stop_z_area_##secname[] __attribute__((visibility("hidden")))
#else
#define TYPE_SECTION_REQUIRE(type, secname)                                                        \
	TYPE_SECTION_START_EXTERN(type, secname);                                                  \
	TYPE_SECTION_END_EXTERN(type, secname)
#endif

/** Loop over the objects of a section; @p iterator is declared by the loop. */
#define TYPE_SECTION_FOREACH(type, secname, iterator)                                              \
	TYPE_SECTION_START_EXTERN(type, secname);                                                  \
	TYPE_SECTION_END_EXTERN(type, secname);                                                    \
	for (type *iterator = TYPE_SECTION_START(secname); iterator < TYPE_SECTION_END(secname);   \
	     iterator++)

/** Store in *@p dst how many objects there are. */
#define TYPE_SECTION_COUNT(type, secname, dst)                                                     \
	do {                                                                                       \
		TYPE_SECTION_START_EXTERN(type, secname);                                          \
		TYPE_SECTION_END_EXTERN(type, secname);                                            \
		*(dst) = (size_t)(TYPE_SECTION_END(secname) - TYPE_SECTION_START(secname));        \
	} while (0)

/** Store in *@p dst the address of object number @p i. There is no check of the bounds. */
#define TYPE_SECTION_GET(type, secname, i, dst)                                                    \
	do {                                                                                       \
		TYPE_SECTION_START_EXTERN(type, secname);                                          \
		*(dst) = &TYPE_SECTION_START(secname)[i];                                          \
	} while (0)

/**
 * The same for a struct type whose section is called like its tag. Types of which
 * Z_SECTION_NONE_<tag> is defined as 1 need no section on this platform.
 */
#define STRUCT_SECTION_ITERABLE(struct_type, varname)                                              \
	COND_CODE_1(UTIL_CAT(Z_SECTION_NONE_, struct_type), (struct struct_type varname),          \
		    (TYPE_SECTION_ITERABLE(struct struct_type, varname, struct_type, varname)))

/** As STRUCT_SECTION_ITERABLE(), in section @p secname. */
#define STRUCT_SECTION_ITERABLE_ALTERNATE(secname, struct_type, varname)                           \
	TYPE_SECTION_ITERABLE(struct struct_type, varname, secname, varname)

/** An array of objects in the section of its type. */
#define STRUCT_SECTION_ITERABLE_ARRAY(struct_type, varname, size)                                  \
	struct struct_type varname[size] Z_SECTION_ATTRIBUTES(struct struct_type, struct_type)

#define STRUCT_SECTION_START_EXTERN(struct_type)                                                   \
	TYPE_SECTION_START_EXTERN(struct struct_type, struct_type)
#define STRUCT_SECTION_END_EXTERN(struct_type)                                                     \
	TYPE_SECTION_END_EXTERN(struct struct_type, struct_type)
#define STRUCT_SECTION_START(struct_type) TYPE_SECTION_START(struct_type)
#define STRUCT_SECTION_END(struct_type)   TYPE_SECTION_END(struct_type)

#define STRUCT_SECTION_FOREACH(struct_type, iterator)                                              \
	BUILD_ASSERT(!IS_ENABLED(UTIL_CAT(Z_SECTION_NONE_, struct_type)),                          \
		     "objects of this type are in no section on this platform");                   \
	TYPE_SECTION_FOREACH(struct struct_type, struct_type, iterator)
#define STRUCT_SECTION_FOREACH_ALTERNATE(secname, struct_type, iterator)                           \
	TYPE_SECTION_FOREACH(struct struct_type, secname, iterator)
#define STRUCT_SECTION_COUNT(struct_type, dst)                                                     \
	TYPE_SECTION_COUNT(struct struct_type, struct_type, dst)
#define STRUCT_SECTION_GET(struct_type, i, dst)                                                    \
	TYPE_SECTION_GET(struct struct_type, struct_type, i, dst)

#endif /* ZEPHYR_SYS_ITERABLE_SECTIONS_H_ */
