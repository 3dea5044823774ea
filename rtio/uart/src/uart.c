/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Reads and writes of a UART.
 *
 * Bytes that arrive go into the ring, under the lock. Whoever has put some there, or has begun a read, then
 * delivers: moves bytes from the ring into the read until it ends, answers it with nothing locked, begins the
 * next. One context delivers at a time; another that comes along leaves it to look once more. So an
 * answer that leads to the next read does not lead deeper into the stack.
 */
#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/uart.h>

#include <errno.h>

/* ---- reads ----------------------------------------------------------------------------------- */

/* Take what the hardware has. UART locked. */
static void receive(struct rtio_uart *uart)
{
	uint8_t byte;

	while (uart->hw_api->receive(uart->hw, &byte)) {
		uart->counters.received++;
		if (uart->ring_in - uart->ring_out == uart->ring_size) {
			uart->counters.dropped++;
		} else {
			uart->ring[uart->ring_in++ & (uart->ring_size - 1)] = byte;
		}
	}
}

/* Give the read what there is for it. UART locked. @return whether it is over. */
static bool fill_read(struct rtio_uart *uart)
{
	while (uart->ring_in != uart->ring_out && uart->read_count < uart->read_len) {
		uint8_t byte = uart->ring[uart->ring_out++ & (uart->ring_size - 1)];

		uart->read_buf[uart->read_count++] = byte;
		if (byte == uart->end) {
			return true;
		}
	}
	return uart->read_count == uart->read_len || uart->flush;
}

/* Has the read memory for what it is to get? It is asked for when there is something. UART locked. */
static int ring_room(struct rtio_uart *uart)
{
	struct rtio_iodev_sqe *s = uart->reading;
	bool any = s->sqe.rx.buf == NULL && s->sqe.rx.buf_len == 0;
	uint32_t len = any ? uart->pool_len : s->sqe.rx.buf_len;
	uint32_t got = 0;
	int ret;

	if (uart->read_buf != NULL || uart->ring_in == uart->ring_out) {
		return 0;
	}
	ret = rtio_sqe_rx_buf(s, MIN(len, 1U), len, &uart->read_buf, &got);
	uart->read_len = MIN(got, len);
	return ret;
}

/* Go on with the read that is under way. UART locked. @return whether it is over, with *@p result. */
static bool uart_step(struct rtio_uart *uart, int *result)
{
	int ret;

	if (rtio_iodev_sqe_is_canceled(uart->reading)) {
		uart->counters.dropped += uart->read_count;
		*result = -ECANCELED;
		return true;
	}
	ret = ring_room(uart);
	if (ret != 0) {
		*result = ret;
		return true;
	}
	if (uart->read_buf == NULL || !fill_read(uart)) {
		return false;
	}
	*result = (int)uart->read_count;
	return true;
}

static void begin_read(struct rtio_uart *uart, struct rtio_iodev_sqe *s)
{
	uart->reading = s;
	uart->read_buf = NULL;
	uart->read_count = 0;
	uart->flush = false;
}

/* End reads as long as there are some that can. */
static void deliver_received(struct rtio_uart *uart)
{
	k_spinlock_key_t key = k_spin_lock(&uart->lock);
	int result = 0;

	if (uart->delivering) {
		k_spin_unlock(&uart->lock, key);
		return;
	}
	uart->delivering = true;
	while (uart->reading != NULL && uart_step(uart, &result)) {
		struct rtio_iodev_sqe *s = uart->reading;

		uart->reading = NULL;
		k_spin_unlock(&uart->lock, key);
		rtio_iodev_sqe_ok(s, result);
		s = rtio_iodev_queue_next(&uart->reads);
		key = k_spin_lock(&uart->lock);
		if (s != NULL) {
			begin_read(uart, s);
		}
	}
	uart->delivering = false;
	k_spin_unlock(&uart->lock, key);
}

void rtio_uart_flush(struct rtio_uart *uart)
{
	k_spinlock_key_t key = k_spin_lock(&uart->lock);

	uart->flush =
		uart->reading != NULL && (uart->read_count > 0 || uart->ring_in != uart->ring_out);
	k_spin_unlock(&uart->lock, key);
	deliver_received(uart);
}

/* ---- writes ---------------------------------------------------------------------------------- */

