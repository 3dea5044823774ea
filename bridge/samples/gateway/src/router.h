/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Which output gets which frame: by the first byte of what is in it.
 *
 * Outputs that get every frame are connected to the source of frames. Those that get some are given them by
 * a sink of that source, the router.
 */
#ifndef GATEWAY_ROUTER_H_
#define GATEWAY_ROUTER_H_

#include <zephyr/net_buf.h>

/** The first bytes of the payloads that an output gets. */
struct route {
	bool some; /**< those from first to last; else all */
	uint8_t first;
	uint8_t last;
};

/** @return the first byte of the payload of @p frame, a good one, which may be in pieces. */
uint8_t route_key(const struct net_buf *frame);

/** Make *@p route what @p text says: NUMBER or NUMBER-NUMBER, 0 to 255. @return false if it is neither. */
bool route_parse(struct route *route, const char *text);

#endif /* GATEWAY_ROUTER_H_ */
