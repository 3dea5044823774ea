/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the main thread waits for: a signal, the end of the sensors, trouble with the peer. */
#ifndef BASIC_PACKET_ROUTING_EVENTS_H_
#define BASIC_PACKET_ROUTING_EVENTS_H_

#include <stdbool.h>

/**
 * From here on SIGINT and SIGTERM wake the main thread; a second one ends the program at once. A
 * peer that is gone is an error, not a signal.   @return 0 or a negative errno value.
 */
int events_init(void);

/** End events_wait(), now or the next one. Context: any thread, any signal handler. */
void events_wake(void);

/** Sleep until events_wake(), or until @p timeout_ms have passed. Context: the main thread. */
void events_wait(int timeout_ms);

/** @return whether SIGINT or SIGTERM came. */
bool events_interrupted(void);

#endif /* BASIC_PACKET_ROUTING_EVENTS_H_ */
