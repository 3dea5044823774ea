/* SPDX-License-Identifier: Apache-2.0 */
/** @file What both sides have in common: the layout of the area, descriptors. */
#include "internal.h"

#include <unistd.h>

#define PAGE 4096U

struct shm_layout rtio_shm_layout(uint32_t entries, uint32_t data_size)
{
	struct shm_layout l;

	l.cancel_offset = sizeof(struct rtio_shm_header);
	l.sq_offset = ROUND_UP(l.cancel_offset + entries * (uint32_t)sizeof(uint32_t), 64U);
	l.cq_offset = l.sq_offset + entries * (uint32_t)sizeof(struct rtio_shm_sqe);
	l.data_offset =
		ROUND_UP(l.cq_offset + entries * (uint32_t)sizeof(struct rtio_shm_cqe), PAGE);
	l.size = (size_t)l.data_offset + ROUND_UP(data_size, PAGE);
	return l;
}

void rtio_shm_signal(int fd)
{
	const uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR) {
	}
}

void rtio_shm_close_fd(int *fd)
{
	if (*fd != -1) {
		(void)close(*fd);
		*fd = -1;
	}
}
