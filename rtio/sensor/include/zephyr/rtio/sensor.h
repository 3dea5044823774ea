/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Sensors as devices for requests, and readers of what they measured.
 *
 * A read from a sensor yields a buffer: a small head that says how the rest is to be understood, and
 * behind it what the sensor sent, as it sent it. Nothing is converted or copied until a reader goes
 * through it, one reading after the other, with the channels that the application asks for:
 *
 * @code
 * struct sensor_channel channels[] = {
 *         SENSOR_TIMESTAMP_CHANNEL,
 *         SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
 * };
 * struct sensor_reader reader;
 *
 * res = sensor_reader(sensor, buf, cqe->result, &reader, channels, ARRAY_SIZE(channels));
 * while (res == 0 && sensor_reader_next(&reader)) {
 *         printk("%u us: %d\n", channels[0].value.u32, channels[1].value.i32);
 * }
 * @endcode
 *
 * The units of SENSOR_SI are millionths: um/s^2 and urad/s, as integers. A fraction with a shift of its
 * own (Q31) would keep a few bits more than any sensor has, but two of them can be added or compared only
 * after looking at their shifts, which change with the range. Millionths are the same for all ranges
 * and sensors; 1/32768 of 2 g is 599 of them, and 32 bits reach to 219 g and 123,000 degrees/s.
 */
#ifndef ZEPHYR_RTIO_SENSOR_H_
#define ZEPHYR_RTIO_SENSOR_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is measured. */
enum sensor_quantity {
	SENSOR_TIMESTAMP, /**< when: microseconds since start-up */
	SENSOR_ACC_X,     /**< acceleration; SI: um/s^2 */
	SENSOR_ACC_Y,
	SENSOR_ACC_Z,
	SENSOR_GYRO_X, /**< rate of turn; SI: urad/s */
	SENSOR_GYRO_Y,
	SENSOR_GYRO_Z,
};

/** In which unit. */
enum sensor_unit {
	SENSOR_RAW, /**< as the sensor says it */
	SENSOR_SI,  /**< millionths of the SI unit, rounded to the nearest */
};

/** A channel of a reader: what the application asks for, and its value in the current reading. */
struct sensor_channel {
	uint8_t quantity; /**< enum sensor_quantity */
	uint8_t index;    /**< which of several such sensors in the device */
	uint8_t unit;     /**< enum sensor_unit */
	uint8_t size;     /**< bytes of the value that is written */
	union {
		int32_t i32; /**< of size 4 */
		uint32_t u32;
		int64_t i64; /**< of size 8 */
		uint64_t u64;
	} value;
};

/** A channel of @p type, which is of 4 or 8 bytes. */
#define SENSOR_CHANNEL(type, quantity, index, unit)                                                \
	{                                                                                          \
		(quantity), (index), (unit), (uint8_t)sizeof(type),                                \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}
/** When it was: value.u32, which goes round after 71 minutes. */
#define SENSOR_TIMESTAMP_CHANNEL SENSOR_CHANNEL(uint32_t, SENSOR_TIMESTAMP, 0, SENSOR_SI)
/** The same as value.u64, which does not. */
#define SENSOR_TIMESTAMP64_CHANNEL SENSOR_CHANNEL(uint64_t, SENSOR_TIMESTAMP, 0, SENSOR_SI)

/** What a kind of sensor knows about its buffers. @p buf has been checked but where it says so. */
struct sensor_decoder {
	/** @return readings in @p len bytes at @p buf; -EINVAL if that is no buffer of this sensor. */
	int (*count)(const uint8_t *buf, size_t len);
	/** @return whether it has such a channel. */
	bool (*has)(const struct sensor_channel *channel);
	/** @return the value of @p channel in reading @p n. */
	int64_t (*value)(const uint8_t *buf, uint32_t n, const struct sensor_channel *channel);
};

/** A sensor. Those of a kind begin with it. */
struct rtio_sensor {
	struct rtio_iodev iodev; /**< for requests: RTIO_OP_RX */
	const struct sensor_decoder *decoder;
};

/** Flag for `iodev_flags` of a read: what there is now, instead of what there will be at the watermark. */
#define RTIO_SENSOR_NOW BIT(8)

/** Goes through readings. It keeps pointers to what it was made of. */
struct sensor_reader {
	const struct sensor_decoder *decoder;
	const uint8_t *buf;
	struct sensor_channel *channels;
	uint32_t channel_count;
	uint32_t count; /**< readings in the buffer */
	uint32_t next;  /**< number of the next one */
};

/**
 * Make a reader of the @p len bytes that a read from @p sensor yielded at @p buf.
 *
 * What is in the buffer is not trusted. Context: any.   Cost: O(channel_count).
 * @return 0; -EINVAL if the buffer is none of this sensor, or a channel's value is not of 4 or 8 bytes;
 * -ENOTSUP if the sensor has no such channel.
 */
int sensor_reader(const struct rtio_sensor *sensor, const uint8_t *buf, int32_t len,
		  struct sensor_reader *reader, struct sensor_channel *channels,
		  size_t channel_count);

/**
 * Go to the next reading: its values are in the channels. A value that does not fit in 4 bytes loses
 * its upper ones.   Context: any.   Cost: O(channel_count).   @return whether there was one.
 */
bool sensor_reader_next(struct sensor_reader *reader);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SENSOR_H_ */
