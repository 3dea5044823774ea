/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The work whose instructions are counted on a Cortex-M3. Each piece is done TIMES and 2 * TIMES times;
 * what the second takes more, in cycles of SysTick, is printed. In QEMU an instruction takes a fixed
 * time of that clock, so the host gets an exact count; see instructions.py.
 */
#include <errno.h>
#include <string.h>

#include <nuttx/mm/iob.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/mpsc_pbuf.h>
#include <zephyr/rtio/rtio.h>

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)

#define SYST_MAX     0xffffffU
#define SYST_RUNNING 5U /* on, with the processor's clock, and no interrupt */

NET_BUF_POOL_FIXED_DEFINE(pool, 4, 256, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(events, 8);

static uint32_t handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	handled++;
}

#define IMMEDIATE_SINK(i, _) PACKET_SINK_DEFINE_IMMEDIATE(immediate_##i, handler)
#define QUEUED_SINK(i, _)    PACKET_SINK_DEFINE_QUEUED(queued_##i, handler, events)
LISTIFY(4, IMMEDIATE_SINK, (;));
LISTIFY(4, QUEUED_SINK, (;));

#define WIRE(i, source, kind) PACKET_CONNECT(&source, &kind##_##i)
#define FANOUT(n, kind)                                                                            \
	PACKET_SOURCE_DEFINE(kind##_source_##n);                                                   \
	LISTIFY(n, WIRE, (;), kind##_source_##n, kind)
FANOUT(1, immediate);
FANOUT(4, immediate);
FANOUT(1, queued);
FANOUT(4, queued);

static struct net_buf *held; /* one reference is the program's */

/* The measure of the measure. */
static void ten_instructions(uint32_t n)
{
	__asm__ volatile("1: .rept 8\n\t"
			 "nop\n\t"
			 ".endr\n\t"
			 "subs %0, #1\n\t"
			 "bne 1b"
			 : "+l"(n)
			 :
			 : "cc");
}

static void alloc_unref(uint32_t n)
{
	for (; n > 0; n--) {
		net_buf_unref(net_buf_alloc(&pool, K_NO_WAIT));
	}
}

static void ref_unref(uint32_t n)
{
	struct net_buf *buf = held;

	for (; n > 0; n--) {
		net_buf_unref(net_buf_ref(buf));
	}
}

static ALWAYS_INLINE void send(struct packet_source *source, uint32_t n, unsigned int sinks)
{
	struct net_buf *buf = held;

	for (; n > 0; n--) {
		(void)packet_source_send(source, buf, K_NO_WAIT);
		for (unsigned int i = 0; i < sinks; i++) {
			(void)packet_event_process(&events, K_NO_WAIT);
		}
	}
}

static void send_immediate_1(uint32_t n)
{
	send(&immediate_source_1, n, 0);
}

static void send_immediate_4(uint32_t n)
{
	send(&immediate_source_4, n, 0);
}

static void send_queued_1(uint32_t n)
{
	send(&queued_source_1, n, 1);
}

static void send_queued_4(uint32_t n)
{
	send(&queued_source_4, n, 4);
}

static void msgq_put_get(uint32_t n)
{
	struct packet_event event = {&queued_0, held};

	for (; n > 0; n--) {
		(void)k_msgq_put(&events_msgq, &event, K_NO_WAIT);
		(void)k_msgq_get(&events_msgq, &event, K_NO_WAIT);
	}
}

/* ---- mpsc_pbuf: packets of a header word and 16 bytes, in 1 KiB ------------------------------- */

#define MPSC_WLEN  5
#define RING_WORDS 256

struct mpsc_packet {
	MPSC_PBUF_HDR;
	uint32_t wlen: 32 - MPSC_PBUF_HDR_BITS;
	uint32_t words[];
};

static struct mpsc_pbuf_buffer ring;
static struct mpsc_pbuf_buffer overwritten_ring;

static uint32_t mpsc_get_wlen(const union mpsc_pbuf_generic *packet)
{
	return ((const struct mpsc_packet *)packet)->wlen;
}

static void mpsc_start(void)
{
	static uint32_t memory[2][RING_WORDS];
	struct mpsc_pbuf_buffer_config config = {
		.buf = memory[0], .size = ARRAY_SIZE(memory[0]), .get_wlen = mpsc_get_wlen};

	mpsc_pbuf_init(&ring, &config);
	config.buf = memory[1];
	config.flags = MPSC_PBUF_MODE_OVERWRITE;
	mpsc_pbuf_init(&overwritten_ring, &config);
}

static ALWAYS_INLINE void mpsc_put(struct mpsc_pbuf_buffer *buffer, uint32_t n)
{
	struct mpsc_packet *packet =
		(struct mpsc_packet *)mpsc_pbuf_alloc(buffer, MPSC_WLEN, K_NO_WAIT);

	packet->wlen = MPSC_WLEN;
	for (unsigned int i = 0; i < MPSC_WLEN - 1; i++) {
		packet->words[i] = n;
	}
	mpsc_pbuf_commit(buffer, (union mpsc_pbuf_generic *)packet);
}

static ALWAYS_INLINE void mpsc_cycle(struct mpsc_pbuf_buffer *buffer, uint32_t n)
{
	for (; n > 0; n--) {
		mpsc_put(buffer, n);
		mpsc_pbuf_free(buffer, mpsc_pbuf_claim(buffer));
	}
}

static void mpsc_put_get(uint32_t n)
{
	mpsc_cycle(&ring, n);
}

static void mpsc_put_get_overwrite(uint32_t n)
{
	mpsc_cycle(&overwritten_ring, n);
}

static void iob_alloc_free(uint32_t n)
{
	for (; n > 0; n--) {
		(void)iob_free(iob_tryalloc(false));
	}
}

/* ---- rtio ------------------------------------------------------------------------------------- */

RTIO_DEFINE(requests, 8, 8);

static void end_at_once(struct rtio_iodev_sqe *iodev_sqe)
{
	rtio_iodev_sqe_ok(iodev_sqe, 0);
}

static const struct rtio_iodev_api at_once_api = {.submit = end_at_once};
static const struct rtio_iodev at_once = {&at_once_api, NULL};

/* Requests from acquire to release, @p batch together. */
static ALWAYS_INLINE void nops(uint32_t n, uint32_t batch)
{
	for (; n > 0; n--) {
		for (uint32_t i = 0; i < batch; i++) {
			rtio_sqe_prep_nop(rtio_sqe_acquire(&requests), &at_once, NULL);
		}
		(void)rtio_submit(&requests, batch);
		for (uint32_t i = 0; i < batch; i++) {
			rtio_cqe_release(&requests, rtio_cqe_consume(&requests));
		}
	}
}

static void nop_1(uint32_t n)
{
	nops(n, 1);
}

static void nop_8(uint32_t n)
{
	nops(n, 8);
}

struct work {
	const char *name;
	void (*run)(uint32_t n);
};

static const struct work counted[] = {
	{"ten instructions", ten_instructions},
	{"net_buf alloc + unref", alloc_unref},
	{"net_buf ref + unref", ref_unref},
	{"send to 1 immediate sink", send_immediate_1},
	{"send to 4 immediate sinks", send_immediate_4},
	{"send to 1 queued sink + process", send_queued_1},
	{"send to 4 queued sinks + process", send_queued_4},
	{"msgq put + get of an event", msgq_put_get},
	{"mpsc_pbuf alloc, fill 16 bytes, commit, claim, free", mpsc_put_get},
	{"the same in overwrite mode", mpsc_put_get_overwrite},
	{"iob tryalloc + free, without the loop", iob_alloc_free},
	{"request that does nothing", nop_1},
	{"8 requests together", nop_8},
};

/* What else may run in an ISR, for the stretch that masks interrupts longest. */

static void pool_exhausted(uint32_t n)
{
	struct net_buf *bufs[4];

	for (; n > 0; n--) {
		for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
			bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
		}
		for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
			if (bufs[i] != NULL) {
				net_buf_unref(bufs[i]);
			}
		}
	}
}

