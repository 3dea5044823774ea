/* SPDX-License-Identifier: Apache-2.0 */
/** @file The rings that mpsc_pbuf is compared with. */
#ifndef BENCH_PEER_RINGS_H_
#define BENCH_PEER_RINGS_H_

#include <stdbool.h>
#include <stdint.h>

/** Set up. @return false if the system does not allow it. */
bool peer_bpf_start(void);

/** Reserve @p len bytes; NULL if there is no room. Commit says whether to wake the consumer. */
void *peer_bpf_reserve(uint32_t len);
bool peer_bpf_commit(void *record);

/** The next record, of *@p len bytes, or NULL; and it is done with. */
void *peer_bpf_get(uint32_t *len);
void peer_bpf_done(uint32_t len);

/** Copy a packet in; copy one out. @return whether there was room; how many words it had, or 0. */
bool peer_locked_put(uint32_t *words, uint32_t wlen);
uint32_t peer_locked_get(uint32_t *words);

#endif /* BENCH_PEER_RINGS_H_ */
