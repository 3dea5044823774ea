/* SPDX-License-Identifier: Apache-2.0 */
/** @file A UART: reads that fill, end at a byte, are flushed, cancelled; writes from any buffer. */
#include <errno.h>

#include <zephyr/irq_offload.h>

#include "../../tests/support/device.h"
#include "wire.h"

#define RING     16
#define POOL_LEN 8
#define BLOCKS   4

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(io, 8, 8, BLOCKS, POOL_LEN, 4);
#else
RTIO_DEFINE(io, 8, 8);
#endif

static struct wire wire;
RTIO_UART_DEFINE(uart, &wire_api, &wire, RING, POOL_LEN, '\n');

static uint8_t in[64];

static void home(void)
{
	for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&io) < io.sq_size; i++) {
		k_yield();
	}
	expect_home(&io);
}

/* All interrupts have been served. */
static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

static void settle(void)
{
	irq_offload(nothing, NULL);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	wire_init(&wire, &uart);
	uart.end = '\n';
	memset(&uart.counters, 0, sizeof(uart.counters));
	uart.ring_in = UINT32_MAX - 20; /* it goes round */
	uart.ring_out = uart.ring_in;
	memset(in, 0, sizeof(in));
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	settle();
	home();
	zassert_is_null(uart.reading);
	zassert_is_null(uart.writing);
}

ZTEST_SUITE(rtio_uart, NULL, NULL, before, after, NULL);

static void feed(const char *text)
{
	wire_feed(&wire, text, (uint32_t)strlen(text));
	settle();
}

static struct rtio_sqe *read_into(uint8_t *buf, uint32_t len)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&io);

	zassert_not_null(sqe);
	rtio_sqe_prep_read(sqe, &uart.iodev, RTIO_PRIO_NORM, buf, len, buf);
	return sqe;
}

static struct rtio_sqe *write_from(const char *text, uint16_t flags)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&io);

	zassert_not_null(sqe);
	rtio_sqe_prep_write(sqe, &uart.iodev, RTIO_PRIO_NORM, (const uint8_t *)text,
			    (uint32_t)strlen(text), NULL);
	sqe->flags |= flags;
	return sqe;
}

static int result(void)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_block(&io);
	int is = cqe->result;

	rtio_cqe_release(&io, cqe);
	return is;
}

static void submit(void)
{
	zassert_ok(rtio_submit(&io, 0));
}

/* ---- reads ----------------------------------------------------------------------------------- */

ZTEST(rtio_uart, test_read_is_full)
{
	(void)read_into(in, 5);
	submit();
	feed("abc");
	expect_no_cqe(&io);
	feed("defg");
	zassert_equal(result(), 5);
	zassert_mem_equal(in, "abcde", 5);
	(void)read_into(in, 2);
	submit();
	zassert_equal(result(), 2);
	zassert_mem_equal(in, "fg", 2);
}

ZTEST(rtio_uart, test_read_ends_at_a_byte)
{
	(void)read_into(in, 32);
	(void)read_into(&in[32], 32);
	submit();
	feed("one\ntw");
	zassert_equal(result(), 4);
	zassert_mem_equal(in, "one\n", 4);
	expect_no_cqe(&io);
	feed("o\nthree");
	zassert_equal(result(), 4);
	zassert_mem_equal(&in[32], "two\n", 4);
	/* No byte ends one. */
	uart.end = -1;
	(void)read_into(in, 7);
	submit();
	feed("\n\xff");
	zassert_equal(result(), 7);
	zassert_mem_equal(in, "three\n\xff", 7);
}

ZTEST(rtio_uart, test_flush)
{
	rtio_uart_flush(&uart);
	(void)read_into(in, 32);
	submit();
	rtio_uart_flush(&uart);
	feed("ab");
	expect_no_cqe(&io);
	rtio_uart_flush(&uart);
	zassert_equal(result(), 2);
	zassert_mem_equal(in, "ab", 2);
}

