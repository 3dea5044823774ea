/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Several modules in one process: what the program and the libraries it is linked with wire is one
 * wiring, before main(). A library that is loaded later may have sources and sinks, but no wires.
 */
#define _GNU_SOURCE /* memfd_create */

#include "modules.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zephyr/packet_io/inspect.h>

#include "packets.h"

PACKET_SOURCE_DEFINE(program_source);
PACKET_SINK_DEFINE_WITH_DATA(program_sink, module_handler, NULL, "p");
PACKET_SOURCE_DEFINE(program_other_source);
PACKET_CONNECT(&program_source, &program_sink);
PACKET_CONNECT(&program_other_source, &linked_sink);
PACKET_CONNECT(&program_source, &linked_sink);
PACKET_CONNECT(&program_other_source, &program_sink);

/* Deliveries before main(), when the trace belongs to nobody yet. */
static int before_main = -1;

void module_handler(struct packet_sink *sink, struct net_buf *buf)
{
	if (before_main >= 0) {
		trace_handler(sink, buf);
	}
}

__attribute__((constructor)) static void send_before_main(void)
{
	struct net_buf *buf = linked_packet();
	int delivered = packet_source_send(&program_source, buf, K_NO_WAIT);

	before_main = delivered + packet_source_send_consume(linked_source_get(), buf, K_NO_WAIT);
}

ZTEST_SUITE(packet_modules, NULL, NULL, NULL, NULL, NULL);

ZTEST(packet_modules, test_a_wired_before_main)
{
	zassert_equal(before_main, 3 + 3);
	zassert_equal(queue_drain(linked_queue_get()), 2);
}

/* ---- the linked library ----------------------------------------------------------------------- */

ZTEST(packet_modules, test_program_to_library)
{
	zassert_equal(packet_source_send_consume(&program_other_source, packet_new(0), K_NO_WAIT),
		      2);
	zassert_str_equal(trace(), "lp");
}

/* Its sinks come from wires of both. */
ZTEST(packet_modules, test_wired_by_both)
{
	zassert_equal(packet_source_send_consume(&program_source, packet_new(0), K_NO_WAIT), 3);
	zassert_str_equal(trace(), "pl");
	zassert_equal(queue_drain(linked_queue_get()), 1);
	zassert_str_equal(trace(), "plq");
}

ZTEST(packet_modules, test_library_to_program)
{
	zassert_equal(packet_source_send_consume(linked_source_get(), linked_packet(), K_NO_WAIT),
		      3);
	zassert_str_equal(trace(), "lp");
	zassert_equal(queue_drain(linked_queue_get()), 1);
	zassert_str_equal(trace(), "lpq");
}

struct meeting {
	const void *object;
	int met;
};

static int meet_source(struct packet_source *src, void *user_data)
{
	struct meeting *meeting = user_data;

	meeting->met += src == meeting->object ? 1 : 0;
	return 0;
}

static int meet_sink(struct packet_sink *sink, void *user_data)
{
	struct meeting *meeting = user_data;

	meeting->met += sink == meeting->object ? 1 : 0;
	return 0;
}

static int times_met(int (*foreach)(int (*visit)(struct packet_source *, void *), void *),
		     const struct packet_source *src)
{
	struct meeting meeting = {.object = src};

	zassert_ok(foreach(meet_source, &meeting));
	return meeting.met;
}

ZTEST(packet_modules, test_inspect)
{
	struct meeting meeting = {.object = &linked_sink};

	zassert_equal(times_met(packet_source_foreach, &program_source), 1);
	zassert_equal(times_met(packet_source_foreach, linked_source_get()), 1);
	zassert_ok(packet_sink_foreach(meet_sink, &meeting));
	zassert_equal(meeting.met, 1);
}

/* ---- libraries that come late ----------------------------------------------------------------- */

/* Load @p path; what is printed meanwhile goes to @p said. */
static void *load(const char *path, char *said, size_t size)
{
	int file = memfd_create("said", 0);
	int console = dup(STDOUT_FILENO);
	void *library;
	ssize_t len;

	zassert_true(file >= 0 && console >= 0);
	(void)fflush(stdout);
	(void)dup2(file, STDOUT_FILENO);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	(void)fflush(stdout);
	(void)dup2(console, STDOUT_FILENO);
	(void)close(console);
	len = pread(file, said, size - 1, 0);
	(void)close(file);
	zassert_true(len >= 0);
	said[len] = '\0';
	zassert_not_null(library, "%s", dlerror());
	return library;
}

static struct module_objects objects_of(void *library)
{
	module_objects_t function;

	*(void **)&function = dlsym(library, "module_objects");
	zassert_not_null(function);
	return function();
}

/* Its wires carry nothing, which is said; the wiring of the others is what it was. */
ZTEST(packet_modules, test_late_with_wires)
{
	char said[512];
	void *library = load(LATE_WIRED, said, sizeof(said));
	struct module_objects late = objects_of(library);

	TC_PRINT("it said: %s", said);
	zassert_not_null(strstr(said, "2 PACKET_CONNECT()"), "nothing was refused");
	zassert_not_null(strstr(said, "refused"));
	zassert_equal(packet_source_send_consume(late.source, packet_new(0), K_NO_WAIT), 0);
	zassert_equal(packet_source_send_consume(&program_other_source, packet_new(0), K_NO_WAIT),
		      2);
	zassert_str_equal(trace(), "lp");
	zassert_equal(times_met(packet_source_foreach, late.source), 0);
	zassert_ok(dlclose(library));
	zassert_equal(times_met(packet_source_foreach, &program_source), 1);
}

/* Without wires there is nothing to refuse: it connects at run time. */
ZTEST(packet_modules, test_late_without_wires)
{
	static struct packet_connection to_late;
	static struct packet_connection from_late;
	char said[512];
	void *library = load(LATE_PLAIN, said, sizeof(said));
	struct module_objects late = objects_of(library);

	zassert_str_equal(said, "");
	to_late = (struct packet_connection){.source = &program_other_source, .sink = late.sink};
	from_late = (struct packet_connection){.source = late.source, .sink = &program_sink};
	zassert_ok(packet_connection_add(&to_late));
	zassert_ok(packet_connection_add(&from_late));
	zassert_equal(packet_source_send_consume(&program_other_source, packet_new(0), K_NO_WAIT),
		      3);
	zassert_str_equal(trace(), "lpx");
	zassert_equal(packet_source_send_consume(late.source, packet_new(0), K_NO_WAIT), 1);
	zassert_str_equal(trace(), "lpxp");
	zassert_ok(packet_connection_remove(&to_late));
	zassert_ok(packet_connection_remove(&from_late));
	zassert_ok(dlclose(library));
}
