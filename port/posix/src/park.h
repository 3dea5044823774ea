/* SPDX-License-Identifier: Apache-2.0 */
/** @file What park.c and park_virtual.c share. */
#ifndef PORT_POSIX_PARK_H_
#define PORT_POSIX_PARK_H_

#include <time.h>

#include <port/port.h>

/** Take a token if there is one. Owner only. */
bool park_token_take(struct port_parker *parker);

/** Leave a token; wake the owner if it sleeps. */
void park_token_leave(struct port_parker *parker);

/** @return whether the owner sleeps. */
bool park_asleep(const struct port_parker *parker);

/** @return whether there is a token. */
bool park_has_token(const struct port_parker *parker);

/** Sleep until there may be a token or @p limit (NULL: none) may have passed. Owner only. */
void park_doze(struct port_parker *parker, const struct timespec *limit);

/** port_park() and port_unpark() on the virtual clock. */
bool park_virtual(struct port_parker *parker, int64_t deadline);
void unpark_virtual(struct port_parker *parker);

/** After a sleep on the real clock that ended on the virtual one: count the calling thread. */
void park_virtual_adopt(struct port_parker *parker);

#endif /* PORT_POSIX_PARK_H_ */
