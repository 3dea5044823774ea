/* SPDX-License-Identifier: Apache-2.0 */
/** @file What stands on the command line behind --in and --out. */
#ifndef GATEWAY_ENDPOINT_H_
#define GATEWAY_ENDPOINT_H_

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "router.h"

/** Most addresses of a host that are tried. */
#define ADDRESSES_MAX 8

enum endpoint_kind {
	ENDPOINT_SERIAL,
	ENDPOINT_UDP,
	ENDPOINT_TCP,
	ENDPOINT_FILE,
};

/** An endpoint. */
struct endpoint {
	const char *name; /**< as it was written */
	enum endpoint_kind kind;
	const char *path; /**< serial ports, files */
	uint16_t port;    /**< of an input */
	char host[256];   /**< of an output */
	char service[8];  /**< its port */
	uint32_t baud;    /**< serial ports */
	struct {
		struct sockaddr_storage name;
		socklen_t len;
	} addresses[ADDRESSES_MAX]; /**< of an output, once it was looked up */
	unsigned int address_count;
	unsigned int address; /**< the one in use, or to be tried next */
	struct route route;   /**< what an output gets */
};

/**
 * Make *@p endpoint what @p text says: of an input serial:PATH, udp:PORT, file:PATH; of an output
 * tcp:HOST:PORT, udp:HOST:PORT, file:PATH.
 * @return NULL, or what is wrong with it.
 */
const char *endpoint_parse(struct endpoint *endpoint, const char *text, bool input);

/** Find out the addresses of an output. It may block. @return NULL, or why that failed. */
const char *endpoint_look_up(struct endpoint *endpoint);

/** The address in use does not answer: use the next one. @return whether all have been tried by now. */
bool endpoint_next_address(struct endpoint *endpoint);

#endif /* GATEWAY_ENDPOINT_H_ */
