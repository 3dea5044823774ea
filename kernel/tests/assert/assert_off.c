/* SPDX-License-Identifier: Apache-2.0 */

#define __ASSERT_ON 0

#include <zephyr/sys/__assert.h>

int assertions_off(int *evaluated);

int assertions_off(int *evaluated)
{
	int ran = 0;

	(void)evaluated;
	__ASSERT((*evaluated)++ < 0, "%d", (*evaluated)++);
	__ASSERT_NO_MSG((*evaluated)++ < 0);
	__ASSERT_EVAL(ran = 1, ran = 2, false, "%d", ran);
	return ran;
}