static uint32_t bytes_of(const struct rtio_iodev_sqe *s, const uint8_t **bytes)
{
	if (s->sqe.op == RTIO_OP_TINY_TX) {
		*bytes = s->sqe.tiny_tx.buf;
		return s->sqe.tiny_tx.buf_len;
	}
	*bytes = s->sqe.tx.buf;
	return s->sqe.tx.buf_len;
}

/* Send what the hardware takes. UART locked. @return whether the write is over. */
static bool transmit(struct rtio_uart *uart)
{
	for (; uart->member != NULL; uart->member = rtio_txn_next(uart->member)) {
		const uint8_t *bytes;
		uint32_t len = bytes_of(uart->member, &bytes);

		while (uart->write_count < len) {
			if (!uart->hw_api->transmit(uart->hw, bytes[uart->write_count])) {
				return false;
			}
			uart->write_count++;
			uart->counters.sent++;
		}
		if (rtio_txn_next(uart->member) != NULL) {
			uart->write_count = 0;
		}
	}
	return true;
}

/* UART locked. */
static void begin_write(struct rtio_uart *uart, struct rtio_iodev_sqe *s)
{
	uart->writing = s;
	uart->member = s;
	uart->write_count = 0;
	uart->hw_api->transmit_interrupt(uart->hw, true);
}

/* Go on with writes until the hardware takes no more. */
static void send_next(struct rtio_uart *uart)
{
	k_spinlock_key_t key = k_spin_lock(&uart->lock);

	while (uart->writing != NULL) {
		bool stop = rtio_iodev_sqe_is_canceled(uart->writing);
		struct rtio_iodev_sqe *s = uart->writing;
		int result;

		if (!stop && !transmit(uart)) {
			break;
		}
		result = stop ? -ECANCELED : (int)uart->write_count;
		uart->writing = NULL;
		uart->hw_api->transmit_interrupt(uart->hw, false);
		k_spin_unlock(&uart->lock, key);
		rtio_iodev_sqe_ok(s, result);
		s = rtio_iodev_queue_next(&uart->writes);
		key = k_spin_lock(&uart->lock);
		if (s != NULL) {
			begin_write(uart, s);
		}
	}
	k_spin_unlock(&uart->lock, key);
}

/* ---- requests and interrupts ----------------------------------------------------------------- */

static bool is_write(const struct rtio_iodev_sqe *s)
{
	return s->sqe.op == RTIO_OP_TX || s->sqe.op == RTIO_OP_TINY_TX;
}

static bool uart_request_is_valid(const struct rtio_iodev_sqe *s)
{
	if (s->sqe.op == RTIO_OP_RX) {
		return rtio_txn_next(s) == NULL;
	}
	while (s != NULL && is_write(s)) {
		s = rtio_txn_next(s);
	}
	return s == NULL;
}

static void uart_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_uart *uart = s->sqe.iodev->data;
	bool write = is_write(s);
	k_spinlock_key_t key;

	if (!uart_request_is_valid(s)) {
		rtio_iodev_sqe_err(s, -EINVAL);
		return;
	}
	if (!rtio_iodev_queue_put(write ? &uart->writes : &uart->reads, s)) {
		return;
	}
	key = k_spin_lock(&uart->lock);
	if (write) {
		begin_write(uart, s);
	} else {
		begin_read(uart, s);
	}
	k_spin_unlock(&uart->lock, key);
	if (write) {
		send_next(uart);
	} else {
		deliver_received(uart);
	}
}

static void uart_cancel(struct rtio_iodev_sqe *s)
{
	struct rtio_uart *uart = s->sqe.iodev->data;
	bool write = is_write(s);

	if (rtio_iodev_queue_cancel(write ? &uart->writes : &uart->reads, s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	} else if (write) {
		send_next(uart); /* which sees that it is cancelled */
	} else {
		deliver_received(uart);
	}
}

const struct rtio_iodev_api rtio_uart_iodev_api = {.submit = uart_submit, .cancel = uart_cancel};

void rtio_uart_interrupt(struct rtio_uart *uart)
{
	k_spinlock_key_t key = k_spin_lock(&uart->lock);

	receive(uart);
	k_spin_unlock(&uart->lock, key);
	deliver_received(uart);
	send_next(uart);
}

struct rtio_uart_counters rtio_uart_get_counters(struct rtio_uart *uart)
{
	k_spinlock_key_t key = k_spin_lock(&uart->lock);
	struct rtio_uart_counters counters = uart->counters;

	k_spin_unlock(&uart->lock, key);
	return counters;
}
