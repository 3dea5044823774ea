/* SPDX-License-Identifier: Apache-2.0 */

#include <limits.h>

int main(void)
{
	volatile int most = INT_MAX;

	most = most + 1;
	return 0;
}
