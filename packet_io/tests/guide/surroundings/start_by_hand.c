/* SPDX-License-Identifier: Apache-2.0 */
/* For a microcontroller: here the library has started by itself. */
#include <zephyr/ztest.h>

#include "definitions.inc"

static unsigned int started;

void kernel_start(void)
{
	started++;
}

ZTEST(documents, test_start_by_hand)
{
#include "step_1.inc"

	zassert_equal(started, 1);
}
