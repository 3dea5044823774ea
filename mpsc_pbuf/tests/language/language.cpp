/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers in C++. */
#include <zephyr/sys/mpsc_packet.h>
#include <zephyr/sys/mpsc_pbuf.h>

#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/watch.h>
#include <zephyr/ztest.h>

namespace
{

struct packet {
	MPSC_PBUF_HDR;
	uint32_t wlen: 32 - MPSC_PBUF_HDR_BITS;
};

uint32_t words[16];
struct mpsc_pbuf_buffer buffer;

uint32_t wlen_of(const union mpsc_pbuf_generic *generic)
{
	return reinterpret_cast<const struct packet *>(generic)->wlen;
}

} // namespace

ZTEST(mpsc_pbuf_language, test_cxx)
{
	const struct mpsc_pbuf_buffer_config config = {words, 16, nullptr, wlen_of,
						       MPSC_PBUF_MODE_OVERWRITE};
	const union mpsc_pbuf_generic *packets[2];
	union mpsc_pbuf_generic *generic;

	mpsc_pbuf_init(&buffer, &config);
	generic = mpsc_pbuf_alloc(&buffer, 2, K_NO_WAIT);
	zassert_not_null(generic);
	reinterpret_cast<struct packet *>(generic)->wlen = 2;
	mpsc_pbuf_commit(&buffer, generic);
	zassert_true(mpsc_pbuf_is_pending(&buffer));
	zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, 2), 1);
	mpsc_pbuf_free(&buffer, packets[0]);
	zassert_is_null(mpsc_pbuf_claim_wait(&buffer, K_NO_WAIT));
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), 0);
#ifdef CONFIG_POLL
	struct k_poll_event event;

	k_poll_event_init(&event, K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &buffer);
	zassert_equal(k_poll(&event, 1, K_NO_WAIT), -EAGAIN);
#endif
}

ZTEST_SUITE(mpsc_pbuf_language, NULL, NULL, NULL, NULL, NULL);
