/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <nuttx/mm/iob.h>

static struct iob_queue_s received;

static void receive(const uint8_t *frame, unsigned int len){
#include "definitions.inc"
#include "step_1.inc"
}

ZTEST(documents, test_iob_receive)
{
	static uint8_t frame[2 * CONFIG_IOB_BUFSIZE];
	int there = iob_navail(true);

	receive(frame, sizeof(frame));
	zassert_equal(iob_get_queue_size(&received), sizeof(frame));
	iob_free_queue(&received);
	zassert_equal(iob_navail(true), there);
}
