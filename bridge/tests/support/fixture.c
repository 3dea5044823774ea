/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets, and a check after every test that all of them are home. */
#include "fixture.h"

#include <string.h>

NET_BUF_POOL_EXTERNAL_DEFINE(views_pool, VIEWS, 4, NULL);
NET_BUF_POOL_FIXED_DEFINE(fixed_pool, FIXED, 32, 0, NULL);
IOB_NET_BUF_SLAB_DEFINE(headers_slab, HEADERS);

struct net_buf_pool *const views = &views_pool;
struct net_buf_pool *const fixed = &fixed_pool;
struct k_mem_slab *const headers = &headers_slab;

unsigned int misuse_assertions;

void ztest_post_assert_fail_hook(void)
{
	misuse_assertions++;
}

struct iob_s *chain_make(unsigned int count, const unsigned int *lens)
{
	struct iob_s *head = NULL;
	struct iob_s **link = &head;
	uint8_t byte = 1;

	for (unsigned int i = 0; i < count; i++) {
		struct iob_s *iob = iob_tryalloc(false);

		zassert_not_null(iob);
		iob->io_offset = i == 0 ? 8 : 3;
		iob->io_len = (__typeof__(iob->io_len))lens[i];
		for (unsigned int j = 0; j < lens[i]; j++) {
			IOB_DATA(iob)[j] = byte++;
		}
		*link = iob;
		link = &iob->io_flink;
		head->io_pktlen += lens[i];
	}
	return head;
}

struct net_buf *frags_make(unsigned int count)
{
	struct net_buf *head = NULL;
	uint8_t byte = 1;

	for (unsigned int i = 0; i < count; i++) {
		struct net_buf *buf = net_buf_alloc(fixed, K_NO_WAIT);

		zassert_not_null(buf);
		net_buf_reserve(buf, 5);
		for (int j = 0; j < 20; j++) {
			net_buf_add_u8(buf, byte++);
		}
		if (head == NULL) {
			head = buf;
		} else {
			net_buf_frag_add(head, buf);
		}
	}
	return head;
}

struct net_buf *pool_leave(struct net_buf_pool *pool, unsigned int left)
{
	struct net_buf *rest = NULL;

	while (net_buf_pool_free_count(pool) > left) {
		struct net_buf *buf = net_buf_alloc_len(pool, 0, K_NO_WAIT);

		zassert_not_null(buf);
		buf->frags = rest;
		rest = buf;
	}
	return rest;
}

/* ---- the ring -------------------------------------------------------------------------------- */

struct mpsc_pbuf_buffer ring;
static uint32_t ring_memory[RING_WORDS];

static uint32_t record_wlen(const union mpsc_pbuf_generic *packet)
{
	return ((const struct record *)(const void *)packet)->wlen;
}

void ring_begin(uint32_t flags)
{
	const struct mpsc_pbuf_buffer_config config = {
		.buf = ring_memory,
		.size = RING_WORDS,
		.get_wlen = record_wlen,
		.flags = flags,
	};

	mpsc_pbuf_init(&ring, &config);
}

bool record_put(uint32_t wlen, uint32_t id)
{
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&ring, wlen, K_NO_WAIT);
	struct record *record = (struct record *)(void *)packet;

	if (packet == NULL) {
		return false;
	}
	record->wlen = wlen & 0x3fff;
	record->id = id & 0xffff;
	for (uint32_t i = 0; i + 1 < wlen; i++) {
		record->words[i] = id * 1000 + i;
	}
	mpsc_pbuf_commit(&ring, packet);
	return true;
}

const union mpsc_pbuf_generic *record_claim(void)
{
	const union mpsc_pbuf_generic *packet = mpsc_pbuf_claim(&ring);

	zassert_not_null(packet);
	return packet;
}

bool record_is(const struct net_buf *buf, uint32_t wlen, uint32_t id)
{
	const struct record *record = (const struct record *)(const void *)buf->data;

	if (buf->len != wlen * sizeof(uint32_t) || record->wlen != wlen || record->id != id) {
		return false;
	}
	for (uint32_t i = 0; i + 1 < wlen; i++) {
		if (record->words[i] != id * 1000 + i) {
			return false;
		}
	}
	return true;
}

uint32_t ring_used(void)
{
	uint32_t size;
	uint32_t used;

	mpsc_pbuf_get_utilization(&ring, &size, &used);
	return used;
}

/* ---- home ------------------------------------------------------------------------------------ */

static void check_home(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	zexpect_ok(iob_check(), "%s: a list is damaged", test->name);
	zexpect_equal(iob_nfree(), CONFIG_IOB_NBUFFERS, "%s: %d I/O buffers are home", test->name,
		      iob_nfree());
	zexpect_equal(net_buf_pool_free_count(views), VIEWS, "%s: views", test->name);
	zexpect_equal(net_buf_pool_free_count(fixed), FIXED, "%s: fixed", test->name);
	zexpect_equal(k_mem_slab_num_used_get(headers), 0, "%s: headers", test->name);
	if (ring.size != 0) {
		zexpect_equal(ring_used(), 0, "%s: the ring", test->name);
	}
}

ZTEST_RULE(bridge_home, NULL, check_home);
