/* SPDX-License-Identifier: Apache-2.0 */
/** @file Building frames header by header, and asking where they go. */
#ifndef CLASSIFY_BUILD_H_
#define CLASSIFY_BUILD_H_

#include "../../src/classify.h"

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd
#define TYPE_VLAN 0x8100
#define TYPE_QINQ 0x88a8
#define TYPE_ARP  0x0806

#define TCP  6
#define UDP  17
#define ICMP 1
#define AH   51

/** A frame being built. */
struct bytes {
	uint8_t data[4096];
	size_t len;
};

void add_u8(struct bytes *b, uint8_t value);
void add_be16(struct bytes *b, uint16_t value);
void add_zeros(struct bytes *b, size_t len);

/** Headers; each says what follows it. Lengths are what the header says of itself. */
void add_ethernet(struct bytes *b, uint16_t type);
void add_tag(struct bytes *b, uint16_t type);
void add_ipv4(struct bytes *b, uint8_t protocol, uint8_t words, uint16_t fragment);
void add_ipv6(struct bytes *b, uint8_t next);
void add_extension(struct bytes *b, uint8_t next, uint8_t length);
void add_ah(struct bytes *b, uint8_t next, uint8_t length);
void add_fragment(struct bytes *b, uint8_t next, uint16_t offset, bool more);

/**
 * Where the first @p len bytes go. They lie in memory of just that size, so that a sanitizer sees
 * the byte behind them being read; in @p pieces fragments if there are enough of them.
 */
enum route route_of(enum link_type link, const uint8_t *data, size_t len, size_t pieces);

/** The same for a whole frame in one piece. */
enum route route(enum link_type link, const struct bytes *b);

/** @return whether all buffers are home. */
bool buffers_are_home(void);

#endif /* CLASSIFY_BUILD_H_ */
