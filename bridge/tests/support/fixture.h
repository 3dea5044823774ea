/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the tests of the bridges make packets of, and whether all of it is home. */
#ifndef BRIDGE_TESTS_FIXTURE_H_
#define BRIDGE_TESTS_FIXTURE_H_

#include <bridge/net_buf_iob.h>
#include <bridge/net_buf_mpsc.h>

#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>
#include <iob/inspect.h>

#define VIEWS   6 /* buffers of the external pool */
#define FIXED   4 /* buffers of the fixed pool */
#define HEADERS 5 /* I/O buffers around fragments */
#define BUFSIZE CONFIG_IOB_BUFSIZE

extern struct net_buf_pool *const views; /* external */
extern struct net_buf_pool *const fixed; /* 32 bytes each */
extern struct k_mem_slab *const headers;

/* A chain of I/O buffers of these lengths, each with its data at offset 3 but the first, at 8. */
struct iob_s *chain_make(unsigned int count, const unsigned int *lens);

#define LENS(...)                                                                                  \
	(sizeof((unsigned int[]){__VA_ARGS__}) / sizeof(unsigned int)),                            \
		(const unsigned int[]){__VA_ARGS__}

/* A net_buf chain of @p count buffers of the fixed pool, with 20 bytes each. */
struct net_buf *frags_make(unsigned int count);

/* Leave @p left buffers in @p pool; the rest is returned as a chain, to be released. */
struct net_buf *pool_leave(struct net_buf_pool *pool, unsigned int left);

/* ---- the ring -------------------------------------------------------------------------------- */

#define RING_WORDS 64

struct record {
	MPSC_PBUF_HDR;
	uint32_t wlen: 14;
	uint32_t id: 16;
	uint32_t words[];
};

extern struct mpsc_pbuf_buffer ring;

/* Start with an empty ring. */
void ring_begin(uint32_t flags);

/* Put record @p id of @p wlen words in. @return whether there was room. */
bool record_put(uint32_t wlen, uint32_t id);

/* Claim the next record. */
const union mpsc_pbuf_generic *record_claim(void);

/* Whether the content of @p buf is record @p id of @p wlen words, its header first. */
bool record_is(const struct net_buf *buf, uint32_t wlen, uint32_t id);

/* Bytes of the ring in use. */
uint32_t ring_used(void);

/* ---- misuse ---------------------------------------------------------------------------------- */

extern unsigned int misuse_assertions;

/* Run a statement that asserts, once, where assertions are on; it goes on behind the assertion. */
#define MISUSE(...)                                                                                \
	do {                                                                                       \
		unsigned int failed_before = misuse_assertions;                                    \
                                                                                                   \
		ztest_set_assert_valid(true);                                                      \
		__VA_ARGS__;                                                                       \
		ztest_set_assert_valid(false);                                                     \
		zassert_equal(misuse_assertions - failed_before,                                   \
			      (unsigned int)IS_ENABLED(CONFIG_ASSERT), "%u assertions",            \
			      misuse_assertions - failed_before);                                  \
	} while (false)

#endif /* BRIDGE_TESTS_FIXTURE_H_ */
