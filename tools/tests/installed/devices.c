/* SPDX-License-Identifier: Apache-2.0 */

/* Writes into a pipe and reads from it, by requests; exits with the number of bytes that came. */

#include <unistd.h>

#include <zephyr/rtio/fd.h>
#include <zephyr/rtio/rtio.h>

RTIO_DEFINE(requests, 2, 2);

static struct rtio_fd ends[2];

int main(void)
{
	static uint8_t in[8];
	int fds[2];
	int came = 0;

	if (pipe(fds) != 0 || rtio_fd_init(&ends[0], fds[0], 0) != 0 ||
	    rtio_fd_init(&ends[1], fds[1], 0) != 0) {
		return 101;
	}
	rtio_sqe_prep_tiny_write(rtio_sqe_acquire(&requests), &ends[1].iodev, 0,
				 (const uint8_t *)"abc", 3, NULL);
	rtio_sqe_prep_read(rtio_sqe_acquire(&requests), &ends[0].iodev, 0, in, sizeof(in), NULL);
	if (rtio_submit(&requests, 2) != 0) {
		return 102;
	}
	for (int i = 0; i < 2; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&requests);

		came += cqe->result;
		rtio_cqe_release(&requests, cqe);
	}
	return rtio_fd_close(&ends[0]) == 0 && rtio_fd_close(&ends[1]) == 0 ? came / 2 : 103;
}
