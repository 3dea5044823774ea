/* SPDX-License-Identifier: Apache-2.0 */
/** @file TCP clients that get every packet, as far as they keep up. One thread: the event loop's. */
#ifndef CLIENTS_H_
#define CLIENTS_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/packet_io/packet_io.h>

#define CLIENTS_MAX 16

/**
 * Listen on @p port of the loopback interface; 0 is any that is free.
 * @return the socket; -errno, and *@p port the one it is.
 */
int clients_listen(uint16_t *port);

/** Take whoever knocks at @p listener. @return the new socket; -EAGAIN, or -EMFILE for one too many. */
int clients_accept(int listener);

/** The handler of the sink: write the packet to every client; one that has no room misses it. */
void clients_write(struct packet_sink *sink, struct net_buf *buf);

/** @p fd can be read: a client that sends is not listened to, one that is gone is forgotten. */
void clients_read(int fd);

/** @return how many there are; *@p missed: packets that one of them has missed, ever. */
uint32_t clients_count(uint32_t *missed);

void clients_close(void);

#endif /* CLIENTS_H_ */
