/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * I/O buffers: 64 of 196 bytes, on one thread and on two that use the pool at once; then a result is
 * the time of one operation of each.
 */
#include <nuttx/mm/iob.h>

#include <iob/chain.h>

#include "bench.h"
#include "peer_mutex_iob.h"

#define CHAIN  8
#define PACKET 1500

/* Time of n times some work, on one thread; and on two, each doing it n times. */
#define ONE_AND_TWO(name)                                                                          \
	static double name##_one(unsigned long n)                                                  \
	{                                                                                          \
		double begin = bench_now();                                                        \
                                                                                                   \
		name(n);                                                                           \
		return bench_now() - begin;                                                        \
	}                                                                                          \
	static double name##_two(unsigned long n)                                                  \
	{                                                                                          \
		return bench_pair(name, name, n);                                                  \
	}

/* ---- ours ------------------------------------------------------------------------------------ */

static void pair(unsigned long n)
{
	while (n-- > 0) {
		(void)iob_free(iob_tryalloc(false));
	}
}

static void chain(unsigned long n)
{
	while (n-- > 0) {
		iob_free_chain(iob_tryalloc_chain(CHAIN, false));
	}
}

/* With NuttX's calls alone. */
static void chain_by_one(unsigned long n)
{
	while (n-- > 0) {
		struct iob_s *head = NULL;

		for (unsigned int i = 0; i < CHAIN; i++) {
			struct iob_s *iob = iob_tryalloc(false);

			iob->io_flink = head;
			head = iob;
		}
		iob_free_chain(head);
	}
}

static void copy(unsigned long n)
{
	uint8_t bytes[PACKET] = {0};

	while (n-- > 0) {
		struct iob_s *iob = iob_tryalloc(false);

		(void)iob_trycopyin(iob, bytes, sizeof(bytes), 0, false);
		(void)iob_copyout(bytes, iob, sizeof(bytes), 0);
		iob_free_chain(iob);
	}
}

static void clone(unsigned long n)
{
	static const uint8_t bytes[PACKET];
	struct iob_s *source = iob_tryalloc(false);

	(void)iob_trycopyin(source, bytes, sizeof(bytes), 0, false);
	while (n-- > 0) {
		struct iob_s *iob = iob_tryalloc(false);

		(void)iob_clone(source, iob, false, false);
		iob_free_chain(iob);
	}
	iob_free_chain(source);
}

static void queue(unsigned long n)
{
	struct iob_queue_s q = {NULL, NULL};
	struct iob_s *iob = iob_tryalloc(false);

	while (n-- > 0) {
		(void)iob_tryadd_queue(iob, &q);
		iob = iob_remove_queue(&q);
	}
	iob_free_chain(iob);
}

ONE_AND_TWO(pair)
ONE_AND_TWO(chain)
ONE_AND_TWO(chain_by_one)
ONE_AND_TWO(copy)
ONE_AND_TWO(clone)
ONE_AND_TWO(queue)

/* ---- a mutex for each buffer ----------------------------------------------------------------- */

static void mutex_pair(unsigned long n)
{
	while (n-- > 0) {
		(void)mutex_iob_free(mutex_iob_tryalloc(false));
	}
}

static void mutex_chain(unsigned long n)
{
	while (n-- > 0) {
		struct mutex_iob *head = NULL;

		for (unsigned int i = 0; i < CHAIN; i++) {
			struct mutex_iob *iob = mutex_iob_tryalloc(false);

			iob->next = head;
			head = iob;
		}
		mutex_iob_free_chain(head);
	}
}

static void mutex_copy(unsigned long n)
{
	uint8_t bytes[PACKET] = {0};

	while (n-- > 0) {
		struct mutex_iob *iob = mutex_iob_tryalloc(false);

		(void)mutex_iob_copyin(iob, bytes, sizeof(bytes), 0);
		(void)mutex_iob_copyout(bytes, iob, sizeof(bytes), 0);
		mutex_iob_free_chain(iob);
	}
}

static void mutex_clone(unsigned long n)
{
	static const uint8_t bytes[PACKET];
	struct mutex_iob *source = mutex_iob_tryalloc(false);

	(void)mutex_iob_copyin(source, bytes, sizeof(bytes), 0);
	while (n-- > 0) {
		struct mutex_iob *iob = mutex_iob_tryalloc(false);

		(void)mutex_iob_clone(source, iob);
		mutex_iob_free_chain(iob);
	}
	mutex_iob_free_chain(source);
}

static void mutex_queue(unsigned long n)
{
	struct mutex_queue q = {NULL, NULL};
	struct mutex_iob *iob = mutex_iob_tryalloc(false);

	while (n-- > 0) {
		(void)mutex_iob_add(iob, &q);
		iob = mutex_iob_remove(&q);
	}
	mutex_iob_free_chain(iob);
}

ONE_AND_TWO(mutex_pair)
ONE_AND_TWO(mutex_chain)
ONE_AND_TWO(mutex_copy)
ONE_AND_TWO(mutex_clone)
ONE_AND_TWO(mutex_queue)

__attribute__((constructor)) static void start(void)
{
	mutex_iob_start();
}

#define MUTEX "a mutex per buffer, as NuttX"
#define LWIP  "lwIP pbuf"

const struct bench_row bench_iob_rows[] = {
	{
		.work = "iob tryalloc + free",
		.run = pair_one,
		.peers = {{.name = MUTEX, .run = mutex_pair_one}, {.name = LWIP, .run = lwip_pair}},
	},
	{
		.work = "iob tryalloc + free, two threads",
		.run = pair_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_pair_two}},
	},
	{
		.work = "iob chain of 8, got and freed",
		.run = chain_one,
		.peers =
			{
				{.name = MUTEX, .run = mutex_chain_one, .target = 0.4},
				{.name = LWIP, .run = lwip_chain},
			},
	},
	{
		.work = "iob chain of 8, two threads",
		.run = chain_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_chain_two, .target = 0.2}},
	},
	{
		.work = "iob chain of 8, got one by one",
		.run = chain_by_one_one,
		.peers = {{.name = MUTEX, .run = mutex_chain_one}},
	},
	{
		.work = "iob chain of 8, one by one, two threads",
		.run = chain_by_one_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_chain_two}},
	},
	{
		.work = "iob copyin + copyout 1500 B",
		.run = copy_one,
		.peers =
			{
				{.name = MUTEX, .run = mutex_copy_one, .target = 0.4},
				{.name = LWIP, .run = lwip_copy},
			},
	},
	{
		.work = "iob copyin + copyout 1500 B, two threads",
		.run = copy_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_copy_two, .target = 0.2}},
	},
	{
		.work = "iob clone 1500 B",
		.run = clone_one,
		.peers = {{.name = MUTEX, .run = mutex_clone_one}},
	},
	{
		.work = "iob clone 1500 B, two threads",
		.run = clone_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_clone_two}},
	},
	{
		.work = "iob add + remove queue",
		.run = queue_one,
		.peers = {{.name = MUTEX, .run = mutex_queue_one}},
	},
	{
		.work = "iob add + remove queue, two threads",
		.run = queue_two,
		.threads = true,
		.peers = {{.name = MUTEX, .run = mutex_queue_two}},
	},
	{.work = NULL},
};
