/* SPDX-License-Identifier: Apache-2.0 */
#include "work_queue.h"

/* As in a main loop, but with a queue of the test's own: here the system's has a thread. */
static void main_loop(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
#define k_sys_work_q queue
#include "step_1.inc"
#undef k_sys_work_q
}

ZTEST(documents, test_work_for_ever)
{
	check_work_queue(main_loop);
}
