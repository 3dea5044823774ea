/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A six-axis IMU, with the registers of <zephyr/rtio/imu6_regs.h>, as a sensor: its iodev does
 * requests of its own on the bus, which may be I2C or SPI, simulated or real.
 *
 * A read waits for the watermark interrupt (with RTIO_SENSOR_NOW it does not), and then gets the frames that
 * are in the FIFO, as many as fit. Its own requests put them into the buffer of the read, behind the
 * head, so they are copied by nobody. The buffer is the read's, or of the pool of its context; with
 * multishot, each watermark brings one. Reads wait for each other in the order of rtio_iodev_queue.
 *
 * A read ends with bytes, RTIO_IMU6_HEAD_SIZE and the frames; or what the bus says (bus.h, for one), and
 *   -ENOMEM    there is no room for one frame, in the buffer or in the pool; the frames stay in the FIFO
 *   -EINVAL    no RTIO_OP_RX
 *   -EIO       the bus brought less than one frame
 * When the bus says that a line is held, it is recovered before the read answers.
 */
#ifndef ZEPHYR_RTIO_IMU6_H_
#define ZEPHYR_RTIO_IMU6_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/prio_queue.h>
#include <zephyr/rtio/sensor.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTIO_IMU6_HEAD_SIZE  24U
#define RTIO_IMU6_FRAME_SIZE 16U

/** Bytes of a buffer for @p frames frames. */
#define RTIO_IMU6_BUF_SIZE(frames) (RTIO_IMU6_HEAD_SIZE + (frames) * RTIO_IMU6_FRAME_SIZE)

/** How it measures. Zeroed but for the period: 2 g, 250 degrees/s, an interrupt for each sample. */
struct rtio_imu6_config {
	uint16_t period_us; /**< from sample to sample, more than 0 */
	uint8_t acc_range;  /**< 0 to 3: 2, 4, 8, 16 g */
	uint8_t gyro_range; /**< 0 to 3: 250, 500, 1000, 2000 degrees/s */
	uint8_t watermark;  /**< frames; 0: 1 */
};

/** The driver of one. Made by RTIO_IMU6_DEFINE(). */
struct rtio_imu6 {
	struct rtio_sensor sensor;
	const struct rtio_iodev *bus; /**< the device on its bus; constant */
	bool spi;                     /**< what kind of bus that is; constant */
	struct rtio *r;               /**< for its own requests; constant */
	struct port_irq irq;          /**< its interrupt line: port_irq_raise() of it is an edge */
	struct rtio_iodev_queue queue;
	struct k_spinlock lock; /**< guards state to own */
	uint32_t state;         /**< what happens to current; see imu6.c */
	bool pending;           /**< an interrupt came that no read has answered */
	bool stop;              /**< current is to end */
	struct rtio_iodev_sqe
		*current;      /**< the read that is being done, or waits for the watermark */
	rtio_sqe_handle_t own; /**< its own request under way */

	/* Whoever made the state "reading" has these. */
	uint32_t frames;   /**< being read */
	uint8_t *buf;      /**< where they go */
	uint32_t left;     /**< that stay in the FIFO */
	bool overrun;      /**< samples were lost before them */
	uint64_t time_us;  /**< when head was read, in microseconds since start-up */
	uint8_t head[7];   /**< STATUS, COUNT and CLOCK */
	uint8_t ranges;    /**< of the configuration */
	uint8_t watermark; /**< likewise */
};

extern const struct rtio_iodev_api rtio_imu6_api;
extern const struct sensor_decoder rtio_imu6_decoder;
void rtio_imu6_interrupt(void *arg);

/** Define an IMU that is at @p bus_iodev, a pointer to an iodev; @p is_spi: of SPI, not of I2C. */
#define RTIO_IMU6_DEFINE(name, bus_iodev, is_spi)                                                  \
	RTIO_DEFINE(UTIL_CAT(name, _own), 8, 4);                                                   \
	struct rtio_imu6 name = {                                                                  \
		{{&rtio_imu6_api, &name}, &rtio_imu6_decoder},                                     \
		(bus_iodev),                                                                       \
		(is_spi),                                                                          \
		&UTIL_CAT(name, _own),                                                             \
		{rtio_imu6_interrupt, &name, NULL, 0},                                             \
		{}, {}, 0, false, false, NULL, 0, 0, NULL, 0, false, 0, {}, 0, 0}

/**
 * Set @p imu up: it samples from then on. Nothing is to be read meanwhile.
 *
 * Context: thread.   Blocks: for a few messages on the bus.
 * @return 0; -ENODEV if something else is there; -EINVAL if @p config makes no sense; what the bus says.
 */
int rtio_imu6_start(struct rtio_imu6 *imu, const struct rtio_imu6_config *config);

/** Let it sample no more. Reads that wait go on waiting. As rtio_imu6_start(). */
int rtio_imu6_stop(struct rtio_imu6 *imu);

/** @return whether samples were lost, for want of room in the FIFO, before those in this buffer. */
bool rtio_imu6_overrun(const uint8_t *buf);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_IMU6_H_ */