/* Nobody reads: the ring keeps the oldest, the rest is counted. */
ZTEST(rtio_uart, test_ring)
{
	struct rtio_uart_counters counters;

	feed("0123456789");
	feed("abcdefghij");
	counters = rtio_uart_get_counters(&uart);
	zassert_equal(counters.received, 20);
	zassert_equal(counters.dropped, 4);
	(void)read_into(in, 32);
	submit();
	rtio_uart_flush(&uart);
	zassert_equal(result(), RING);
	zassert_mem_equal(in, "0123456789abcdef", RING);
}

ZTEST(rtio_uart, test_cancel_a_read)
{
	rtio_sqe_handle_t handles[3];

	for (int i = 0; i < 3; i++) {
		handles[i] = rtio_sqe_handle(read_into(&in[16 * i], 4));
	}
	submit();
	feed("ab");
	zassert_ok(rtio_cancel(&io, handles[1]));
	expect_cqe(&io, POINTER_TO_UINT(&in[16]), -ECANCELED);
	zassert_ok(rtio_cancel(&io, handles[0]));
	expect_cqe(&io, POINTER_TO_UINT(in), -ECANCELED);
	zassert_equal(rtio_uart_get_counters(&uart).dropped, 2);
	feed("wxyz");
	zassert_equal(result(), 4);
	zassert_mem_equal(&in[32], "wxyz", 4);
	zassert_equal(rtio_cancel(&io, handles[2]), -ENOENT);
}

/* A long chain of reads that can all end at once does not need stack for each. */
ZTEST(rtio_uart, test_chain)
{
	uart.end = -1;
	for (uint32_t i = 0; i < 8; i++) {
		read_into(&in[2 * i], 2)->flags |= i < 7 ? RTIO_SQE_CHAINED : 0;
	}
	feed("0123456789abcdef");
	submit();
	for (int i = 0; i < 8; i++) {
		zassert_equal(result(), 2);
	}
	zassert_mem_equal(in, "0123456789abcdef", 16);
}

ZTEST(rtio_uart, test_other_operations)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&io);

	rtio_sqe_prep_transceive(sqe, &uart.iodev, RTIO_PRIO_NORM, in, in, 1, NULL);
	submit();
	zassert_equal(result(), -EINVAL);
	(void)write_from("a", RTIO_SQE_TRANSACTION);
	(void)read_into(in, 1);
	submit();
	zassert_equal(result(), -EINVAL);
	zassert_equal(result(), -ECANCELED);
	read_into(in, 1)->flags |= RTIO_SQE_TRANSACTION;
	(void)write_from("a", 0);
	submit();
	zassert_equal(result(), -EINVAL);
	zassert_equal(result(), -ECANCELED);
	zassert_equal(wire.out_count, 0);
}

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

static rtio_sqe_handle_t stream(void)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&io);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	rtio_sqe_prep_read_multishot(sqe, &uart.iodev, RTIO_PRIO_NORM, NULL);
	submit();
	return handle;
}

/* The next completion has @p text, in memory of the pool, which goes home. */
static void expect_text(const char *text)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_block(&io);
	uint32_t len;
	uint8_t *buf;

	zassert_equal(cqe->result, (int)strlen(text), "result %d", (int)cqe->result);
	zassert_ok(rtio_cqe_get_mempool_buffer(&io, cqe, &buf, &len));
	zassert_mem_equal(buf, text, strlen(text));
	rtio_release_buffer(&io, buf, len);
	rtio_cqe_release(&io, cqe);
}

ZTEST(rtio_uart, test_stream_into_the_pool)
{
	rtio_sqe_handle_t handle = stream();

	feed("abc\n");
	expect_text("abc\n");
	feed("0123456789\nx");
	expect_text("01234567");
	expect_text("89\n");
	feed("y\n\n");
	expect_text("xy\n");
	expect_text("\n");
	/* It holds no memory while nothing has come. */
	zassert_equal(io.block_pool->num_used, 0);
	zassert_ok(rtio_cancel(&io, handle));
	zassert_equal(result(), -ECANCELED);
}

