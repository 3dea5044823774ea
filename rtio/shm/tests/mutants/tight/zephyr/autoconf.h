/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The configuration, but for limits that the tests meet. Found before the one that it goes by, also by
 * <zephyr/toolchain.h>.
 */
#include_next <zephyr/autoconf.h>

#undef CONFIG_RTIO_SHM_CHAIN_MAX
#define CONFIG_RTIO_SHM_CHAIN_MAX 5
#undef CONFIG_RTIO_SHM_BATCH
#define CONFIG_RTIO_SHM_BATCH 4
