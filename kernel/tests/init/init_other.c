/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/init.h>

#include "init.h"

static int first(void)
{
	init_order[init_count++] = OTHER_FIRST;
	return -1;
}

static int last(void)
{
	init_order[init_count++] = OTHER_LAST;
	return 0;
}

SYS_INIT(last, POST_KERNEL, 41);
SYS_INIT(first, POST_KERNEL, 39);
