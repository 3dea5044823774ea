/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Which way a frame goes.
 *
 * Frames come from anybody and are believed in nothing: no byte is looked at that was not captured,
 * and the number of headers looked at is bounded. What is encapsulated in something other than
 * VLAN tags counts as that something.
 */
#ifndef PACKET_ROUTER_CLASSIFY_H_
#define PACKET_ROUTER_CLASSIFY_H_

#include <zephyr/net_buf.h>

/** How a frame begins. */
enum link_type {
	LINK_ETHERNET,
	LINK_COOKED,    /**< Linux "cooked" capture, of all interfaces */
	LINK_COOKED_V2, /**< the same, version 2 */
	LINK_RAW,       /**< IPv4 or IPv6 at once */
	LINK_LOOPBACK,  /**< an address family in four bytes */
};

/** Where it goes. */
enum route {
	ROUTE_TCP,
	ROUTE_UDP,
	ROUTE_OTHER,
};

/** Tags and extension headers of a frame that are looked at. One with more is ROUTE_OTHER. */
#define CLASSIFY_HEADERS_MAX 32

/**
 * TCP and UDP are told by the protocol field of IPv4 or IPv6, fragments too, behind VLAN tags
 * (802.1Q, 802.1ad and older) and extension headers. The frame may be cut off anywhere, and be cut
 * into fragments of any size.
 *
 * Ownership: borrows @p frame.   Context: any.   Cost: O(headers * fragments before them).
 */
enum route classify(enum link_type link, const struct net_buf *frame);

#endif /* PACKET_ROUTER_CLASSIFY_H_ */
