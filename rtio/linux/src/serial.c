/* SPDX-License-Identifier: Apache-2.0 */
/** @file Serial ports: set up, opened. */
#define _GNU_SOURCE /* CRTSCTS, cfmakeraw */

#include <zephyr/rtio/fd_open.h>

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

static const struct {
	uint32_t baud;
	speed_t speed;
} speeds[] = {
	{50, B50},           {75, B75},           {110, B110},         {134, B134},
	{150, B150},         {200, B200},         {300, B300},         {600, B600},
	{1200, B1200},       {1800, B1800},       {2400, B2400},       {4800, B4800},
	{9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
	{115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
	{576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
	{1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000},
	{3500000, B3500000}, {4000000, B4000000},
};

static int set_speed(struct termios *t, uint32_t baud)
{
	for (size_t i = 0; i < ARRAY_SIZE(speeds); i++) {
		if (speeds[i].baud == baud) {
			(void)cfsetispeed(t, speeds[i].speed);
			(void)cfsetospeed(t, speeds[i].speed);
			return 0;
		}
	}
	return -EINVAL;
}

static int set_frame(struct termios *t, const struct rtio_serial_conf *conf)
{
	static const tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
	uint8_t bits = conf->data_bits != 0 ? conf->data_bits : 8;

	if (bits < 5 || bits > 8 || conf->stop_bits > 2 ||
	    (unsigned int)conf->parity > RTIO_SERIAL_ODD) {
		return -EINVAL;
	}
	t->c_cflag &= ~(tcflag_t)(CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS);
	t->c_cflag |= sizes[bits - 5] | CLOCAL | CREAD;
	t->c_cflag |= conf->stop_bits == 2 ? CSTOPB : 0;
	t->c_cflag |= conf->parity != RTIO_SERIAL_NONE ? PARENB : 0;
	t->c_cflag |= conf->parity == RTIO_SERIAL_ODD ? PARODD : 0;
	t->c_cflag |= conf->rtscts ? CRTSCTS : 0;
	return 0;
}

int rtio_serial_set(int fd, const struct rtio_serial_conf *conf)
{
	static const struct rtio_serial_conf plain;
	struct termios t;
	int ret;

	if (tcgetattr(fd, &t) != 0) {
		return -errno;
	}
	if (conf == NULL) {
		conf = &plain;
	}
	cfmakeraw(&t);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	ret = set_frame(&t, conf);
	if (ret == 0) {
		ret = set_speed(&t, conf->baud != 0 ? conf->baud : 115200);
	}
	if (ret != 0) {
		return ret;
	}
	return tcsetattr(fd, TCSANOW, &t) != 0 || tcflush(fd, TCIFLUSH) != 0 ? -errno : 0;
}

int rtio_serial_open(struct rtio_fd *dev, const char *path, const struct rtio_serial_conf *conf)
{
	/* Non-blocking only so that opening does not wait for a carrier. */
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = rtio_serial_set(fd, conf);
	if (ret == 0 && fcntl(fd, F_SETFL, O_RDWR) != 0) {
		ret = -errno;
	}
	if (ret == 0) {
		ret = rtio_fd_init(dev, fd, RTIO_FD_OWNED);
	}
	if (ret != 0) {
		(void)close(fd);
	}
	return ret;
}
