/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What brings the pools of each program and each shared library to the library; as
 * <zephyr/kernel/module.h> does for the kernel, and with a symbol named after the options that
 * change structures, so that a program built against another configuration does not link.
 */
#ifndef ZEPHYR_NET_BUF_MODULE_H_
#define ZEPHYR_NET_BUF_MODULE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#ifndef CONFIG_NET_BUF_ALIGNMENT
#define Z_NET_BUF_ALIGNMENT 0
#else
#define Z_NET_BUF_ALIGNMENT CONFIG_NET_BUF_ALIGNMENT
#endif

#ifdef CONFIG_NET_BUF_POOL_CACHE
#define Z_NET_BUF_CACHE_SIZE    CONFIG_NET_BUF_POOL_CACHE_SIZE
#define Z_NET_BUF_CACHE_THREADS CONFIG_NET_BUF_POOL_CACHE_THREADS
#else
#define Z_NET_BUF_CACHE_SIZE    0
#define Z_NET_BUF_CACHE_THREADS 0
#endif

#define Z_NET_BUF_MODULE_NAME(usage, align, cache, threads)                                        \
	net_buf_built_with_NET_BUF_POOL_USAGE_##usage##_NET_BUF_ALIGNMENT_##align                  \
		##_NET_BUF_POOL_CACHE_##cache##_BY_##threads
#define Z_NET_BUF_MODULE_EXPAND(...) Z_NET_BUF_MODULE_NAME(__VA_ARGS__)
#define Z_NET_BUF_MODULE                                                                           \
	Z_NET_BUF_MODULE_EXPAND(IS_ENABLED(CONFIG_NET_BUF_POOL_USAGE), Z_NET_BUF_ALIGNMENT,        \
				Z_NET_BUF_CACHE_SIZE, Z_NET_BUF_CACHE_THREADS)

#ifdef CONFIG_PORT_BARE

/* Pools make themselves known: there is nothing to bring, only the symbol. */
Z_LINKER_REQUIRE(STRINGIFY(Z_NET_BUF_MODULE));

#else

#ifdef __cplusplus
extern "C" {
#endif

struct net_buf_module;

extern const struct net_buf_module Z_NET_BUF_MODULE __attribute__((visibility("hidden")));

/* Kept by compiler and linker: --gc-sections would drop the reference with the error that it is. */
static const struct net_buf_module *const z_net_buf_module __attribute__((used)) __retain =
	&Z_NET_BUF_MODULE;

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_PORT_BARE */

#endif /* ZEPHYR_NET_BUF_MODULE_H_ */
