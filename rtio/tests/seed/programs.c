/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The three programs of the first description of RTIO, in today's calls: chained requests that block,
 * device to device without blocking, and a sensor on a bus with a reader of its readings. The buses
 * are the device for tests with registers behind it.
 */
#include "../support/device.h"

/* ---- a bus with a device of 256 registers ---------------------------------------------------- */

struct target {
	struct rtio_iodev iodev;
	uint8_t registers[256];
	uint8_t pointer;
};

static void target_submit(struct rtio_iodev_sqe *s)
{
	struct target *target =
		CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev, struct target, iodev);

	if (s->sqe.op == RTIO_OP_TX) {
		if (s->sqe.tx.buf_len > 0) {
			target->pointer = s->sqe.tx.buf[0];
		}
		for (uint32_t i = 1; i < s->sqe.tx.buf_len; i++) {
			target->registers[target->pointer++] = s->sqe.tx.buf[i];
		}
		rtio_iodev_sqe_ok(s, (int)s->sqe.tx.buf_len);
	} else if (s->sqe.op == RTIO_OP_RX && s->sqe.rx.buf != NULL) {
		for (uint32_t i = 0; i < s->sqe.rx.buf_len; i++) {
			s->sqe.rx.buf[i] = target->registers[target->pointer++];
		}
		rtio_iodev_sqe_ok(s, (int)s->sqe.rx.buf_len);
	} else {
		rtio_iodev_sqe_err(s, -ENOTSUP);
	}
}

static const struct rtio_iodev_api target_api = {.submit = target_submit};
static struct target i2c_dev = {.iodev = {&target_api, NULL}};
static struct target spi_dev = {.iodev = {&target_api, NULL}};

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int i = 0; i < 256; i++) {
		i2c_dev.registers[i] = (uint8_t)(255 - i);
		spi_dev.registers[i] = 0;
	}
}

ZTEST_SUITE(rtio_seed, NULL, NULL, before, NULL, NULL);

/* ---- chained requests that block ------------------------------------------------------------- */

RTIO_DEFINE(ez_io, 4, 4);

ZTEST(rtio_seed, test_chained_blocking_requests)
{
	static const uint8_t reg_addr[1] = {0x10};
	static uint8_t buf[32];
	struct rtio_sqe *write_sqe = rtio_sqe_acquire(&ez_io);
	struct rtio_sqe *read_sqe = rtio_sqe_acquire(&ez_io);
	struct rtio_cqe *write_cqe;
	struct rtio_cqe *read_cqe;

	rtio_sqe_prep_write(write_sqe, &i2c_dev.iodev, RTIO_PRIO_LOW, reg_addr, 1, NULL);
	write_sqe->flags |= RTIO_SQE_CHAINED; /* the next one waits for this one */
	rtio_sqe_prep_read(read_sqe, &i2c_dev.iodev, RTIO_PRIO_LOW, buf, 32, NULL);
	zassert_ok(rtio_submit(&ez_io, 2));
	write_cqe = rtio_cqe_consume(&ez_io);
	read_cqe = rtio_cqe_consume(&ez_io);
	zassert_equal(write_cqe->result, 1);
	zassert_equal(read_cqe->result, 32);
	rtio_cqe_release(&ez_io, read_cqe);
	rtio_cqe_release(&ez_io, write_cqe);
	for (int i = 0; i < 32; i++) {
		zassert_equal(buf[i], 255 - 0x10 - i);
	}
	expect_home(&ez_io);
}

/* ---- device to device ------------------------------------------------------------------------ */

ZTEST(rtio_seed, test_device_to_device_without_blocking)
{
	static const uint8_t to_send[1] = {0x20};
	static uint8_t buf[32]; /* the radio's register, and what the sensor says */
	static int address, read, write;
	struct rtio_sqe *sqe = rtio_sqe_acquire(&ez_io);

	rtio_sqe_prep_write(sqe, &i2c_dev.iodev, RTIO_PRIO_LOW, to_send, 1, &address);
	sqe->flags |= RTIO_SQE_CHAINED;
	sqe = rtio_sqe_acquire(&ez_io);
	buf[0] = 0x40;
	rtio_sqe_prep_read(sqe, &i2c_dev.iodev, RTIO_PRIO_LOW, &buf[1], 31, &read);
	sqe->flags |= RTIO_SQE_CHAINED;
	sqe = rtio_sqe_acquire(&ez_io);
	rtio_sqe_prep_write(sqe, &spi_dev.iodev, RTIO_PRIO_LOW, buf, 32, &write);
	zassert_ok(rtio_submit(&ez_io, 0));
	for (int i = 0; i < 3; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&ez_io);

		while (cqe == NULL) {
			k_yield();
			cqe = rtio_cqe_consume(&ez_io);
		}
		zassert_true(cqe->result > 0);
		zassert_equal_ptr(cqe->userdata, i == 0 ? &address : i == 1 ? &read : &write);
		rtio_cqe_release(&ez_io, cqe);
	}
	for (int i = 0; i < 31; i++) {
		zassert_equal(spi_dev.registers[0x40 + i], 255 - 0x20 - i);
	}
	expect_home(&ez_io);
}

