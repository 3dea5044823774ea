/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * I2C and SPI, against functions in place of the drivers' ioctl(): what is tested is what the drivers are
 * asked for, and what becomes of their answers. No driver of the kernel takes part.
 */
#define _GNU_SOURCE

#include "support.h"

#include <zephyr/rtio/fd_bus.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <linux/spi/spidev.h>
#include <stdlib.h>

#define ADDRESS 0x50

/* An EEPROM of 256 bytes: what is written first is where; the place goes up with each byte. */
static struct {
	uint8_t bytes[256];
	uint8_t at;
	uint32_t transfers; /* calls */
	uint32_t messages;  /* in all of them */
	uint16_t flags;     /* of the last message */
	int interrupted;    /* calls to be interrupted */
	int short_by;       /* messages that the next call leaves out */
	int error;          /* of the next calls */
	unsigned long functions;
	struct k_sem *begun; /* given before a transfer */
	struct k_sem *hold;  /* taken then */
} chip;

static struct rtio_bus bus;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(&chip, 0, sizeof(chip));
	memset(&bus, 0, sizeof(bus));
	chip.functions = I2C_FUNC_I2C;
	for (size_t i = 0; i < sizeof(chip.bytes); i++) {
		chip.bytes[i] = (uint8_t)(i * 3);
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)rtio_bus_close(&bus);
	expect_home(&ctx);
}

ZTEST_SUITE(rtio_fd_buses, NULL, NULL, before, after, NULL);

static void message(const struct i2c_msg *m)
{
	chip.messages++;
	chip.flags = m->flags;
	for (uint16_t i = 0; i < m->len; i++) {
		if ((m->flags & I2C_M_RD) != 0) {
			m->buf[i] = chip.bytes[chip.at++];
		} else if (i == 0) {
			chip.at = m->buf[0];
		} else {
			chip.bytes[chip.at++] = m->buf[i];
		}
	}
}

static int eeprom(int fd, unsigned long request, void *arg)
{
	const struct i2c_rdwr_ioctl_data *data = arg;

	ARG_UNUSED(fd);
	if (request == I2C_FUNCS) {
		*(unsigned long *)arg = chip.functions;
		return 0;
	}
	if (chip.hold != NULL) {
		k_sem_give(chip.begun);
		(void)k_sem_take(chip.hold, K_FOREVER);
	}
	if (chip.interrupted > 0 || chip.error != 0 || request != I2C_RDWR) {
		errno = chip.interrupted-- > 0 ? EINTR : chip.error != 0 ? chip.error : ENOTTY;
		return -1;
	}
	if (data->msgs[0].addr != ADDRESS) {
		errno = ENXIO;
		return -1;
	}
	chip.transfers++;
	for (uint32_t i = 0; i < data->nmsgs; i++) {
		message(&data->msgs[i]);
	}
	return (int)data->nmsgs - chip.short_by;
}

static int null_fd(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	zassert_true(fd >= 0);
	return fd;
}

static struct rtio_sqe *ask(uint8_t op, const void *buf, uint32_t len, uintptr_t userdata)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&ctx);

	zassert_not_null(sqe);
	if (op == RTIO_OP_RX) {
		rtio_sqe_prep_read(sqe, &bus.iodev, 0, (uint8_t *)(uintptr_t)buf, len,
				   UINT_TO_POINTER(userdata));
	} else {
		rtio_sqe_prep_write(sqe, &bus.iodev, 0, buf, len, UINT_TO_POINTER(userdata));
	}
	return sqe;
}

