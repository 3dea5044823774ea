/* SPDX-License-Identifier: Apache-2.0 */
/** @file The engine over io_uring where the library is built without liburing: none. */
#include "internal.h"

#include <errno.h>

static int uring_start(int wake)
{
	ARG_UNUSED(wake);
	return -ENOSYS;
}

struct rtio_keeper *rtio_keeper_for(const struct rtio_iodev_sqe *s)
{
	ARG_UNUSED(s);
	return NULL;
}

void rtio_keep(struct rtio_keeper *keeper, struct rtio_fd_op *op)
{
	ARG_UNUSED(keeper);
	ARG_UNUSED(op);
}

void rtio_keeper_wake(struct rtio_keeper *keeper)
{
	ARG_UNUSED(keeper);
}

const struct rtio_engine_backend rtio_uring_backend = {
	.kind = RTIO_ENGINE_URING,
	.start = uring_start,
};
