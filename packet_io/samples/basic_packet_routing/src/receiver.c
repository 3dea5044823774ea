/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "receiver.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zephyr/sys/byteorder.h>

static struct receiver_report report;

static void note_fault(const char *what)
{
	uint32_t good = 0;

	for (uint32_t i = 0; i < SENSOR_COUNT; i++) {
		good += report.packets[i];
	}
	(void)snprintf(report.fault, sizeof(report.fault), "packet %lu, at byte %llu: %s",
		       (unsigned long)good + 1, (unsigned long long)report.bytes, what);
}

/* @return bytes of whole, good packets at the start of @p data; sets report.fault at a bad one. */
static size_t check_packets(const uint8_t *data, size_t len)
{
	size_t used = 0;

	while (len - used >= PACKET_HEADER_SIZE) {
		const uint8_t *packet = data + used;
		uint32_t length = sys_get_le32(packet + 4);
		const char *fault = NULL;

		if (sys_get_le32(packet) != PACKET_MAGIC) {
			fault = "it does not begin with the magic number";
		} else if (length < RECORD_HEAD_SIZE || length > RECORD_SIZE_MAX) {
			fault = "its length is impossible";
		} else if (len - used < PACKET_HEADER_SIZE + length) {
			break;
		} else {
			fault = packet_check_record(packet + PACKET_HEADER_SIZE, length,
						    report.packets);
		}
		if (fault != NULL) {
			note_fault(fault);
			break;
		}
		report.packets[packet[PACKET_HEADER_SIZE]]++;
		report.bytes += PACKET_HEADER_SIZE + length;
		used += PACKET_HEADER_SIZE + length;
	}
	return used;
}

static void check_stream(int fd)
{
	static uint8_t data[64 * 1024];
	size_t len = 0;

	while (report.fault[0] == '\0') {
		ssize_t got = recv(fd, data + len, sizeof(data) - len, 0);
		size_t used;

		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			note_fault(strerror(errno));
			return;
		}
		if (got == 0) {
			if (len != 0) {
				note_fault("the stream ends in the middle of it");
			}
			return;
		}
		len += (size_t)got;
		used = check_packets(data, len);
		len -= used;
		memmove(data, data + used, len);
	}
}

/* @return the connection; -1 if nobody waits for a report any more. */
static int accept_one(void)
{
	struct pollfd pfds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = STDOUT_FILENO},
	};
	int fd;

	for (;;) {
		if (poll(pfds, 2, -1) < 0 && errno != EINTR) {
			return -1;
		}
		if (pfds[0].revents != 0) {
			fd = accept(STDIN_FILENO, NULL, NULL);
			if (fd >= 0 || (errno != EINTR && errno != ECONNABORTED)) {
				return fd;
			}
		} else if (pfds[1].revents != 0) {
			return -1;
		}
	}
}

int receiver_main(void)
{
	int fd = accept_one();

	if (fd < 0) {
		return 1;
	}
	check_stream(fd);
	/* The report is on its way before the sender learns that the stream was taken. */
	if (write(STDOUT_FILENO, &report, sizeof(report)) != (ssize_t)sizeof(report)) {
		return 1;
	}
	(void)close(fd);
	return report.fault[0] == '\0' ? 0 : 1;
}