/* ---- a sensor on a bus ----------------------------------------------------------------------- */

#define FIFO_REGISTER 0x80
#define FRAMES        3  /* in a full FIFO */
#define FRAME         6  /* three axes of 16 bits, the high byte first */
#define HEADER        4  /* put before them by the driver: a time stamp */
#define READING       (HEADER + FRAMES * FRAME)

/* The sensor's driver, an iodev itself, does its own I/O on the bus. */
RTIO_DEFINE(sensor_bus, 3, 1);

static uint32_t sensor_clock;

static void fifo_was_read(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	struct rtio_iodev_sqe *s = arg0;

	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	if (res < 0) {
		rtio_iodev_sqe_err(s, res);
	} else {
		rtio_iodev_sqe_ok(s, READING);
	}
}

/* The interrupt of the watermark would do the second half; here it comes at once. */
static void sensor_submit(struct rtio_iodev_sqe *s)
{
	static const uint8_t fifo = FIFO_REGISTER;
	struct rtio_sqe sqes[3];

	if (s->sqe.op != RTIO_OP_RX || s->sqe.rx.buf_len < READING) {
		rtio_iodev_sqe_err(s, -EINVAL);
		return;
	}
	memcpy(s->sqe.rx.buf, &sensor_clock, HEADER);
	sensor_clock += FRAMES;
	rtio_sqe_prep_write(&sqes[0], &spi_dev.iodev, RTIO_PRIO_HIGH, &fifo, 1, NULL);
	sqes[0].flags |= RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE;
	rtio_sqe_prep_read(&sqes[1], &spi_dev.iodev, RTIO_PRIO_HIGH, s->sqe.rx.buf + HEADER,
			   FRAMES * FRAME, NULL);
	sqes[1].flags |= RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE;
	rtio_sqe_prep_callback_no_cqe(&sqes[2], fifo_was_read, s, NULL);
	if (rtio_sqe_copy_in(&sensor_bus, sqes, 3) != 0) {
		rtio_iodev_sqe_err(s, -ENOMEM);
		return;
	}
	(void)rtio_submit(&sensor_bus, 0);
}

static const struct rtio_iodev_api sensor_api = {.submit = sensor_submit};
static RTIO_IODEV_DEFINE(sensor_dev, &sensor_api, NULL);

/* Walks through the readings of a buffer. */
struct sensor_reader {
	const uint8_t *at;
	const uint8_t *end;
	uint32_t time;
	int16_t axis[3];
};

static void sensor_reader(struct sensor_reader *reader, const uint8_t *buf, int len)
{
	memcpy(&reader->time, buf, HEADER);
	reader->time--;
	reader->at = buf + HEADER;
	reader->end = buf + len;
}

static bool sensor_reader_next(struct sensor_reader *reader)
{
	if (reader->at + FRAME > reader->end) {
		return false;
	}
	reader->time++;
	for (int i = 0; i < 3; i++, reader->at += 2) {
		reader->axis[i] = (int16_t)((uint16_t)reader->at[0] << 8 | reader->at[1]);
	}
	return true;
}

ZTEST(rtio_seed, test_sensor_with_reader)
{
	static uint8_t bufs[4][READING];
	uint32_t readings = 0;

	for (int i = 0; i < FRAMES * FRAME; i++) {
		spi_dev.registers[FIFO_REGISTER + i] = (uint8_t)i;
	}
	sensor_clock = 100;
	for (int i = 0; i < 4; i++) {
		rtio_sqe_prep_read(rtio_sqe_acquire(&ez_io), &sensor_dev, (int8_t)RTIO_PRIO_HIGH,
				   bufs[i], READING, bufs[i]);
	}
	for (int round = 0; round < 10; round++) {
		struct sensor_reader reader;
		struct rtio_cqe *cqe;
		uint8_t *buf;

		zassert_ok(rtio_submit(&ez_io, 1));
		cqe = rtio_cqe_consume(&ez_io);
		zassert_equal(cqe->result, READING);
		buf = cqe->userdata;
		sensor_reader(&reader, buf, cqe->result);
		while (sensor_reader_next(&reader)) {
			int first = (int)(readings % FRAMES) * FRAME;

			zassert_equal(reader.time, 100 + readings);
			zassert_equal(reader.axis[2], (first + 4) << 8 | (first + 5));
			readings++;
		}
		rtio_cqe_release(&ez_io, cqe);
		/* Its buffer goes to the sensor again. */
		rtio_sqe_prep_read(rtio_sqe_acquire(&ez_io), &sensor_dev, (int8_t)RTIO_PRIO_HIGH,
				   buf, READING, buf);
	}
	zassert_equal(readings, 10 * FRAMES);
	rtio_sqe_drop_all(&ez_io);
	zassert_ok(rtio_flush_completion_queue(&ez_io));
	expect_home(&ez_io);
	expect_home(&sensor_bus);
}