ZTEST(rtio_fd_buses, test_i2c_register_read)
{
	uint8_t where = 7;
	uint8_t buf[4];
	uint8_t block[BLOCK];

	zassert_ok(rtio_i2c_init(&bus, null_fd(), ADDRESS, eeprom));
	ask(RTIO_OP_TX, &where, 1, 1)->flags |= RTIO_SQE_TRANSACTION;
	ask(RTIO_OP_RX, buf, sizeof(buf), 2);
	submit(2);
	zassert_equal(next_result(1), 5);
	zassert_equal(next_result(2), 5);
	zassert_mem_equal(buf, &chip.bytes[7], 4);
	zassert_equal(chip.transfers, 1, "one transfer, with a repeated start");
	zassert_equal(chip.messages, 2);

	/* A stop between the two makes it two transfers. */
	{
		struct rtio_sqe *sqe = ask(RTIO_OP_TX, &where, 1, 1);

		sqe->flags |= RTIO_SQE_TRANSACTION;
		sqe->iodev_flags = RTIO_IODEV_I2C_STOP;
		ask(RTIO_OP_RX, buf, sizeof(buf), 2)->iodev_flags = RTIO_IODEV_I2C_10_BITS;
	}
	submit(2);
	zassert_equal(next_result(1), 5);
	zassert_equal(next_result(2), 5);
	zassert_equal(chip.transfers, 3);
	zassert_equal(chip.flags, I2C_M_RD | I2C_M_TEN);

	/* Into a block of the pool. */
	bus.read_size = BLOCK;
	{
		struct rtio_sqe *sqe = rtio_sqe_acquire(&ctx);

		rtio_sqe_prep_read_with_pool(sqe, &bus.iodev, 0, UINT_TO_POINTER(3));
	}
	submit(1);
	zassert_equal(next_block(3, block, sizeof(block)), BLOCK);
	zassert_mem_equal(block, &chip.bytes[11], BLOCK);
}

ZTEST(rtio_fd_buses, test_i2c_writes)
{
	struct rtio_sqe *sqe;

	zassert_ok(rtio_i2c_init(&bus, null_fd(), ADDRESS, eeprom));
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_tiny_write(sqe, &bus.iodev, 0,
				 (const uint8_t *)"\x10"
						  "abc",
				 4, UINT_TO_POINTER(1));
	submit(1);
	zassert_equal(next_result(1), 4);
	zassert_mem_equal(&chip.bytes[16], "abc", 3);
}

ZTEST(rtio_fd_buses, test_i2c_faults)
{
	struct rtio_sqe *sqe;
	uint8_t buf[8];

	chip.functions = 0;
	zassert_equal(rtio_i2c_init(&bus, 0, ADDRESS, eeprom), -ENOTSUP);
	zassert_equal(rtio_i2c_init(&bus, 0, 0x400, eeprom), -EINVAL);
	zassert_equal(rtio_i2c_open(&bus, "/dev/no such bus", ADDRESS), -ENOENT);
	zassert_equal(rtio_i2c_open(&bus, "/dev/null", ADDRESS), -ENOTTY);
	zassert_equal(rtio_bus_close(&bus), -EBADF);
	chip.functions = I2C_FUNC_I2C;
	zassert_ok(rtio_i2c_init(&bus, null_fd(), ADDRESS, eeprom));
	zassert_equal(rtio_i2c_init(&bus, 0, ADDRESS, eeprom), -EBUSY);

	chip.interrupted = 3;
	ask(RTIO_OP_RX, buf, sizeof(buf), 1);
	submit(1);
	zassert_equal(next_result(1), 8, "an interrupted call is made again");
	chip.error = ENXIO;
	ask(RTIO_OP_RX, buf, sizeof(buf), 2)->flags |= RTIO_SQE_CHAINED;
	ask(RTIO_OP_RX, buf, sizeof(buf), 3);
	submit(2);
	zassert_equal(next_result(2), -ENXIO, "nobody answers");
	zassert_equal(next_result(3), -ECANCELED);
	chip.error = 0;
	chip.short_by = 1;
	ask(RTIO_OP_RX, buf, sizeof(buf), 4);
	submit(1);
	zassert_equal(next_result(4), -EIO, "not all messages went");
	chip.short_by = 0;

	ask(RTIO_OP_RX, NULL, 8, 5);
	ask(RTIO_OP_TX, NULL, 8, 6);
	ask(RTIO_OP_TX, buf, 8193, 7);
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_transceive(sqe, &bus.iodev, 0, buf, buf, 8, UINT_TO_POINTER(8));
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_i2c_recover(sqe, &bus.iodev, 0, UINT_TO_POINTER(9));
	submit(5);
	for (uintptr_t i = 5; i < 8; i++) {
		zassert_equal(next_result(i), -EINVAL);
	}
	zassert_equal(next_result(8), -ENOTSUP);
	zassert_equal(next_result(9), -ENOTSUP);
	for (uintptr_t i = 0; i <= CONFIG_RTIO_LINUX_VECTORS; i++) {
		ask(RTIO_OP_RX, buf, 1, i)->flags |=
			i < CONFIG_RTIO_LINUX_VECTORS ? RTIO_SQE_TRANSACTION : 0;
	}
	chip.transfers = 0;
	submit(CONFIG_RTIO_LINUX_VECTORS + 1);
	zassert_equal(next_result(0), -EMSGSIZE);
	zassert_equal(chip.transfers, 0, "nothing has happened");
	(void)rtio_flush_completion_queue(&ctx);
}

