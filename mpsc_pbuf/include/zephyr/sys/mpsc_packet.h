/* SPDX-License-Identifier: Apache-2.0 */
/** @file What every packet of an mpsc_pbuf begins with: two bits that are the library's. */
#ifndef ZEPHYR_SYS_MPSC_PACKET_H_
#define ZEPHYR_SYS_MPSC_PACKET_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many bits of the first word are the library's. */
#define MPSC_PBUF_HDR_BITS 2

/**
 * Those bits; the first members of the structure that a packet begins with. The user never changes
 * them in an allocated packet.
 *
 *     valid busy
 *     0     0     allocated, being filled
 *     1     0     committed, to be claimed
 *     1     1     claimed
 *     0     1     no packet: words to be passed over
 */
#define MPSC_PBUF_HDR                                                                              \
	uint32_t valid : 1;                                                                        \
	uint32_t busy : 1

/** The first word of a packet, as far as the library knows it. */
struct mpsc_pbuf_hdr {
	MPSC_PBUF_HDR;
	uint32_t data: 32 - MPSC_PBUF_HDR_BITS;
};

/** The first of some words to be passed over. */
struct mpsc_pbuf_skip {
	MPSC_PBUF_HDR;
	uint32_t len: 32 - MPSC_PBUF_HDR_BITS; /**< words, this one included; the library's */
};

/** The first word of whatever is in the buffer. */
union mpsc_pbuf_generic {
	struct mpsc_pbuf_hdr hdr;
	struct mpsc_pbuf_skip skip;
	uint32_t raw;
};

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_MPSC_PACKET_H_ */
