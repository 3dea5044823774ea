/* SPDX-License-Identifier: Apache-2.0 */
/** @file NULL, limits, and packets that are not what they should be. */
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

ZTEST(mpsc_pbuf_misuse, test_null)
{
	const union mpsc_pbuf_generic *packets[1];
	uint32_t value = 7;
	uint32_t word = 0;

	buffer_init(&buffer, 16, MPSC_PBUF_MAX_UTILIZATION);
	zassert_is_null(mpsc_pbuf_alloc(NULL, 1, K_NO_WAIT));
	zassert_is_null(mpsc_pbuf_alloc(NULL, 1, K_FOREVER));
	zassert_is_null(mpsc_pbuf_claim(NULL));
	zassert_is_null(mpsc_pbuf_claim_wait(NULL, K_FOREVER));
	zassert_equal(mpsc_pbuf_claim_batch(NULL, packets, 1), -EINVAL);
	zassert_equal(mpsc_pbuf_claim_batch(&buffer, NULL, 1), -EINVAL);
	zassert_false(mpsc_pbuf_is_pending(NULL));
	zassert_equal(mpsc_pbuf_put_word(NULL, packet_header(1, 0)), -EINVAL);
	zassert_equal(mpsc_pbuf_put_word_ext(NULL, packet_header(1, 0), NULL), -EINVAL);
	zassert_equal(mpsc_pbuf_put_data(NULL, &word, 1), -EINVAL);
	zassert_equal(mpsc_pbuf_put_data(&buffer, NULL, 1), -EINVAL);
	zassert_equal(mpsc_pbuf_put_data(&buffer, &word, 0), -EINVAL);
	zassert_equal(mpsc_pbuf_get_max_utilization(NULL, &value), -EINVAL);
	zassert_equal(mpsc_pbuf_get_max_utilization(&buffer, NULL), -EINVAL);
	zassert_equal(mpsc_pbuf_dropped_get(NULL), 0);
	MISUSE(mpsc_pbuf_get_utilization(NULL, &value, &value));
	MISUSE(mpsc_pbuf_get_utilization(&buffer, NULL, &value));
	MISUSE(mpsc_pbuf_get_utilization(&buffer, &value, NULL));
	MISUSE(mpsc_pbuf_commit(NULL, (union mpsc_pbuf_generic *)(void *)&word));
	MISUSE(mpsc_pbuf_commit(&buffer, NULL));
	MISUSE(mpsc_pbuf_free(NULL, (union mpsc_pbuf_generic *)(void *)&word));
	MISUSE(mpsc_pbuf_free(&buffer, NULL));
	MISUSE(mpsc_pbuf_init(NULL, NULL));
	zassert_equal(value, 7);
	zassert_equal(word, 0);
	buffer_check_whole(&buffer);
}

static void check_unusable(void)
{
	uint32_t size = 7;
	uint32_t now = 7;

	zassert_is_null(mpsc_pbuf_alloc(&buffer, 1, K_NO_WAIT));
	zassert_equal(mpsc_pbuf_put_word(&buffer, packet_header(1, 0)), -EMSGSIZE);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	zassert_false(mpsc_pbuf_is_pending(&buffer));
	mpsc_pbuf_get_utilization(&buffer, &size, &now);
	zassert_equal(size, 0);
	zassert_equal(now, 0);
}

/* A buffer that cannot be has no words. */
ZTEST(mpsc_pbuf_misuse, test_config)
{
	struct mpsc_pbuf_buffer_config config = {
		.buf = memory, .size = 16, .get_wlen = packet_get_wlen};

	MISUSE(mpsc_pbuf_init(&buffer, NULL));
	check_unusable();
	config.buf = NULL;
	MISUSE(mpsc_pbuf_init(&buffer, &config));
	check_unusable();
	config.buf = memory;
	config.get_wlen = NULL;
	MISUSE(mpsc_pbuf_init(&buffer, &config));
	check_unusable();
	config.get_wlen = packet_get_wlen;
	config.size = BIT(29);
	MISUSE(mpsc_pbuf_init(&buffer, &config));
	check_unusable();
	config.size = 0;
	mpsc_pbuf_init(&buffer, &config);
	check_unusable();
}

