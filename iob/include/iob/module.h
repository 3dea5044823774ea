/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A symbol named after the options that change what a user of the headers sees, so that a program
 * built against another configuration does not link, and the linker's message says which it is.
 */
#ifndef IOB_MODULE_H_
#define IOB_MODULE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#define Z_IOB_MODULE_NAME(bufsize, alignment, alloc)                                               \
	iob_built_with_IOB_BUFSIZE_##bufsize##_IOB_ALIGNMENT_##alignment##_IOB_ALLOC_##alloc
#define Z_IOB_MODULE_EXPAND(...) Z_IOB_MODULE_NAME(__VA_ARGS__)
#define Z_IOB_MODULE                                                                               \
	Z_IOB_MODULE_EXPAND(CONFIG_IOB_BUFSIZE, CONFIG_IOB_ALIGNMENT, IS_ENABLED(CONFIG_IOB_ALLOC))

#ifdef CONFIG_PORT_BARE

Z_LINKER_REQUIRE(STRINGIFY(Z_IOB_MODULE));

#else

#ifdef __cplusplus
extern "C" {
#endif

extern const char Z_IOB_MODULE;

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static const char *const z_iob_module __attribute__((used)) __retain = &Z_IOB_MODULE;

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_PORT_BARE */

#endif /* IOB_MODULE_H_ */
