/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE

#include "endpoint.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* @return whether @p text is a port, 1 to 65535; 0 as well for @p any. */
static bool is_port(const char *text, bool any, uint16_t *port)
{
	size_t len = strlen(text);
	unsigned long value = strtoul(text, NULL, 10);

	*port = (uint16_t)value;
	return len > 0 && len < 6 && text[strspn(text, "0123456789")] == '\0' && value <= 65535 &&
	       (any || value != 0);
}

/* HOST:PORT, where HOST may stand in brackets, as an IPv6 address must. */
static const char *parse_peer(struct endpoint *endpoint, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	uint16_t port;

	if (colon == NULL || !is_port(colon + 1, false, &port)) {
		return "it must end with :PORT, 1 to 65535";
	}
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len) != NULL) {
		return "an address with colons stands in brackets: [::1]:5000";
	}
	if (len == 0 || len >= sizeof(endpoint->host)) {
		return "there must be a host before :PORT";
	}
	memcpy(endpoint->host, text, len);
	endpoint->host[len] = '\0';
	(void)snprintf(endpoint->service, sizeof(endpoint->service), "%u", port);
	return NULL;
}

const char *endpoint_parse(struct endpoint *endpoint, const char *text, bool input)
{
	static const char *const names[] = {"serial:", "udp:", "tcp:", "file:"};
	size_t kind = 0;
	const char *rest;

	while (kind < 4 && strncmp(text, names[kind], strlen(names[kind])) != 0) {
		kind++;
	}
	if (kind == 4 || kind == (input ? ENDPOINT_TCP : ENDPOINT_SERIAL)) {
		return input ? "allowed are serial:PATH, udp:PORT and file:PATH"
			     : "allowed are tcp:HOST:PORT, udp:HOST:PORT and file:PATH";
	}
	rest = text + strlen(names[kind]);
	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->name = text;
	endpoint->kind = (enum endpoint_kind)kind;
	endpoint->path = rest;
	if (endpoint->kind == ENDPOINT_SERIAL || endpoint->kind == ENDPOINT_FILE) {
		return *rest == '\0' ? "the path is missing" : NULL;
	}
	if (input) {
		return is_port(rest, true, &endpoint->port) ? NULL : "the port must be 0 to 65535";
	}
	return parse_peer(endpoint, rest);
}

const char *endpoint_look_up(struct endpoint *endpoint)
{
	struct addrinfo hints = {
		.ai_socktype = endpoint->kind == ENDPOINT_TCP ? SOCK_STREAM : SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *found;
	int ret = getaddrinfo(endpoint->host, endpoint->service, &hints, &found);

	if (ret != 0) {
		return gai_strerror(ret);
	}
	for (const struct addrinfo *a = found; a != NULL && endpoint->address_count < ADDRESSES_MAX;
	     a = a->ai_next) {
		unsigned int n = endpoint->address_count++;

		memcpy(&endpoint->addresses[n].name, a->ai_addr, a->ai_addrlen);
		endpoint->addresses[n].len = a->ai_addrlen;
	}
	freeaddrinfo(found);
	return NULL;
}

bool endpoint_next_address(struct endpoint *endpoint)
{
	endpoint->address = (endpoint->address + 1) % endpoint->address_count;
	return endpoint->address == 0;
}
