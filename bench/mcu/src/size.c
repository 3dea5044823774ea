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

#ifdef CONFIG_MPSC_PBUF
#include <zephyr/sys/mpsc_pbuf.h>

struct record {
	MPSC_PBUF_HDR;
	uint32_t wlen: 32 - MPSC_PBUF_HDR_BITS;
	uint32_t value;
};

static struct mpsc_pbuf_buffer records;

static uint32_t record_wlen(const union mpsc_pbuf_generic *packet)
{
	return ((const struct record *)packet)->wlen;
}

/* Records are written, as an interrupt would, and read. */
static void log_record(void)
{
	static uint32_t memory[64];
	static const struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = ARRAY_SIZE(memory),
		.get_wlen = record_wlen,
		.flags = MPSC_PBUF_MODE_OVERWRITE,
	};
	const union mpsc_pbuf_generic *claimed;
	struct record *record;

	if (records.size == 0) {
		mpsc_pbuf_init(&records, &config);
	}
	record = (struct record *)mpsc_pbuf_alloc(&records, 2, K_NO_WAIT);
	if (record != NULL) {
		record->wlen = 2;
		record->value = 1;
		mpsc_pbuf_commit(&records, (union mpsc_pbuf_generic *)record);
	}
	(void)mpsc_pbuf_put_word(&records,
				 (union mpsc_pbuf_generic){.raw = 1 << MPSC_PBUF_HDR_BITS});
	while (mpsc_pbuf_is_pending(&records)) {
		claimed = mpsc_pbuf_claim(&records);
		if (claimed != NULL) {
			mpsc_pbuf_free(&records, claimed);
		}
	}
}
#else
static void log_record(void)
{
}
#endif

#ifdef CONFIG_MM_IOB
#include <nuttx/mm/iob.h>

/* A packet is received, as in an interrupt, queued, and read. */
static void receive(void)
{
	static const uint8_t bytes[100];
	uint8_t out[100];
	static struct iob_queue_s queue;
	struct iob_s *iob = iob_tryalloc(true);

	if (iob != NULL && (iob_trycopyin(iob, bytes, sizeof(bytes), 0, true) < 0 ||
			    iob_tryadd_queue(iob, &queue) != 0)) {
		iob_free_chain(iob);
	}
	iob = iob_remove_queue(&queue);
	if (iob != NULL) {
		iob = iob_trimhead(iob, 14);
		(void)iob_copyout(out, iob, sizeof(out), 0);
		iob_free_chain(iob);
	}
}
#else
static void receive(void)
{
}
#endif

#ifdef CONFIG_RTIO
#include <zephyr/rtio/rtio.h>

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(requests, 5, 5, 4, 16, 4);
#else
RTIO_DEFINE(requests, 5, 5);
#endif

static struct rtio_iodev_sqe *asked;
static bool called;

static void begin_transfer(struct rtio_iodev_sqe *iodev_sqe)
{
	asked = iodev_sqe;
}

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
static int take_data(void)
{
	uint8_t *data;
	uint32_t len;

	return rtio_sqe_rx_buf(asked, 1, 16, &data, &len) == 0 ? (int)len : -ENOMEM;
}

static void prepare(struct rtio_sqe *sqe, const struct rtio_iodev *bus)
{
	rtio_sqe_prep_read_with_pool(sqe, bus, RTIO_PRIO_NORM, NULL);
}

static void use_data(struct rtio_cqe *cqe)
{
	uint8_t *data;
	uint32_t len;

	if (rtio_cqe_get_mempool_buffer(&requests, cqe, &data, &len) == 0) {
		rtio_release_buffer(&requests, data, len);
	}
}
#else
static int take_data(void)
{
	return 0;
}

static void prepare(struct rtio_sqe *sqe, const struct rtio_iodev *bus)
{
	rtio_sqe_prep_nop(sqe, bus, NULL);
}

static void use_data(struct rtio_cqe *cqe)
{
	ARG_UNUSED(cqe);
}
#endif

#ifdef CONFIG_RTIO_DEADLINE
static void set_times(struct rtio_sqe *first, struct rtio_sqe *second)
{
	rtio_sqe_set_deadline(first, K_MSEC(10));
	rtio_sqe_prep_delay(second, K_MSEC(1), NULL);
}
#else
static void set_times(struct rtio_sqe *first, struct rtio_sqe *second)
{
	ARG_UNUSED(first);
	ARG_UNUSED(second);
}
#endif

static void transfer_isr(void)
{
	if (asked != NULL) {
		rtio_iodev_sqe_ok(asked, take_data());
	}
}

static void transferred(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	ARG_UNUSED(arg0);
	called = res >= 0;
}

/* Two transfers as one; then one more, then another, then a function. */
static int transfer(void)
{
	static const struct rtio_iodev_api api = {.submit = begin_transfer};
	static const struct rtio_iodev bus = {&api, NULL};
	struct rtio_sqe *sqes[5];
	struct rtio_cqe *cqe;
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sqes); i++) {
		sqes[i] = rtio_sqe_acquire(&requests);
		if (sqes[i] == NULL) {
			return -ENOMEM;
		}
		rtio_sqe_prep_nop(sqes[i], &bus, NULL);
	}
	sqes[0]->flags = RTIO_SQE_TRANSACTION;
	prepare(sqes[2], &bus);
	sqes[2]->flags |= RTIO_SQE_CHAINED;
	set_times(sqes[0], sqes[3]);
	sqes[3]->flags |= RTIO_SQE_CHAINED;
	rtio_sqe_prep_callback(sqes[4], transferred, NULL, NULL);
	(void)rtio_submit(&requests, 0);
	transfer_isr();
	for (size_t i = 0; i < ARRAY_SIZE(sqes); i++) {
		cqe = rtio_cqe_consume_block(&requests);
		result = MIN(result, cqe->result);
		use_data(cqe);
		rtio_cqe_release(&requests, cqe);
	}
	return called ? result : -EIO;
}
#else
static int transfer(void)
{
	return 0;
}
#endif

int main(void)
{
	for (;;) {
		device_isr();
		log_record();
		receive();
		(void)transfer();
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
