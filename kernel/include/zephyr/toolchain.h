/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What differs between compilers, under the names Zephyr code uses. GCC 8 and clang 12 or later,
 * C11 and C++17.
 *
 * Every header of this library includes this one first, directly or not; it brings the generated
 * configuration.
 *
 * `__used` and `__unused` are also names of structure fields in a few Linux headers (<spawn.h>,
 * <linux/icmp.h>), which would silently lose those fields. Include such headers before this one, or
 * define TOOLCHAIN_NO_FIELD_NAMES to go without the two; no header of this library uses them.
 */

#ifndef ZEPHYR_TOOLCHAIN_H_
#define ZEPHYR_TOOLCHAIN_H_

#include <zephyr/autoconf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __GNUC__
#error "a compiler that understands GNU attributes is needed: GCC or clang"
#endif

#ifdef __has_attribute
#define TOOLCHAIN_HAS_ATTRIBUTE(attr) __has_attribute(attr)
#else
#define TOOLCHAIN_HAS_ATTRIBUTE(attr) 0
#endif

/* Functions. */
#ifndef ALWAYS_INLINE
#define ALWAYS_INLINE inline __attribute__((always_inline))
#endif
#define __weak              __attribute__((weak))
#define __must_check        __attribute__((warn_unused_result))
#define __deprecated        __attribute__((deprecated))
#define __noreturn          __attribute__((noreturn))
#define FUNC_NORETURN       __attribute__((noreturn))
#define __printf_like(f, a) __attribute__((format(printf, f, a)))

/* Objects and types. */
#define __aligned(x)   __attribute__((aligned(x)))
#define __packed       __attribute__((packed))
#define __maybe_unused __attribute__((unused))

#ifndef TOOLCHAIN_NO_FIELD_NAMES
#define __used   __attribute__((used))
#define __unused __attribute__((unused))
#endif

/** Keeps what nothing refers to through the linker's --gc-sections, where there is a way. */
#if TOOLCHAIN_HAS_ATTRIBUTE(retain) && (defined(CONFIG_PORT_POSIX) || defined(__clang__))
#define __retain __attribute__((retain))
#else
#define __retain
#endif

/**
 * Memory that start-up code leaves alone, where the linker script has a place for it; elsewhere plain
 * .bss.
 */
#ifdef CONFIG_LINKER_NOINIT
#define __noinit __attribute__((section(".noinit")))
#else
#define __noinit
#endif

/**
 * A reference to @p symbol, a string, that costs no memory, for the linker: it takes the object file
 * that defines it into the program, or reports that there is none. For microcontrollers, where
 * addresses have 32 bits and the compiler cannot keep an unused pointer from --gc-sections.
 */
#define Z_LINKER_REQUIRE(symbol)                                                                   \
	__asm__(".pushsection .packet_io.required,\"R\",%progbits\n\t"                             \
		".long " symbol "\n\t"                                                             \
		".popsection")

/* Statements. */
#if TOOLCHAIN_HAS_ATTRIBUTE(fallthrough)
#define __fallthrough __attribute__((fallthrough))
#else
#define __fallthrough (void)0
#endif

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define CODE_UNREACHABLE __builtin_unreachable()

/** Stops the compiler (not the processor) from moving memory accesses across. */
#define compiler_barrier() __asm__ volatile("" ::: "memory")

/** A condition that must hold to compile: BUILD_ASSERT(condition) or (condition, "message"). */
#ifdef __cplusplus
#define BUILD_ASSERT(condition, ...) static_assert(condition, "" __VA_ARGS__)
#define EXTERN_C                     extern "C"
#else
#define BUILD_ASSERT(condition, ...) _Static_assert(condition, "" __VA_ARGS__)
#define EXTERN_C                     extern
#endif

/** Value of type *@p p at an address of any alignment and of memory of any declared type. */
#define UNALIGNED_GET(p)                                                                           \
	(__extension__({                                                                           \
		struct __attribute__((packed, may_alias)) z_unaligned {                            \
			__typeof__(*(p)) value;                                                    \
		};                                                                                 \
		((const struct z_unaligned *)(const void *)(p))->value;                            \
	}))

/** Store @p v as type *@p p at an address of any alignment. */
#define UNALIGNED_PUT(v, p)                                                                        \
	do {                                                                                       \
		struct __attribute__((packed, may_alias)) z_unaligned {                            \
			__typeof__(*(p)) value;                                                    \
		};                                                                                 \
		((struct z_unaligned *)(void *)(p))->value = (v);                                  \
	} while (false)

#endif /* ZEPHYR_TOOLCHAIN_H_ */
