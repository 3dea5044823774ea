/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t handled;
static atomic_t handled_by[3];

static void process_packet(struct net_buf *buf)
{
	(void)atomic_inc(&handled_by[buf->data[0]]);
	(void)atomic_inc(&handled);
}

#include "definitions.inc"

PACKET_SOURCE_DEFINE(source1);
PACKET_SOURCE_DEFINE(source2);
PACKET_CONNECT(&source1, &processor1);
PACKET_CONNECT(&source2, &processor2);
NET_BUF_POOL_DEFINE(pool, 8, 1, 4, NULL);

static void send_to(struct packet_source *source, uint8_t number)
{
	zassert_equal(packet_source_send_consume(source, packet_of(&pool, &number, 1), K_NO_WAIT),
		      1);
}

ZTEST(guide, test_k_poll)
{
	send_to(&source1, 1);
	send_to(&source2, 2);
	start(processor_thread);
	wait_until(&handled, 2);
	send_to(&source2, 2);
	wait_until(&handled, 3);

	k_sem_give(&shutdown_sem);
	check_ended();
	zassert_equal(atomic_get(&handled_by[1]), 1);
	zassert_equal(atomic_get(&handled_by[2]), 2);
	check_all_home(&pool);
}
