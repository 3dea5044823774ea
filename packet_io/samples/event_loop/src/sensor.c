/* SPDX-License-Identifier: Apache-2.0 */
#include "sensor.h"

#include <errno.h>
#include <stdio.h>

#define BUFFERS 32

NET_BUF_POOL_DEFINE(pool, BUFFERS, 32, 0, NULL);
PACKET_SOURCE_DEFINE(readings);

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;
static K_SEM_DEFINE(stop, 0, 1);
static uint32_t made;
static uint32_t lost;

static void run(void *interval_ms, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (k_sem_take(&stop, K_MSEC((uint32_t)(uintptr_t)interval_ms)) != 0) {
		struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
		uint32_t n = made++;
		int took = 0;

		if (buf != NULL) {
			int length = snprintf((char *)buf->data, net_buf_tailroom(buf),
					      "reading %u\n", (unsigned int)n);

			(void)net_buf_add(buf, (size_t)length);
			took = packet_source_send_consume(&readings, buf, K_NO_WAIT);
		}
		lost += took == 1 ? 0 : 1;
	}
}

int sensor_start(uint32_t interval_ms)
{
	if (k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run,
			    (void *)(uintptr_t)interval_ms, NULL, NULL, K_PRIO_PREEMPT(1), 0,
			    K_NO_WAIT) == NULL) {
		return -EAGAIN;
	}
	(void)k_thread_name_set(&thread, "sensor");
	return 0;
}

uint32_t sensor_stop(uint32_t *lost_readings)
{
	k_sem_give(&stop);
	(void)k_thread_join(&thread, K_FOREVER);
	*lost_readings = lost;
	return made;
}

bool sensor_buffers_home(void)
{
	return net_buf_get_available(&pool) == BUFFERS;
}
