/* SPDX-License-Identifier: Apache-2.0 */

#include "packets.h"

#include <string.h>

#define AROUND      4
#define AROUND_WORD 0xa5c3a5c3U

static uint32_t storage[AROUND + MEMORY_WORDS + AROUND];
uint32_t *const memory = &storage[AROUND];

uint32_t drop_ids[DROPS_MAX];
uint32_t drop_count;
void (*drop_hook)(const struct mpsc_pbuf_buffer *buffer, uint32_t id);

unsigned int misuse_assertions;

void ztest_post_assert_fail_hook(void)
{
	misuse_assertions++;
}

static uint32_t word_of(uint32_t id, uint32_t i)
{
	return id * 2654435761U + i;
}

uint32_t packet_get_wlen(const union mpsc_pbuf_generic *generic)
{
	return ((const union item *)generic)->packet.len;
}

void packet_fill(union mpsc_pbuf_generic *generic, uint32_t wlen, uint32_t id)
{
	struct packet *packet = &((union item *)generic)->packet;

	zassert_equal(packet->valid, 0);
	zassert_equal(packet->busy, 0);
	packet->len = wlen & 0x3ff;
	packet->id = id & 0xfffff;
	for (uint32_t i = 0; i + 1 < wlen; i++) {
		packet->words[i] = word_of(id & 0xfffff, i);
	}
}

bool packet_is(const union mpsc_pbuf_generic *generic, uint32_t wlen, uint32_t id)
{
	const struct packet *packet = &((const union item *)generic)->packet;

	if (packet->valid != 1 || packet->busy != 1 || packet->len != wlen || packet->id != id) {
		return false;
	}
	for (uint32_t i = 0; i + 1 < wlen; i++) {
		if (packet->words[i] != word_of(id, i)) {
			return false;
		}
	}
	return true;
}

bool packet_put(struct mpsc_pbuf_buffer *buffer, uint32_t wlen, uint32_t id)
{
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(buffer, wlen, K_NO_WAIT);

	if (packet == NULL) {
		return false;
	}
	packet_fill(packet, wlen, id);
	mpsc_pbuf_commit(buffer, packet);
	return true;
}

void packet_expect(struct mpsc_pbuf_buffer *buffer, uint32_t wlen, uint32_t id)
{
	const union mpsc_pbuf_generic *packet = mpsc_pbuf_claim(buffer);

	zassert_not_null(packet, "packet %u is missing", (unsigned int)id);
	zassert_true(packet_is(packet, wlen, id), "it is not packet %u", (unsigned int)id);
	mpsc_pbuf_free(buffer, packet);
}

union mpsc_pbuf_generic packet_header(uint32_t wlen, uint32_t id)
{
	union item item = {.packet = {.valid = 1, .len = wlen & 0x3ff, .id = id & 0xfffff}};

	return item.generic;
}

static void note_drop(const struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic *generic)
{
	const struct packet *packet = &((const union item *)generic)->packet;
	uint32_t id = packet->id;

	zassert_true(packet_is(generic, packet->len, id));
	if (drop_count < DROPS_MAX) {
		drop_ids[drop_count] = id;
	}
	drop_count++;
	if (drop_hook != NULL) {
		drop_hook(buffer, id);
		zassert_true(packet_is(generic, packet->len, id), "%u changed meanwhile",
			     (unsigned int)id);
	}
}

void buffer_init(struct mpsc_pbuf_buffer *buffer, uint32_t size, uint32_t flags)
{
	struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = size,
		.notify_drop = note_drop,
		.get_wlen = packet_get_wlen,
		.flags = flags,
	};

	zassert_true(size <= MEMORY_WORDS);
	for (size_t i = 0; i < ARRAY_SIZE(storage); i++) {
		storage[i] = AROUND_WORD;
	}
	drop_count = 0;
	drop_hook = NULL;
	mpsc_pbuf_init(buffer, &config);
}

void buffer_check_around(void)
{
	for (size_t i = 0; i < AROUND; i++) {
		zassert_equal(storage[i], AROUND_WORD);
		zassert_equal(storage[AROUND + MEMORY_WORDS + i], AROUND_WORD);
	}
}

void buffer_check_whole(struct mpsc_pbuf_buffer *buffer)
{
	uint32_t size;
	uint32_t now;

	mpsc_pbuf_get_utilization(buffer, &size, &now);
	zassert_equal(now, 0, "%u bytes are in use", (unsigned int)now);
	zassert_false(mpsc_pbuf_is_pending(buffer));
	zassert_is_null(mpsc_pbuf_claim(buffer));
	for (uint32_t i = 0; i < 2; i++) {
		zassert_true(packet_put(buffer, buffer->size, i));
		packet_expect(buffer, buffer->size, i);
	}
	buffer_check_around();
}
