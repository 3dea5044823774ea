/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>

#define POOL_SIZE 4

static int pool_free_count(void)
{
	return POOL_SIZE;
}

#include "definitions.inc"
