/* SPDX-License-Identifier: Apache-2.0 */

/** @file All of the kernel that the portable part of ztest may use. */

#ifndef BARE_KERNEL_H_
#define BARE_KERNEL_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/__assert.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

struct k_thread;
typedef struct k_thread *k_tid_t;

k_tid_t k_current_get(void);
bool k_is_in_isr(void);
uint32_t k_uptime_get_32(void);

#endif /* BARE_KERNEL_H_ */
