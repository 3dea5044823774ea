/* SPDX-License-Identifier: Apache-2.0 */
/** @file A server on a thread, and clients in processes of their own. */
#ifndef RTIO_SHM_TESTS_PAIR_H_
#define RTIO_SHM_TESTS_PAIR_H_

#include "../support/rig.h"

#include <sys/wait.h>
#include <unistd.h>

/* Serve with rig_server on a thread of its own. */
void pair_serve(void);

/* Wait until it has returned. @return what. */
int pair_join(void);

/* Have @p fn as a client in a child, which ends with what it returns. @return the child. */
pid_t pair_fork(int (*fn)(struct rtio_shm_client *c));

/* Wait until @p child has ended. @return its exit status, or minus the signal that killed it. */
int pair_wait(pid_t child);

/* End requests that the devices hold, from a thread of its own, until pair_devices_stop(). */
void pair_devices_start(void);
void pair_devices_stop(void);

/* For tests that kill clients one after the other: some seconds after @p began, on a busy machine, they hurry. */
bool pair_has_time(int64_t began);

#endif /* RTIO_SHM_TESTS_PAIR_H_ */
