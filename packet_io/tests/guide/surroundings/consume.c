/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/kernel.h>
#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/sys/mpsc_pbuf.h>

static struct mpsc_pbuf_buffer buffer;

#include "definitions.inc"

static uint32_t one_word(const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(packet);
	return 1;
}

ZTEST(documents, test_polling_for_packets)
{
	static uint32_t words[8];
	const struct mpsc_pbuf_buffer_config config = {
		.buf = words,
		.size = ARRAY_SIZE(words),
		.get_wlen = one_word,
	};
	union mpsc_pbuf_generic packet = {.raw = 0};
	const union mpsc_pbuf_generic *claimed;

	mpsc_pbuf_init(&buffer, &config);
	zassert_equal(k_poll(&event, 1, K_NO_WAIT), -EAGAIN);
	(void)mpsc_pbuf_put_word(&buffer, packet);
	zassert_ok(k_poll(&event, 1, K_NO_WAIT));
	zassert_equal(event.state, K_POLL_STATE_MPSC_PBUF_DATA_AVAILABLE);
	claimed = mpsc_pbuf_claim(&buffer);
	zassert_not_null(claimed);
	mpsc_pbuf_free(&buffer, claimed);
}