/* No memory: it says so and ends; what has come is still there, for the next. */
ZTEST(rtio_uart, test_no_memory)
{
	uart.end = -1;
	(void)stream();
	for (int i = 0; i < BLOCKS; i++) {
		feed("01234567");
	}
	feed("rest...+");
	settle();
	zassert_equal(io.block_pool->num_used, BLOCKS);
	for (int i = 0; i < BLOCKS; i++) {
		expect_text("01234567");
	}
	zassert_equal(result(), -ENOMEM);
	zassert_equal(rtio_uart_get_counters(&uart).dropped, 0);
	rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(&io), &uart.iodev, RTIO_PRIO_NORM, NULL);
	submit();
	expect_text("rest...+");
}

#endif

/* ---- writes ---------------------------------------------------------------------------------- */

static void expect_sent(const char *text)
{
	settle();
	zassert_equal(wire.out_count, strlen(text), "%u bytes", (unsigned int)wire.out_count);
	zassert_mem_equal(wire.out, text, strlen(text));
	wire.out_count = 0;
}

ZTEST(rtio_uart, test_writes)
{
	struct rtio_sqe *sqe;

	(void)write_from("hello, ", 0);
	sqe = rtio_sqe_acquire(&io);
	rtio_sqe_prep_tiny_write(sqe, &uart.iodev, RTIO_PRIO_NORM, (const uint8_t *)"tiny", 4,
				 NULL);
	(void)write_from("", 0);
	(void)write_from(" world", 0);
	submit();
	zassert_equal(result(), 7);
	zassert_equal(result(), 4);
	zassert_equal(result(), 0);
	zassert_equal(result(), 6);
	expect_sent("hello, tiny world");
	zassert_equal(rtio_uart_get_counters(&uart).sent, 17);
	zassert_false(wire.interrupts);
}

/* The members of a transaction are not divided, not even for what is more urgent. */
ZTEST(rtio_uart, test_transaction)
{
	wire_stall(&wire, true);
	(void)write_from("<", 0);
	(void)write_from("ab", RTIO_SQE_TRANSACTION);
	(void)write_from("", RTIO_SQE_TRANSACTION);
	(void)write_from("cde", 0);
	write_from("!", 0)->prio = RTIO_PRIO_HIGH;
	submit();
	settle();
	expect_no_cqe(&io);
	wire_stall(&wire, false);
	zassert_equal(result(), 1);
	zassert_equal(result(), 1);
	for (int i = 0; i < 3; i++) {
		zassert_equal(result(), 3);
	}
	expect_sent("<!abcde");
}

ZTEST(rtio_uart, test_cancel_a_write)
{
	rtio_sqe_handle_t first;
	rtio_sqe_handle_t second;

	wire_stall(&wire, true);
	first = rtio_sqe_handle(write_from("first", 0));
	second = rtio_sqe_handle(write_from("second", 0));
	(void)write_from("third", 0);
	submit();
	zassert_ok(rtio_cancel(&io, second));
	zassert_equal(result(), -ECANCELED);
	zassert_ok(rtio_cancel(&io, first));
	zassert_equal(result(), -ECANCELED);
	wire_stall(&wire, false);
	zassert_equal(result(), 5);
	expect_sent("third");
}

/* Both ways at once, from and into one context. */
ZTEST(rtio_uart, test_both_ways)
{
	for (int i = 0; i < 50; i++) {
		(void)read_into(in, 4);
		(void)write_from("ping", 0);
		submit();
		wire_feed(&wire, "pong", 4);
		zassert_equal(result(), 4);
		zassert_equal(result(), 4);
		zassert_mem_equal(in, "pong", 4);
		expect_sent("ping");
		home();
	}
}
