/* SPDX-License-Identifier: Apache-2.0 */
/** @file As much of NuttX's work queues as iob_notifier_setup() needs. */
#ifndef NUTTX_WQUEUE_H_
#define NUTTX_WQUEUE_H_

#include <nuttx/compiler.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HPWORK 0 /**< the queue of urgent work */
#define LPWORK 1 /**< the queue of the rest */

/** A piece of work, done by a thread. */
typedef CODE void (*worker_t)(FAR void *arg);

#ifdef __cplusplus
}
#endif

#endif /* NUTTX_WQUEUE_H_ */
