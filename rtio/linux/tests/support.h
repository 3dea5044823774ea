/* SPDX-License-Identifier: Apache-2.0 */
/** @file Tests run on every engine there is, with requests tried by their submitters and not. */
#ifndef RTIO_LINUX_TESTS_SUPPORT_H_
#define RTIO_LINUX_TESTS_SUPPORT_H_

#include "../../tests/support/device.h"

#include <zephyr/rtio/fd.h>
#include <zephyr/rtio/fd_engine.h>
#include <zephyr/rtio/fd_open.h>

#define SQ     64
#define BLOCKS 16
#define BLOCK  64

extern struct rtio
	ctx; /* of all tests: SQ requests and completions, a pool of BLOCKS of BLOCK bytes */

/* A test: its body runs with each engine. */
#define FD_TEST(suite, name)                                                                       \
	static void body_##name(void);                                                             \
	ZTEST(suite, test_##name)                                                                  \
	{                                                                                          \
		on_each_engine(body_##name);                                                       \
	}                                                                                          \
	static void body_##name(void)

void on_each_engine(void (*body)(void));
/* What runs now, for messages. */
const char *engine_now(void);
bool engine_is_uring(void);
bool engine_is_deferred(void);

/* Suites: nothing is left, neither here nor at home. */
void fd_after(void *fixture);

/* Devices that a test opened; closed by close_all(), descriptors and all. */
struct rtio_fd *device(int fd);
void close_all(void);

/* Two ends: [0] is read, [1] is written; non-negative, or the test fails. */
void make_pipe(int ends[2]);
void make_pair(int type, int ends[2]);
int make_memory_file(size_t size);

/* Requests: acquired and prepared. */
struct rtio_sqe *ask_read(struct rtio_fd *dev, void *buf, uint32_t len, uintptr_t userdata);
struct rtio_sqe *ask_write(struct rtio_fd *dev, const void *buf, uint32_t len, uintptr_t userdata);
struct rtio_sqe *ask_pool(struct rtio_fd *dev, uintptr_t userdata, bool multishot);

/* Submit and wait for @p n, then expect_cqe() in any order is not needed: they come in order. */
void submit(uint32_t n);
/* The next completion, waited for a few seconds: its result; it is of @p userdata. */
int next_result(uintptr_t userdata);
/* The same, with memory of the pool: copied to @p to, and released. */
int next_block(uintptr_t userdata, void *to, size_t size);
/* The next completion, of anything. */
struct rtio_cqe next_any(void);
/* No completion comes within some milliseconds. */
void expect_quiet(void);

#endif /* RTIO_LINUX_TESTS_SUPPORT_H_ */
