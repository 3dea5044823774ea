/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The application whose size is looked at: a device's interrupt allocates a buffer, fills it and sends
 * it to an immediate and to a queued sink; the main loop takes events off the queue, and reports by
 * a send that may wait. Of each option that is on it uses what the option is for. Nobody runs it.
 */
#include <zephyr/packet_io/packet_io.h>

NET_BUF_POOL_FIXED_DEFINE(pool, 4, 64, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(events, 8);
PACKET_SOURCE_DEFINE(device);
PACKET_SOURCE_DEFINE(reports);

static struct net_buf *last;

static void keep(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	if (last != NULL) {
		net_buf_unref(last);
	}
	last = net_buf_ref(buf);
}

static void consume(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	(void)net_buf_pull(buf, 2);
}

PACKET_SINK_DEFINE_IMMEDIATE(keeper, keep);
PACKET_SINK_DEFINE_QUEUED(consumer, consume, events);
PACKET_CONNECT(&device, &keeper);
PACKET_CONNECT(&device, &consumer);
PACKET_CONNECT(&reports, &consumer);

/* As the handler of an interrupt would. */
static __attribute__((noinline)) void device_isr(void)
{
	static const uint8_t bytes[4];
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	if (buf != NULL) {
		(void)net_buf_add_mem(buf, bytes, sizeof(bytes));
		(void)packet_source_send_consume(&device, buf, K_NO_WAIT);
	}
}

static __attribute__((noinline)) void report(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_MSEC(10));

	if (buf != NULL) {
		(void)packet_source_send(&reports, buf, K_MSEC(10));
		net_buf_unref(buf);
	}
}

#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
static void rewire(void)
{
	static struct packet_connection connection = {&reports, &keeper, {}};

	if (packet_connection_add(&connection) != 0) {
		(void)packet_connection_remove(&connection);
	}
}
#else
static void rewire(void)
{
}
#endif

#ifdef CONFIG_PACKET_IO_STATS
static uint32_t count(void)
{
	uint32_t sent;
	uint32_t handled;

	packet_source_get_stats(&device, &sent, NULL);
	packet_sink_get_stats(&consumer, &handled, NULL);
	return sent - handled;
}
#else
static uint32_t count(void)
{
	return 0;
}
#endif

#ifdef CONFIG_NET_BUF_POOL_USAGE
static size_t usage(void)
{
	return net_buf_get_available(&pool) + net_buf_get_max_used(&pool);
}
#else
static size_t usage(void)
{
	return 0;
}
#endif

#ifdef CONFIG_POLL
static void wait(void)
{
	struct k_poll_event event = K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE,
							     K_POLL_MODE_NOTIFY_ONLY, &events_msgq);

	(void)k_poll(&event, 1, K_FOREVER);
}
#else
static void wait(void)
{
}
#endif

int main(void)
{
	for (;;) {
		device_isr();
		report();
		rewire();
		wait();
		if (packet_event_process(&events, K_MSEC(100)) == -EAGAIN &&
		    count() + usage() == 0) {
			return 0;
		}
	}
}

/* What the linker leaves out, and the table of bytes for each object is read from. */
#define SIZE_OF(what, bytes)                                                                       \
	extern char size_of_##what[];                                                              \
	char size_of_##what[bytes]
SIZE_OF(source, sizeof(struct packet_source));
SIZE_OF(sink, sizeof(struct packet_sink));
SIZE_OF(queue, sizeof(struct packet_event_queue) + sizeof(struct k_msgq));
SIZE_OF(entry, sizeof(struct packet_event));
SIZE_OF(connection, sizeof(struct packet_connection));
SIZE_OF(wire, sizeof(struct packet_wire));
SIZE_OF(buffer, sizeof(struct net_buf));
SIZE_OF(pool, sizeof(struct net_buf_pool));