/* One transfer is under way, the bus hangs: what waits is cancelled, what runs is waited for. */
ZTEST(rtio_fd_buses, test_cancel_and_close)
{
	rtio_sqe_handle_t handles[3];
	struct k_sem begun;
	struct k_sem hold;
	uint8_t buf[8];

	(void)k_sem_init(&begun, 0, 10);
	(void)k_sem_init(&hold, 0, 10);
	chip.begun = &begun;
	chip.hold = &hold;
	zassert_ok(rtio_i2c_init(&bus, null_fd(), ADDRESS, eeprom));
	for (uintptr_t i = 0; i < 3; i++) {
		struct rtio_sqe *sqe = ask(RTIO_OP_RX, buf, sizeof(buf), i);

		rtio_sqe_set_deadline(sqe, i == 2 ? K_MSEC(5) : K_SECONDS(60));
		handles[i] = rtio_sqe_handle(sqe);
	}
	submit(1);
	zassert_equal(next_result(2), -ETIMEDOUT);
	zassert_ok(rtio_cancel(&ctx, handles[1]));
	zassert_equal(next_result(1), -ECANCELED);
	zassert_ok(k_sem_take(&begun, K_SECONDS(20)));
	zassert_ok(rtio_cancel(&ctx, handles[0]));
	zassert_is_null(rtio_cqe_consume_timeout(&ctx, K_MSEC(5)));
	ask(RTIO_OP_RX, buf, sizeof(buf), 3);
	submit(0);
	k_sem_give(&hold);
	k_sem_give(&hold);
	zassert_equal(next_result(0), 8, "it ended as it ended");
	zassert_equal(next_result(3), 8);
	zassert_ok(rtio_bus_close(&bus));
	ask(RTIO_OP_RX, buf, sizeof(buf), 4);
	submit(1);
	zassert_equal(next_result(4), -EBADF);
}

static uint32_t spi_calls;

/* A wire from out to in, inverting. */
static int loop(int fd, unsigned long request, void *arg)
{
	const struct spi_ioc_transfer *parts = arg;
	size_t count = _IOC_SIZE(request) / sizeof(*parts);

	ARG_UNUSED(fd);
	if (_IOC_NR(request) != 0) {
		return request == SPI_IOC_WR_MODE && *(uint8_t *)arg > 3 ? (errno = EINVAL, -1) : 0;
	}
	spi_calls++;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *out = (const uint8_t *)(uintptr_t)parts[i].tx_buf;
		uint8_t *in = (uint8_t *)(uintptr_t)parts[i].rx_buf;

		for (uint32_t j = 0; in != NULL && j < parts[i].len; j++) {
			in[j] = out != NULL ? (uint8_t)~out[j] : 0xff;
		}
	}
	return 0;
}

ZTEST(rtio_fd_buses, test_spi)
{
	struct rtio_spi_conf conf = {.mode = 9, .speed_hz = 1000000, .bits_per_word = 8};
	struct rtio_sqe *sqe;
	uint8_t in[8] = {0};

	spi_calls = 0;
	zassert_equal(rtio_spi_init(&bus, 0, &conf, loop), -EINVAL);
	zassert_equal(rtio_spi_open(&bus, "/dev/null", NULL), -ENOTTY);
	zassert_equal(rtio_spi_open(&bus, "/dev/no such bus", NULL), -ENOENT);
	conf.mode = SPI_MODE_3;
	zassert_ok(rtio_spi_init(&bus, null_fd(), &conf, loop));
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_transceive(sqe, &bus.iodev, 0, (const uint8_t *)"\x00\x0f\xf0\xff", in, 4,
				 UINT_TO_POINTER(1));
	submit(1);
	zassert_equal(next_result(1), 4);
	zassert_mem_equal(in, "\xff\xf0\x0f\x00", 4);
	ask(RTIO_OP_TX, "abc", 3, 2)->flags |= RTIO_SQE_TRANSACTION;
	ask(RTIO_OP_RX, in, 8, 3);
	submit(2);
	zassert_equal(next_result(2), 11);
	zassert_equal(next_result(3), 11);
	zassert_equal(spi_calls, 2, "a transaction is one transfer");
	zassert_equal(in[7], 0xff);
}
