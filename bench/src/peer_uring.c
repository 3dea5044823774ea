/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_uring.h"

#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>

static struct io_uring ring;

bool bench_uring_start(void)
{
	struct io_uring_params best = {
		.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	};
	struct io_uring_params plain = {.flags = 0};

	if (io_uring_queue_init_params(64, &ring, &best) == 0 ||
	    io_uring_queue_init_params(64, &ring, &plain) == 0) {
		return true;
	}
	fprintf(stderr,
		"bench: the kernel has no io_uring for this process; its columns are left out\n");
	return false;
}

void peer_uring_ask(int fd, void *buf, uint32_t len, bool file)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (file) {
		io_uring_prep_read(sqe, fd, buf, len, 0);
	} else {
		io_uring_prep_recv(sqe, fd, buf, len, 0);
	}
}

void peer_uring_nop(void)
{
	io_uring_prep_nop(io_uring_get_sqe(&ring));
}

void peer_uring_submit(void)
{
	(void)io_uring_submit(&ring);
}

void peer_uring_answers(uint32_t n, int result)
{
	struct io_uring_cqe *cqe;

	(void)io_uring_submit_and_wait(&ring, n);
	while (n-- > 0) {
		if (io_uring_wait_cqe(&ring, &cqe) != 0 || cqe->res != result) {
			abort();
		}
		io_uring_cqe_seen(&ring, cqe);
	}
}
