/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>

#include "definitions.inc"

ZTEST(documents, test_net_buf_life)
{
	for (int i = 0; i < 2 * pool.buf_count; i++) {
		live();
	}
}
