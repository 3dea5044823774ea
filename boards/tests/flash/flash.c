/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is constant lies in flash, where nothing can write: static wiring, names, start-up functions.
 * And the program works although nobody ever writes there.
 */

#include <zephyr/ztest.h>

#include <zephyr/init.h>
#include <zephyr/net_buf.h>
#include <zephyr/packet_io/packet_io.h>

extern const uint32_t board_flash_start[], board_flash_end[];

NET_BUF_POOL_FIXED_DEFINE(pool, 2, 16, 0, NULL);

static uint32_t handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	handled++;
}

PACKET_EVENT_QUEUE_DEFINE(events, 2);
PACKET_SOURCE_DEFINE(wired_source);
PACKET_SINK_DEFINE_IMMEDIATE(immediate_sink, handler);
PACKET_SINK_DEFINE_QUEUED(queued_sink, handler, events);
PACKET_CONNECT(&wired_source, &immediate_sink);
PACKET_CONNECT(&wired_source, &queued_sink);

ZTEST_SUITE(flash, NULL, NULL, NULL, NULL, NULL);

static bool in_flash(const void *object)
{
	uintptr_t address = (uintptr_t)object;

	return address >= (uintptr_t)board_flash_start && address < (uintptr_t)board_flash_end;
}

/* A store that must have no effect. */
static void try_to_write(const void *object)
{
	volatile uint32_t *word = (volatile uint32_t *)(uintptr_t)object;
	uint32_t before = *word;

#ifdef FLASH_WRITE_FAULTS
	ztest_set_fault_valid(true);
	*word = ~before;
	zassert_unreachable("flash was written");
#else
	*word = ~before;
	zassert_equal(*word, before, "flash was written");
#endif
}

static const struct packet_wire *first_wire(void)
{
	TYPE_SECTION_FOREACH(const struct packet_wire, packet_wire, wire) {
		return wire;
	}
	return NULL;
}

ZTEST(flash, test_wires_are_there)
{
	size_t count = 0;

	TYPE_SECTION_FOREACH(const struct packet_wire, packet_wire, wire) {
		zassert_true(in_flash(wire));
		count++;
	}
	zassert_equal(count, 2);
}

ZTEST(flash, test_a_wire_cannot_be_written)
{
	try_to_write(first_wire());
}

ZTEST(flash, test_lists_cannot_be_written)
{
	TYPE_SECTION_START_EXTERN(struct packet_source *const, packet_source);

	zassert_true(in_flash(TYPE_SECTION_START(packet_source)));
	try_to_write(TYPE_SECTION_START(packet_source));
}

ZTEST(flash, test_start_up_functions_cannot_be_written)
{
	TYPE_SECTION_START_EXTERN(const struct init_entry, init_entry);

	zassert_true(in_flash(TYPE_SECTION_START(init_entry)));
	try_to_write(TYPE_SECTION_START(init_entry));
}

#ifdef CONFIG_PACKET_IO_NAMES

ZTEST(flash, test_names_are_there)
{
	zassert_true(in_flash(wired_source.name));
	zassert_true(in_flash(immediate_sink.name));
	zassert_true(in_flash(queued_sink.name));
	zassert_true(in_flash(events.name));
}

ZTEST(flash, test_a_name_cannot_be_written)
{
	try_to_write((const void *)((uintptr_t)wired_source.name & ~(uintptr_t)3));
}

#endif

ZTEST(flash, test_packets_flow)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	handled = 0;
	zassert_equal(packet_source_send_consume(&wired_source, buf, K_NO_WAIT), 2);
	zassert_ok(packet_event_process(&events, K_NO_WAIT));
	zassert_equal(handled, 2);
}
