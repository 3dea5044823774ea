/* SPDX-License-Identifier: Apache-2.0 */
/** @file Descriptors made into devices in one call: serial ports, timers. Linux only. */
#ifndef ZEPHYR_RTIO_FD_OPEN_H_
#define ZEPHYR_RTIO_FD_OPEN_H_

#include <zephyr/rtio/fd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Parity of a serial port. */
enum rtio_serial_parity {
	RTIO_SERIAL_NONE,
	RTIO_SERIAL_EVEN,
	RTIO_SERIAL_ODD
};

/** How a serial port is set; zeroed: 115200 8N1 without flow control. */
struct rtio_serial_conf {
	uint32_t baud;     /**< one of those of termios, 50 to 4000000; 0: 115200 */
	uint8_t data_bits; /**< 5 to 8; 0: 8 */
	uint8_t stop_bits; /**< 1, 2; 0: 1 */
	enum rtio_serial_parity parity;
	bool rtscts; /**< flow control by RTS and CTS */
};

/**
 * Set the terminal @p fd raw, as @p conf says; NULL: as if zeroed. What it received before is dropped.
 * Context: thread.
 * @return 0; -EINVAL for what a port cannot be set to; -ENOTTY if it is no terminal; as tcsetattr(3).
 */
int rtio_serial_set(int fd, const struct rtio_serial_conf *conf);

/**
 * Open the serial port @p path as @p dev, set as @p conf says. It does not wait for a carrier, and does
 * not become the controlling terminal.
 * Context: thread.   @return 0; errors of open(2), rtio_serial_set() and rtio_fd_init(); nothing is left.
 */
int rtio_serial_open(struct rtio_fd *dev, const char *path, const struct rtio_serial_conf *conf);

/**
 * A timer that expires after @p first, and then, unless @p period is K_NO_WAIT, each @p period. A read
 * of 8 bytes ends when it has expired, with how often since the last read, a uint64_t.
 * Both are relative times; K_FOREVER as @p first: it stands still until rtio_timer_set().
 * Context: thread.   @return 0; -EINVAL; errors of timerfd_create(2), rtio_fd_init(); nothing is left.
 */
int rtio_timer_open(struct rtio_fd *dev, k_timeout_t first, k_timeout_t period);

/** Set it anew. What expired and was not read is forgotten. Context: any. @return 0; -EINVAL. */
int rtio_timer_set(struct rtio_fd *dev, k_timeout_t first, k_timeout_t period);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_FD_OPEN_H_ */
