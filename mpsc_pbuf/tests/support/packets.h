/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets of the tests: each knows its size and its number, and its words follow from them. */
#ifndef MPSC_PBUF_TESTS_PACKETS_H_
#define MPSC_PBUF_TESTS_PACKETS_H_

#include <zephyr/ztest.h>
#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/watch.h>

struct packet {
	MPSC_PBUF_HDR;
	uint32_t len: 10; /* words, this one included */
	uint32_t id: 20;
	uint32_t words[];
};

union item {
	struct packet packet;
	union mpsc_pbuf_generic generic;
};

/* Words of a packet that mpsc_pbuf_put_word_ext() stores. */
#define EXT_WLEN (1 + sizeof(void *) / sizeof(uint32_t))

uint32_t packet_get_wlen(const union mpsc_pbuf_generic *generic);

/* Fill in all but the two bits of an allocated packet. */
void packet_fill(union mpsc_pbuf_generic *generic, uint32_t wlen, uint32_t id);

/* Whether it is packet number @p id of @p wlen words, and intact. */
bool packet_is(const union mpsc_pbuf_generic *generic, uint32_t wlen, uint32_t id);

/* Allocate without waiting, fill, commit. @return whether there was room. */
bool packet_put(struct mpsc_pbuf_buffer *buffer, uint32_t wlen, uint32_t id);

/* Claim the next packet, which is this one, and free it. */
void packet_expect(struct mpsc_pbuf_buffer *buffer, uint32_t wlen, uint32_t id);

/* A header for put_word() and its relatives. */
union mpsc_pbuf_generic packet_header(uint32_t wlen, uint32_t id);

/* ---- buffers --------------------------------------------------------------------------------- */

#define MEMORY_WORDS 512

/* Memory of the buffer under test; the words around it must not change. */
extern uint32_t *const memory;

/* Make @p buffer one of @p size words of `memory`, whose drops are noted below. */
void buffer_init(struct mpsc_pbuf_buffer *buffer, uint32_t size, uint32_t flags);

/* The buffer is empty, and a packet of its size fits twice: nothing of its room was lost. */
void buffer_check_whole(struct mpsc_pbuf_buffer *buffer);

/* The words around the memory are as they were. */
void buffer_check_around(void);

/* What was dropped since buffer_init(), in order. */
#define DROPS_MAX 64
extern uint32_t drop_ids[DROPS_MAX];
extern uint32_t drop_count;

/* Called by the noting callback, if not NULL, while the packet is intact. */
extern void (*drop_hook)(const struct mpsc_pbuf_buffer *buffer, uint32_t id);

/* Exactly these packets were dropped, in this order. */
#define DROPPED(...)                                                                               \
	do {                                                                                       \
		static const uint32_t expected_ids[] = {__VA_ARGS__};                              \
                                                                                                   \
		zassert_equal(drop_count, ARRAY_SIZE(expected_ids), "%u were dropped",   \
			      (unsigned int)drop_count);                                            \
		zassert_mem_equal(drop_ids, expected_ids, sizeof(expected_ids));                   \
	} while (false)

/* ---- misuse ---------------------------------------------------------------------------------- */

/* Run a statement that asserts, once, where assertions are on; it goes on behind the assertion. */
#define MISUSE(...)                                                                                \
	do {                                                                                       \
		unsigned int failed_before = misuse_assertions;                                    \
                                                                                                   \
		ztest_set_assert_valid(true);                                                      \
		__VA_ARGS__;                                                                       \
		ztest_set_assert_valid(false);                                                     \
		zassert_equal(misuse_assertions - failed_before, IS_ENABLED(CONFIG_ASSERT),        \
			      "%u assertions", misuse_assertions - failed_before);                 \
	} while (false)

extern unsigned int misuse_assertions;

#endif /* MPSC_PBUF_TESTS_PACKETS_H_ */
