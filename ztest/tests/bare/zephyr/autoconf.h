/* SPDX-License-Identifier: Apache-2.0 */

/** @file The configuration of a platform without threads and without a C library. */

#define CONFIG_ZTEST                   1
#define CONFIG_ASSERT                  1
#define CONFIG_PRINTK                  1
#define CONFIG_SYS_CLOCK_TICKS_PER_SEC 1000
