/* SPDX-License-Identifier: Apache-2.0 */
/** @file Doing the work of iob_notifier_setup() where no thread of the library does. */
#ifndef IOB_NOTIFIER_H_
#define IOB_NOTIFIER_H_

#include <nuttx/mm/iob.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_IOB_NOTIFIER
/**
 * Call the workers of queue @p qid that are due, in the order in which they were set up.
 *
 * Context: the one that they shall run in; the main loop, on bare metal.   Blocks: where they do.
 * Cost: O(CONFIG_IOB_NOTIFIER_MAX), and the workers.
 * @return how many were called.
 */
unsigned int iob_notifier_run(int qid);
#endif

#ifdef __cplusplus
}
#endif

#endif /* IOB_NOTIFIER_H_ */
