/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A UART as a device for requests, driven by its interrupts.
 *
 * Writes (RTIO_OP_TX, RTIO_OP_TINY_TX) go out of the buffers they are in, one after the other. Reads
 * (RTIO_OP_RX) are filled one after the other; with memory of the pool, each gets as much as the UART's
 * `pool_len` says, and with multishot there is a next one at once. A read ends when it is full, or behind
 * the byte `end`, or with rtio_uart_flush().
 *
 * What arrives while nobody reads waits in a ring; what finds that full, or what the hardware lost, is
 * counted. Transactions of writes go out as one, without another write between.
 *
 * What a request ends with: bytes; or
 *   -ENOMEM     there is no memory for what is read; what arrives meanwhile waits in the ring
 *   -EINVAL     no such operation, or one of a transaction that is no write
 *   -ECANCELED  as everywhere. What a read had got by then is lost, and counted; of a write some bytes are out.
 */
#ifndef ZEPHYR_RTIO_UART_H_
#define ZEPHYR_RTIO_UART_H_

#include <zephyr/rtio/prio_queue.h>
#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the hardware does; called with interrupts kept out. Constant. */
struct rtio_uart_hw_api {
	/** Take a byte that has arrived, and say that its interrupt is answered. @return whether there was one. */
	bool (*receive)(void *hw, uint8_t *byte);
	/** Send @p byte. @return whether the hardware took it: false if it has to be asked again later. */
	bool (*transmit)(void *hw, uint8_t byte);
	/** Interrupt when the hardware can take a byte again, or no longer. Called before transmit(). */
	void (*transmit_interrupt)(void *hw, bool on);
};

/** What became of what arrived. Each goes round. */
struct rtio_uart_counters {
	uint32_t received; /**< bytes */
	uint32_t dropped; /**< of those, that found no room, or were in a read that was cancelled */
	uint32_t sent;    /**< bytes that the hardware took */
};

/** A UART. Made by RTIO_UART_DEFINE(). */
struct rtio_uart {
	struct rtio_iodev iodev;
	const struct rtio_uart_hw_api *hw_api; /**< constant */
	void *hw;                              /**< constant */
	uint8_t *ring;                         /**< what nobody has read yet */
	uint32_t ring_size;                    /**< bytes, a power of two; constant */
	uint32_t pool_len;                     /**< bytes that a read from the pool asks for */
	int end;                               /**< a byte that ends a read, or -1 */
	struct rtio_iodev_queue reads;
	struct rtio_iodev_queue writes;
	struct k_spinlock lock; /**< guards the rest, and the hardware */
	uint32_t ring_in;       /**< bytes put into the ring so far; goes round */
	uint32_t ring_out;      /**< likewise taken out */
	struct rtio_uart_counters counters;
	struct rtio_iodev_sqe *reading; /**< NULL: none */
	uint8_t *read_buf;
	uint32_t read_len;              /**< bytes that it has room for */
	uint32_t read_count;            /**< bytes that it has got */
	bool delivering;                /**< somebody ends reads */
	bool flush;                     /**< the read ends with what it has */
	struct rtio_iodev_sqe *writing; /**< NULL: none */
	struct rtio_iodev_sqe *member;  /**< of it, whose bytes go out */
	uint32_t write_count;           /**< bytes of the member that are out */
};

extern const struct rtio_iodev_api rtio_uart_iodev_api;

/**
 * Define a UART on hardware @p hw_ptr, of which @p hw_api_ptr is what it does, with a ring of @p ring_sz
 * bytes, a power of two. @p pool_bytes: what a read from the pool asks for. @p end_byte: the byte that
 * ends a read, or -1.
 */
#define RTIO_UART_DEFINE(name, hw_api_ptr, hw_ptr, ring_sz, pool_bytes, end_byte)                  \
	BUILD_ASSERT(IS_POWER_OF_TWO(ring_sz), "a ring is of a power of two");                     \
	static uint8_t UTIL_CAT(name, _ring)[ring_sz];                                             \
	struct rtio_uart name = {                                                                  \
		{&rtio_uart_iodev_api, &name},                                                     \
		(hw_api_ptr),                                                                      \
		(hw_ptr),                                                                          \
		UTIL_CAT(name, _ring),                                                             \
		(ring_sz),                                                                         \
		(pool_bytes),                                                                      \
		(end_byte),                                                                        \
		{}, {}, {}, 0, 0, {}, NULL, NULL, 0, 0, false, false, NULL, NULL, 0}

/** The hardware interrupts: bytes have arrived, or it can take more. Context: ISR. Cost: O(bytes). */
void rtio_uart_interrupt(struct rtio_uart *uart);

/** The read under way, if it has got a byte, ends with what it has. Context: any. */
void rtio_uart_flush(struct rtio_uart *uart);

/** @return the counters. Context: any. */
struct rtio_uart_counters rtio_uart_get_counters(struct rtio_uart *uart);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_UART_H_ */
