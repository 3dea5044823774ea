/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t handled;
static atomic_t handled_by[3];

/* Who handled a packet is in the log only; there it says so even where the log is off. */
#undef LOG_INF
#define LOG_INF(fmt, id, len) (void)atomic_inc(&handled_by[id])

static void process_packet(struct net_buf *buf)
{
	zassert_equal_ptr(k_current_get(), &block_thread);
	zassert_equal(buf->len, 1);
	(void)atomic_inc(&handled);
}

#include "definitions.inc"

PACKET_SOURCE_DEFINE(source1);
PACKET_SOURCE_DEFINE(source2);
PACKET_CONNECT(&source1, &processor1);
PACKET_CONNECT(&source2, &processor2);
NET_BUF_POOL_DEFINE(pool, 8, 1, 4, NULL);

static void send_to(struct packet_source *source)
{
	zassert_equal(send_bytes(source, &pool, "x", 1), 1);
}

ZTEST(guide, test_k_poll)
{
	send_to(&source1);
	send_to(&source2);
	start(processor_thread);
	wait_until(&handled, 2);
	send_to(&source2);
	wait_until(&handled, 3);

	k_sem_give(&shutdown_sem);
	check_ended();
	zassert_equal(atomic_get(&handled_by[1]), 1);
	zassert_equal(atomic_get(&handled_by[2]), 2);
	check_all_home(&pool);
}