static void queue_full_and_empty(uint32_t n)
{
	for (; n > 0; n--) {
		for (unsigned int i = 0; i < 10; i++) {
			(void)packet_source_send(&queued_source_1, held, K_NO_WAIT);
		}
		for (unsigned int i = 0; i < 10; i++) {
			(void)packet_event_process(&events, K_NO_WAIT);
		}
	}
}

static void connect_disconnect(uint32_t n)
{
	static struct packet_connection connection = {&immediate_source_4, &queued_0, {}};

	for (; n > 0; n--) {
		(void)packet_connection_add(&connection);
		(void)packet_source_send(&immediate_source_4, held, K_NO_WAIT);
		(void)packet_event_process(&events, K_NO_WAIT);
		(void)packet_connection_remove(&connection);
	}
}

/* More than 32 packets in each ring are given back before there is no room that is known of. */
static void mpsc_given_back(uint32_t n)
{
	struct mpsc_pbuf_buffer *const rings[] = {&ring, &overwritten_ring};
	union mpsc_pbuf_generic word = {.raw = 1 << MPSC_PBUF_HDR_BITS};

	for (; n > 0; n--) {
		for (size_t i = 0; i < 2 * ARRAY_SIZE(rings) * RING_WORDS; i++) {
			struct mpsc_pbuf_buffer *buffer = rings[i % ARRAY_SIZE(rings)];

			(void)mpsc_pbuf_put_word(buffer, word);
			mpsc_pbuf_free(buffer, mpsc_pbuf_claim(buffer));
		}
	}
}

static const struct work masked_too[] = {
	{"pool exhausted", pool_exhausted},
	{"queue full and empty", queue_full_and_empty},
	{"connect, send, disconnect", connect_disconnect},
	{"room given back", mpsc_given_back},
};

static uint32_t cycles(const struct work *work, uint32_t times)
{
	uint32_t begin = SYST_CVR;

	work->run(times);
	return (begin - SYST_CVR) & SYST_MAX;
}

static void print(const char *text)
{
	port_print(text, strlen(text));
}

static void print_number(uint32_t number)
{
	char digits[11];
	char *at = &digits[10];

	*at = '\0';
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	print(at);
}

int main(void)
{
	SYST_CSR = 0;
	SYST_RVR = SYST_MAX;
	SYST_CVR = 0;
	SYST_CSR = SYST_RUNNING;

	held = net_buf_alloc(&pool, K_NO_WAIT);
	mpsc_start();
	for (size_t i = 0; i < ARRAY_SIZE(counted); i++) {
		counted[i].run(1); /* what happens only the first time */
	}
	for (size_t i = 0; i < ARRAY_SIZE(counted); i++) {
		uint32_t once = cycles(&counted[i], TIMES);

		print(counted[i].name);
		print("\t");
		print_number(cycles(&counted[i], 2 * TIMES) - once);
		print("\n");
	}
	for (size_t i = 0; i < ARRAY_SIZE(masked_too); i++) {
		masked_too[i].run(TIMES);
	}
	net_buf_unref(held);
	return handled > 0 ? 0 : 1;
}
