/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The kernel slice: the part of Zephyr's kernel API that this library, its samples and a normal
 * application around them use, with Zephyr's documented behaviour. One header for each concept.
 *
 * What differs from Zephyr is said with each function. Threads run in parallel where the platform
 * does that: cooperative priorities and disabled scheduling exclude nobody.
 */
#ifndef ZEPHYR_KERNEL_H_
#define ZEPHYR_KERNEL_H_

#include <errno.h>
#include <limits.h>

#include <zephyr/toolchain.h>
#include <zephyr/sys/__assert.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/dlist.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/slist.h>
#include <zephyr/sys/util.h>

#include <zephyr/init.h>
#include <zephyr/irq.h>
#include <zephyr/spinlock.h>
#include <zephyr/sys_clock.h>

#include <zephyr/kernel/thread.h>
#include <zephyr/kernel/time.h>
#include <zephyr/kernel/poll.h>
#include <zephyr/kernel/sem.h>
#include <zephyr/kernel/mutex.h>
#include <zephyr/kernel/queue.h>
#include <zephyr/kernel/msgq.h>
#include <zephyr/kernel/heap.h>
#include <zephyr/kernel/mem_slab.h>
#include <zephyr/kernel/timer.h>
#include <zephyr/kernel/work.h>

#endif /* ZEPHYR_KERNEL_H_ */
