/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A symbol named after the option that changes struct mpsc_pbuf_buffer, so that a program built
 * against another configuration does not link, and the linker's message says why. What else
 * changes it is in the symbol of <zephyr/kernel/module.h>.
 */
#ifndef ZEPHYR_MPSC_PBUF_MODULE_H_
#define ZEPHYR_MPSC_PBUF_MODULE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#define Z_MPSC_PBUF_MODULE_NAME(high_water) mpsc_pbuf_built_with_MPSC_PBUF_HIGH_WATER_##high_water
#define Z_MPSC_PBUF_MODULE_EXPAND(...)      Z_MPSC_PBUF_MODULE_NAME(__VA_ARGS__)
#define Z_MPSC_PBUF_MODULE                                                                         \
	Z_MPSC_PBUF_MODULE_EXPAND(IS_ENABLED(CONFIG_MPSC_PBUF_HIGH_WATER))

#ifdef CONFIG_PORT_BARE

Z_LINKER_REQUIRE(STRINGIFY(Z_MPSC_PBUF_MODULE));

#else

#ifdef __cplusplus
extern "C" {
#endif

extern const char Z_MPSC_PBUF_MODULE;

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static const char *const z_mpsc_pbuf_module __attribute__((used)) __retain = &Z_MPSC_PBUF_MODULE;

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_PORT_BARE */

#endif /* ZEPHYR_MPSC_PBUF_MODULE_H_ */