ZTEST(mpsc_pbuf_misuse, test_flags)
{
	struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = 16,
		.get_wlen = packet_get_wlen,
		.flags = MPSC_PBUF_MODE_OVERWRITE,
	};

	mpsc_pbuf_init(&buffer, &config);
	zassert_equal(buffer.flags, MPSC_PBUF_MODE_OVERWRITE | MPSC_PBUF_SIZE_POW2);
	config.size = 15;
	config.flags = MPSC_PBUF_SIZE_POW2;
	mpsc_pbuf_init(&buffer, &config);
	zassert_equal(buffer.flags, 0);
	zassert_equal(buffer.size, 15);
}

/* Not the buffer's, or not in the state for it: left alone. */
static void wrong_packets(uint32_t flags)
{
	union item stranger = {.packet = {.valid = 1, .busy = 1, .len = 1}};
	uint32_t raw = stranger.generic.raw;
	const union mpsc_pbuf_generic *claimed;
	union mpsc_pbuf_generic *packet;

	buffer_init(&buffer, 16, flags);
	MISUSE(mpsc_pbuf_free(&buffer, &stranger.generic));
	MISUSE(mpsc_pbuf_commit(&buffer, &stranger.generic));
	zassert_equal(stranger.generic.raw, raw);

	packet = mpsc_pbuf_alloc(&buffer, 3, K_NO_WAIT);
	packet_fill(packet, 3, 1);
	MISUSE(mpsc_pbuf_free(&buffer, packet)); /* being filled */
	mpsc_pbuf_commit(&buffer, packet);
	MISUSE(mpsc_pbuf_free(&buffer, packet)); /* not claimed */
	zassert_true(packet_put(&buffer, 3, 2));

	claimed = mpsc_pbuf_claim(&buffer);
	MISUSE(mpsc_pbuf_commit(&buffer, packet)); /* claimed */
	zassert_true(packet_is(claimed, 3, 1));
	mpsc_pbuf_free(&buffer, claimed);
	MISUSE(mpsc_pbuf_free(&buffer, claimed)); /* free already */
	MISUSE(mpsc_pbuf_commit(&buffer, packet));
	packet_expect(&buffer, 3, 2);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_misuse, test_wrong_packets)
{
	wrong_packets(0);
	wrong_packets(MPSC_PBUF_MODE_OVERWRITE);
}

/* A length that goes beyond the memory: what is there is lost, and nothing else is touched. */
static void wrong_length(uint32_t flags, uint32_t said, bool newest)
{
	union mpsc_pbuf_generic *packet;
	const union mpsc_pbuf_generic *claimed = NULL;

	buffer_init(&buffer, 16, flags);
	zassert_true(packet_put(&buffer, 4, 0));
	packet_expect(&buffer, 4, 0);
	packet = mpsc_pbuf_alloc(&buffer, 4, K_NO_WAIT);
	packet_fill(packet, 4, 1);
	((union item *)packet)->packet.len = said & 0x3ff;
	mpsc_pbuf_commit(&buffer, packet);
	if (!newest) {
		zassert_true(packet_put(&buffer, 4, 2));
	}
	MISUSE(claimed = mpsc_pbuf_claim(&buffer));
	zassert_equal_ptr(claimed, packet);
	MISUSE(mpsc_pbuf_free(&buffer, claimed));
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	buffer_check_around();
}

ZTEST(mpsc_pbuf_misuse, test_wrong_length)
{
	static const uint32_t said[] = {0, 13, 1023};

	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		wrong_length(0, said[i], true);
		wrong_length(0, said[i], false);
		wrong_length(MPSC_PBUF_MODE_OVERWRITE, said[i], true);
		wrong_length(MPSC_PBUF_MODE_OVERWRITE, said[i], false);
	}
}

ZTEST_SUITE(mpsc_pbuf_misuse, NULL, NULL, NULL, NULL, NULL);
