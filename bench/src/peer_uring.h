/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reads through liburing, without anything else, on one ring of one thread. */
#ifndef PEER_URING_H_
#define PEER_URING_H_

#include <stdbool.h>
#include <stdint.h>

/** Set it up. @return false if it cannot be used on this machine (it has said why). */
bool bench_uring_start(void);

/** Put a read into the ring: from the beginning of a file, or of a socket. */
void peer_uring_ask(int fd, void *buf, uint32_t len, bool file);

/** Put a request that does nothing into the ring. */
void peer_uring_nop(void);

/** Hand over what was put. */
void peer_uring_submit(void);

/** Hand over, wait for @p n ends, and look at each: it has to be @p result. */
void peer_uring_answers(uint32_t n, int result);

#endif /* PEER_URING_H_ */
