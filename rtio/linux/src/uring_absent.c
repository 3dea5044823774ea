/* SPDX-License-Identifier: Apache-2.0 */
/** @file The engine over io_uring where the library is built without liburing: none. */
#include "internal.h"

#include <errno.h>

static int start(int wake)
{
	ARG_UNUSED(wake);
	return -ENOSYS;
}

const struct rtio_engine_backend rtio_uring_backend = {
	.kind = RTIO_ENGINE_URING,
	.start = start,
};
