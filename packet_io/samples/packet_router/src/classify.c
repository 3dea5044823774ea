/* SPDX-License-Identifier: Apache-2.0 */
#include "classify.h"

#include <zephyr/sys/byteorder.h>

#define ETHERTYPE_IPV4  0x0800
#define ETHERTYPE_IPV6  0x86dd
#define ETHERTYPE_VLAN  0x8100 /* 802.1Q */
#define ETHERTYPE_QINQ  0x88a8 /* 802.1ad */
#define ETHERTYPE_QINQ1 0x9100 /* before 802.1ad */

#define PROTOCOL_HOP_BY_HOP  0
#define PROTOCOL_TCP         6
#define PROTOCOL_UDP         17
#define PROTOCOL_ROUTING     43
#define PROTOCOL_FRAGMENT    44
#define PROTOCOL_AH          51
#define PROTOCOL_DESTINATION 60
#define PROTOCOL_MOBILITY    135
#define PROTOCOL_HIP         139
#define PROTOCOL_SHIM6       140

/* Where in a frame we are. */
struct cursor {
	const struct net_buf *frame;
	size_t offset;        /* of the header looked at */
	unsigned int headers; /* tags and extension headers that may still be looked at */
};

/* Copy the first @p len bytes of the header. @return whether they were captured. */
static bool look(const struct cursor *at, void *bytes, size_t len)
{
	return net_buf_linearize(bytes, len, at->frame, at->offset, len) == len;
}

/* @return whether one more header may be looked at. */
static bool count_header(struct cursor *at)
{
	return at->headers-- > 0;
}

/* @return bytes of the extension header that begins with @p head; 0 if it is not one. */
static size_t extension_size(uint8_t protocol, bool v6, const uint8_t *head)
{
	switch (protocol) {
	case PROTOCOL_AH:
		return ((size_t)head[1] + 2) * 4;
	case PROTOCOL_HOP_BY_HOP:
	case PROTOCOL_ROUTING:
	case PROTOCOL_DESTINATION:
	case PROTOCOL_MOBILITY:
	case PROTOCOL_HIP:
	case PROTOCOL_SHIM6:
		return v6 ? ((size_t)head[1] + 1) * 8 : 0;
	case PROTOCOL_FRAGMENT:
		return v6 ? 8 : 0;
	default:
		return 0;
	}
}

/* By the protocol of what follows the IP header; @p whole: it is not a later fragment. */
static enum route by_protocol(struct cursor at, uint8_t protocol, bool v6, bool whole)
{
	uint8_t head[4];
	size_t size;

	for (;;) {
		if (protocol == PROTOCOL_TCP) {
			return ROUTE_TCP;
		}
		if (protocol == PROTOCOL_UDP) {
			return ROUTE_UDP;
		}
		/* Of a later fragment only the protocol is known. */
		if (!whole || !count_header(&at) || !look(&at, head, sizeof(head))) {
			return ROUTE_OTHER;
		}
		size = extension_size(protocol, v6, head);
		if (size == 0) {
			return ROUTE_OTHER;
		}
		if (protocol == PROTOCOL_FRAGMENT) {
			whole = (sys_get_be16(head + 2) & 0xfff8) == 0;
		}
		protocol = head[0];
		at.offset += size;
	}
}

static enum route by_ipv4(struct cursor at)
{
	uint8_t header[20];

	if (!look(&at, header, sizeof(header)) || header[0] >> 4 != 4 || (header[0] & 0x0f) < 5) {
		return ROUTE_OTHER;
	}
	at.offset += (size_t)(header[0] & 0x0f) * 4;
	return by_protocol(at, header[9], false, (sys_get_be16(header + 6) & 0x1fff) == 0);
}

static enum route by_ipv6(struct cursor at)
{
	uint8_t header[40];

	if (!look(&at, header, sizeof(header)) || header[0] >> 4 != 6) {
		return ROUTE_OTHER;
	}
	at.offset += sizeof(header);
	return by_protocol(at, header[6], true, true);
}

static enum route by_version(struct cursor at)
{
	uint8_t first;

	if (!look(&at, &first, 1)) {
		return ROUTE_OTHER;
	}
	return first >> 4 == 4 ? by_ipv4(at) : by_ipv6(at);
}

static bool is_tag(uint16_t type)
{
	return type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ1;
}

/* By the Ethernet type in the header at hand, @p type_at bytes into its @p size. */
static enum route by_ethertype(struct cursor at, size_t type_at, size_t size)
{
	uint8_t header[20];
	uint16_t type;

	if (!look(&at, header, size)) {
		return ROUTE_OTHER;
	}
	type = sys_get_be16(header + type_at);
	at.offset += size;
	while (is_tag(type)) {
		if (!count_header(&at) || !look(&at, header, 4)) {
			return ROUTE_OTHER;
		}
		type = sys_get_be16(header + 2);
		at.offset += 4;
	}
	if (type == ETHERTYPE_IPV4) {
		return by_ipv4(at);
	}
	return type == ETHERTYPE_IPV6 ? by_ipv6(at) : ROUTE_OTHER;
}

/* The family is in the byte order of the machine that captured, its number in that of its system. */
static enum route by_family(struct cursor at)
{
	uint8_t header[4];
	uint32_t family;

	if (!look(&at, header, sizeof(header))) {
		return ROUTE_OTHER;
	}
	family = sys_get_be32(header);
	if (family > 0xffff) {
		family = sys_get_le32(header);
	}
	at.offset += sizeof(header);
	switch (family) {
	case 2:
		return by_ipv4(at);
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return by_ipv6(at);
	default:
		return ROUTE_OTHER;
	}
}

enum route classify(enum link_type link, const struct net_buf *frame)
{
	struct cursor at = {.frame = frame, .headers = CLASSIFY_HEADERS_MAX};

	switch (link) {
	case LINK_ETHERNET:
		return by_ethertype(at, 12, 14);
	case LINK_COOKED:
		return by_ethertype(at, 14, 16);
	case LINK_COOKED_V2:
		return by_ethertype(at, 0, 20);
	case LINK_RAW:
		return by_version(at);
	case LINK_LOOPBACK:
		return by_family(at);
	default:
		return ROUTE_OTHER;
	}
}
