/* SPDX-License-Identifier: Apache-2.0 */

/* SYS_INIT(): by level, by priority, of equal ones in the order of the link; before main(). */

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "init.h"

unsigned int init_order[INIT_MAX];
unsigned int init_count;

#define INIT_FN(n)                                                                                 \
	static int init_##n(void)                                                                  \
	{                                                                                          \
		init_order[init_count++] = n;                                                      \
		return n; /* nobody looks at it */                                                 \
	}

INIT_FN(0)
INIT_FN(1)
INIT_FN(2)
INIT_FN(3)
INIT_FN(4)
INIT_FN(5)
INIT_FN(6)
INIT_FN(7)
INIT_FN(8)
INIT_FN(9)

/* Not in the order in which they run. */
SYS_INIT(init_9, SMP, 0);
SYS_INIT(init_8, APPLICATION, 99);
SYS_INIT(init_7, APPLICATION, 10);
SYS_INIT(init_6, APPLICATION, 9);
SYS_INIT(init_5, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);
SYS_INIT(init_2, PRE_KERNEL_1, 1);
SYS_INIT(init_3, PRE_KERNEL_1, 1); /* as the one before it */
SYS_INIT(init_4, PRE_KERNEL_2, 0);
SYS_INIT(init_1, PRE_KERNEL_1, 0);
SYS_INIT(init_0, EARLY, 0);

static unsigned int named_runs;

static int named(void)
{
	named_runs++;
	return 0;
}

SYS_INIT_NAMED(named_first, named, POST_KERNEL, 0);
SYS_INIT_NAMED(named_again, named, APPLICATION, 0);

/* Constructors of the program come after all of it. */
static unsigned int before_constructor;

__attribute__((constructor)) static void constructor(void)
{
	/* Volatile, because clang computes at compile time what a constructor would see. */
	before_constructor = *(volatile unsigned int *)&init_count;
}

ZTEST_SUITE(init, NULL, NULL, NULL, NULL, NULL);

ZTEST(init, test_order)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < init_count; i++) {
		if (init_order[i] < 10) {
			zassert_equal(init_order[i], found);
			found++;
		}
	}
	zassert_equal(found, 10);
	zassert_equal(named_runs, 2);
}

ZTEST(init, test_another_file)
{
	unsigned int place[3] = {0};

	zassert_equal(init_count, 12);
	for (unsigned int i = 0; i < init_count; i++) {
		if (init_order[i] == OTHER_FIRST) {
			place[0] = i;
		} else if (init_order[i] == OTHER_LAST) {
			place[1] = i;
		} else if (init_order[i] == 5) {
			place[2] = i;
		}
	}
	zassert_true(place[0] < place[2]);
	zassert_true(place[2] < place[1]);
	zassert_equal(before_constructor, init_count);
}
