/* SPDX-License-Identifier: Apache-2.0 */
/** @file A TCP connection on which nothing waits longer than it was told. */
#ifndef BASIC_PACKET_ROUTING_CONNECTION_H_
#define BASIC_PACKET_ROUTING_CONNECTION_H_

#include <stdbool.h>
#include <stddef.h>

struct iovec;

/** Where to connect to. */
struct address {
	char host[256]; /**< name or number, without brackets */
	char port[6];   /**< a number from 1 to 65535 */
};

/**
 * Read HOST:PORT, [IPv6 address]:PORT among it.
 * @return NULL, or what is wrong with @p text.
 */
const char *address_parse(const char *text, struct address *address);

/**
 * Connect to the first of the addresses of a host that answers.
 * Blocks: up to @p timeout_ms for each of its addresses, and while its name is looked up.
 * @return the socket; -1: what was wrong is in @p error, which has room for @p size bytes.
 */
int connection_open(const struct address *address, int timeout_ms, char *error, size_t size);

/**
 * Send all of @p count pieces of memory, in one system call if the peer keeps up. Changes @p iov.
 * Blocks: as long as the peer takes something every @p timeout_ms.
 * @return 0, -ETIMEDOUT if it did not, or what the system said.
 */
int connection_send(int fd, struct iovec *iov, size_t count, int timeout_ms);

/**
 * Tell the peer that this was all, and wait until it has taken everything and closed its side.
 * Blocks: up to @p timeout_ms without a sign of the peer.
 * @return 0; -ETIMEDOUT; -ECONNRESET or another error if it went away without taking everything.
 */
int connection_finish(int fd, int timeout_ms);

#endif /* BASIC_PACKET_ROUTING_CONNECTION_H_ */
