/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A symbol named after the options that change structures, so that a program built against another
 * configuration does not link.
 */
#ifndef ZEPHYR_RTIO_MODULE_H_
#define ZEPHYR_RTIO_MODULE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#define Z_RTIO_MODULE_NAME(blocks, deadline)                                                       \
	rtio_built_with_SYS_MEM_BLOCKS_##blocks##_DEADLINE_##deadline
#define Z_RTIO_MODULE_EXPAND(...) Z_RTIO_MODULE_NAME(__VA_ARGS__)
#define Z_RTIO_MODULE                                                                              \
	Z_RTIO_MODULE_EXPAND(IS_ENABLED(CONFIG_RTIO_SYS_MEM_BLOCKS),                               \
			     IS_ENABLED(CONFIG_RTIO_DEADLINE))

#ifdef CONFIG_PORT_BARE

Z_LINKER_REQUIRE(STRINGIFY(Z_RTIO_MODULE));

#else

EXTERN_C const char Z_RTIO_MODULE;

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static const char *const z_rtio_module __attribute__((used)) __retain = &Z_RTIO_MODULE;

#endif

#endif /* ZEPHYR_RTIO_MODULE_H_ */
