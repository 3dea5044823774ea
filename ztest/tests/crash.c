/* SPDX-License-Identifier: Apache-2.0 */

/** @file Tests that crash. */

#include <zephyr/ztest.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

ZTEST_SUITE(crash, NULL, NULL, NULL, NULL, NULL);

/** @return memory that nobody may read or write; a sanitizer knows nothing of it. */
static volatile char *forbidden_page(void)
{
	void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	zassert_true(page != MAP_FAILED);
	return page;
}

ZTEST(crash, a_passes)
{
}

ZTEST(crash, abort)
{
	abort();
}

static void *crash_thread(void *arg)
{
	*(volatile char *)arg = 1;
	return NULL;
}

ZTEST(crash, in_thread)
{
	pthread_t thread;

	(void)pthread_create(&thread, NULL, crash_thread, (void *)(uintptr_t)forbidden_page());
	(void)pthread_join(thread, NULL);
}

ZTEST(crash, segv)
{
	*forbidden_page() = 1;
}

static int deep(volatile char *above)
{
	volatile char room[4096];

	if (above[0] != 0) {
		return 0;
	}
	room[0] = above[0];
	return deep(room) + room[0];
}

ZTEST(crash, stack_overflow)
{
	volatile char start[1] = {0};

	printk("%d\n", deep(start));
}

ZTEST(crash, terminated)
{
	(void)raise(SIGTERM);
}
