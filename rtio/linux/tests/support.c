/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define DEVICES 16

RTIO_DEFINE_WITH_MEMPOOL(ctx, SQ, SQ, BLOCKS, BLOCK, 64);

static struct rtio_fd devices[DEVICES];
static int opened;
static const char *now;
static struct rtio_engine_conf conf;

const char *engine_now(void)
{
	return now;
}

bool engine_is_uring(void)
{
	return conf.kind == RTIO_ENGINE_URING;
}

bool engine_is_deferred(void)
{
	return conf.deferred;
}

/* Whether io_uring is refused to this process, or is not what the library needs: nothing to test here. */
static bool is_without_uring(int ret)
{
	struct rlimit limit;

	if (ret == -ENOMEM && getrlimit(RLIMIT_MEMLOCK, &limit) == 0) {
		return limit.rlim_cur != RLIM_INFINITY; /* before 5.12 rings count */
	}
	return ret == -ENOSYS || ret == -EPERM || ret == -EACCES || ret == -ENOTSUP;
}

static void with(void (*body)(void), enum rtio_engine_kind kind, bool deferred, const char *name)
{
	int ret;

	conf.kind = kind;
	conf.deferred = deferred;
	ret = rtio_engine_start(&conf);
	if (kind == RTIO_ENGINE_URING && is_without_uring(ret)) {
		TC_PRINT("not with %s, which this system refuses: %d\n", name, ret);
		return;
	}
	zassert_ok(ret, "%s: %d", name, ret);
	zassert_equal(rtio_engine_kind(), kind);
	now = name;
	body();
	close_all();
	zassert_ok(rtio_engine_stop(), "%s", name);
	expect_home(&ctx);
	now = NULL;
}

void on_each_engine(void (*body)(void))
{
	with(body, RTIO_ENGINE_URING, false, "io_uring");
	with(body, RTIO_ENGINE_URING, true, "io_uring, deferred");
	with(body, RTIO_ENGINE_POLL, false, "epoll");
	with(body, RTIO_ENGINE_POLL, true, "epoll, deferred");
}

void fd_after(void *fixture)
{
	ARG_UNUSED(fixture);
	if (now != NULL) {
		TC_PRINT("this was with %s\n", now);
		close_all();
		(void)rtio_engine_stop();
		rtio_sqe_drop_all(&ctx);
		now = NULL;
	}
}

struct rtio_fd *device(int fd)
{
	struct rtio_fd *dev = &devices[opened];

	zassert_true(opened < DEVICES);
	zassert_ok(rtio_fd_init(dev, fd, RTIO_FD_OWNED));
	opened++;
	return dev;
}

void close_all(void)
{
	while (opened > 0) {
		struct rtio_fd *dev = &devices[--opened];

		if (dev->open) {
			zassert_ok(rtio_fd_close(dev));
		}
	}
	(void)rtio_flush_completion_queue(&ctx);
}

void make_pipe(int ends[2])
{
	zassert_ok(pipe2(ends, O_CLOEXEC));
}

void make_pair(int type, int ends[2])
{
	zassert_ok(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
}

int make_memory_file(size_t size)
{
	int fd = memfd_create("rtio test", MFD_CLOEXEC);

	zassert_true(fd >= 0);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(i * 7 + i / 256);

		zassert_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
	}
	return fd;
}

static struct rtio_sqe *acquire(void)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&ctx);

	zassert_not_null(sqe);
	return sqe;
}

struct rtio_sqe *ask_read(struct rtio_fd *dev, void *buf, uint32_t len, uintptr_t userdata)
{
	struct rtio_sqe *sqe = acquire();

	rtio_sqe_prep_read(sqe, &dev->iodev, 0, buf, len, UINT_TO_POINTER(userdata));
	return sqe;
}

struct rtio_sqe *ask_write(struct rtio_fd *dev, const void *buf, uint32_t len, uintptr_t userdata)
{
	struct rtio_sqe *sqe = acquire();

	rtio_sqe_prep_write(sqe, &dev->iodev, 0, buf, len, UINT_TO_POINTER(userdata));
	return sqe;
}

struct rtio_sqe *ask_pool(struct rtio_fd *dev, uintptr_t userdata, bool multishot)
{
	struct rtio_sqe *sqe = acquire();

	if (multishot) {
		rtio_sqe_prep_read_multishot(sqe, &dev->iodev, 0, UINT_TO_POINTER(userdata));
	} else {
		rtio_sqe_prep_read_with_pool(sqe, &dev->iodev, 0, UINT_TO_POINTER(userdata));
	}
	return sqe;
}

void submit(uint32_t n)
{
	zassert_ok(rtio_submit_timeout(&ctx, n, K_SECONDS(20)), "%s", now);
}

static struct rtio_cqe *next(void)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&ctx, K_SECONDS(20));

	zassert_not_null(cqe, "no completion came: %s", now);
	return cqe;
}

int next_result(uintptr_t userdata)
{
	struct rtio_cqe *cqe = next();
	uintptr_t of = POINTER_TO_UINT(cqe->userdata);
	int result = cqe->result;

	rtio_cqe_release(&ctx, cqe);
	zassert_equal(of, userdata, "%s: of %u instead of %u", now, (unsigned int)of,
		      (unsigned int)userdata);
	return result;
}

int next_block(uintptr_t userdata, void *to, size_t size)
{
	struct rtio_cqe *cqe = next();
	uintptr_t of = POINTER_TO_UINT(cqe->userdata);
	int result = cqe->result;
	uint8_t *block;
	uint32_t len;

	zassert_equal(of, userdata, "%s: of %u instead of %u", now, (unsigned int)of,
		      (unsigned int)userdata);
	if (result >= 0) {
		zassert_ok(rtio_cqe_get_mempool_buffer(&ctx, cqe, &block, &len));
		zassert_true(result == 0 ||
			     (block >= ctx.block_pool->memory &&
			      block < ctx.block_pool->memory + (size_t)BLOCKS * BLOCK));
		zassert_true((uint32_t)result <= len && (size_t)result <= size);
		if (result > 0) {
			memcpy(to, block, (size_t)result);
		}
		rtio_release_buffer(&ctx, block, len);
	}
	rtio_cqe_release(&ctx, cqe);
	return result;
}

struct rtio_cqe next_any(void)
{
	struct rtio_cqe *cqe = next();
	struct rtio_cqe copy = *cqe;

	rtio_cqe_release(&ctx, cqe);
	return copy;
}

void expect_quiet(void)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&ctx, K_MSEC(20));

	zassert_is_null(cqe, "%s: a completion came", now);
}
