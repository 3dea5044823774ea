/* SPDX-License-Identifier: Apache-2.0 */
/** @file A consumer that waits for a packet, alone or with k_poll(), on the virtual clock. */
#include <zephyr/irq_offload.h>

#include "../support/crew.h"
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

/* What a waiting consumer got. */
struct catch
{
	k_timeout_t timeout;
	const union mpsc_pbuf_generic *packet;
	uint64_t after;
	bool done;
};

static void consumer(void *a, void *b, void *c)
{
	struct catch *catch = a;
	int64_t start = sys_clock_tick_get();

	ARG_UNUSED(b);
	ARG_UNUSED(c);
	catch->packet = mpsc_pbuf_claim_wait(&buffer, catch->timeout);
	catch->after = (uint64_t)(sys_clock_tick_get() - start);
	catch->done = true;
}

static void start(k_thread_entry_t entry, struct catch *catch, uint32_t flags)
{
	buffer_init(&buffer, 16, flags);
	crew_start(entry, catch, NULL, 3);
	crew_settle();
	zassert_false(catch->done);
}

static const uint32_t modes[] = {0, MPSC_PBUF_MODE_OVERWRITE};

ZTEST(mpsc_pbuf_packet, test_woken_by_commit)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct catch catch = {.timeout = K_FOREVER};
		union mpsc_pbuf_generic *packet;

		start(consumer, &catch, modes[i]);
		packet = mpsc_pbuf_alloc(&buffer, 3, K_NO_WAIT);
		packet_fill(packet, 3, 7);
		crew_settle();
		zassert_false(catch.done);
		mpsc_pbuf_commit(&buffer, packet);
		crew_join();
		zassert_true(packet_is(catch.packet, 3, 7));
		mpsc_pbuf_free(&buffer, catch.packet);
		buffer_check_whole(&buffer);
	}
}

static void put_word_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, 9)));
}

ZTEST(mpsc_pbuf_packet, test_woken_by_isr)
{
	struct catch catch = {.timeout = K_FOREVER};

	start(consumer, &catch, 0);
	irq_offload(put_word_in_isr, NULL);
	crew_join();
	zassert_true(packet_is(catch.packet, 1, 9));
}

ZTEST(mpsc_pbuf_packet, test_timeout_is_exact)
{
	struct catch catch = {.timeout = K_MSEC(5)};

	start(consumer, &catch, 0);
	crew_join();
	zassert_is_null(catch.packet);
	zassert_equal(catch.after, k_ms_to_ticks_ceil64(5));
	/* Nobody is left waiting. */
	zassert_true(packet_put(&buffer, 3, 1));
	packet_expect(&buffer, 3, 1);
}

/* A packet behind one that is not committed wakes nobody; then both are there. */
ZTEST(mpsc_pbuf_packet, test_woken_by_the_first_only)
{
	struct catch catch = {.timeout = K_FOREVER};
	union mpsc_pbuf_generic *first;

	start(consumer, &catch, 0);
	first = mpsc_pbuf_alloc(&buffer, 3, K_NO_WAIT);
	zassert_true(packet_put(&buffer, 2, 2));
	crew_settle();
	zassert_false(catch.done);
	packet_fill(first, 3, 1);
	mpsc_pbuf_commit(&buffer, first);
	crew_join();
	zassert_true(packet_is(catch.packet, 3, 1));
	packet_expect(&buffer, 2, 2);
}

ZTEST(mpsc_pbuf_packet, test_there_already)
{
	buffer_init(&buffer, 16, 0);
	zassert_true(packet_put(&buffer, 3, 1));
	zassert_true(packet_is(mpsc_pbuf_claim_wait(&buffer, K_FOREVER), 3, 1));
	zassert_is_null(mpsc_pbuf_claim_wait(&buffer, K_NO_WAIT));
}

#ifdef CONFIG_POLL

static void poller(void *a, void *b, void *c)
{
	struct catch *catch = a;
	struct k_poll_event event = K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE,
							     K_POLL_MODE_NOTIFY_ONLY, &buffer);
	int64_t start_tick = sys_clock_tick_get();
	int ret = k_poll(&event, 1, catch->timeout);

	ARG_UNUSED(b);
	ARG_UNUSED(c);
	zassert_equal(ret == 0, event.state == K_POLL_STATE_MPSC_PBUF_DATA_AVAILABLE);
	catch->packet = ret == 0 ? mpsc_pbuf_claim(&buffer) : NULL;
	catch->after = (uint64_t)(sys_clock_tick_get() - start_tick);
	catch->done = true;
}

ZTEST(mpsc_pbuf_packet, test_poll)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct catch catch = {.timeout = K_FOREVER};

		start(poller, &catch, modes[i]);
		zassert_true(packet_put(&buffer, 3, 7));
		crew_join();
		zassert_true(packet_is(catch.packet, 3, 7));

		catch = (struct catch){.timeout = K_MSEC(3)};
		start(poller, &catch, modes[i]);
		crew_join();
		zassert_is_null(catch.packet);
		zassert_equal(catch.after, k_ms_to_ticks_ceil64(3));
		zassert_true(packet_put(&buffer, 3, 7));
	}
}

ZTEST(mpsc_pbuf_packet, test_poll_without_waiting)
{
	struct k_poll_event events[2];
	struct k_poll_signal sig = K_POLL_SIGNAL_INITIALIZER(sig);

	k_poll_event_init(&events[0], K_POLL_TYPE_MPSC_PBUF_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &buffer);
	k_poll_event_init(&events[1], K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &sig);
	buffer_init(&buffer, 16, 0);
	zassert_equal(k_poll(events, 2, K_NO_WAIT), -EAGAIN);
	zassert_true(packet_put(&buffer, 3, 7));
	zassert_ok(k_poll(events, 2, K_FOREVER));
	zassert_equal(events[0].state, K_POLL_STATE_MPSC_PBUF_DATA_AVAILABLE);
	zassert_equal(events[1].state, K_POLL_STATE_NOT_READY);
	packet_expect(&buffer, 3, 7);
	/* Another object is ready: the buffer does not know the event any more. */
	zassert_ok(k_poll_signal_raise(&sig, 1));
	zassert_ok(k_poll(events, 2, K_FOREVER));
	zassert_equal(events[0].state, K_POLL_STATE_NOT_READY);
	zassert_true(packet_put(&buffer, 3, 8));
	zassert_equal(events[0].state, K_POLL_STATE_NOT_READY);
}

#endif /* CONFIG_POLL */

ZTEST_SUITE(mpsc_pbuf_packet, NULL, NULL, crew_virtual_begin, crew_virtual_end, NULL);
