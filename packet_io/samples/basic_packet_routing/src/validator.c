/* SPDX-License-Identifier: Apache-2.0 */
#include "validator.h"

#include <zephyr/sys/atomic.h>
#include <zephyr/sys/byteorder.h>

#include "packet.h"

/* What is known of each sensor. */
static struct {
	uint32_t next; /* number of its next record; its own context's */
	atomic_t good;
} sensors[SENSOR_COUNT];

static atomic_t bad;

static bool header_is_good(const uint8_t *head, size_t packet_len)
{
	return sys_get_le32(head) == PACKET_MAGIC &&
	       sys_get_le32(head + 4) == packet_len - PACKET_HEADER_SIZE;
}

static void validate(struct packet_sink *sink, struct net_buf *packet)
{
	uint8_t head[PACKET_HEADER_SIZE + RECORD_HEAD_SIZE];
	const uint8_t *record = head + PACKET_HEADER_SIZE;
	uint32_t sequence;
	bool in_order;

	ARG_UNUSED(sink);
	if (net_buf_linearize(head, sizeof(head), packet, 0, sizeof(head)) < sizeof(head) ||
	    !header_is_good(head, net_buf_frags_len(packet)) || record[0] >= SENSOR_COUNT) {
		(void)atomic_inc(&bad);
		return;
	}
	sequence = sys_get_le32(record + 4);
	in_order = sequence == sensors[record[0]].next;
	sensors[record[0]].next = sequence + 1;
	(void)atomic_inc(in_order ? &sensors[record[0]].good : &bad);
}

PACKET_SINK_DEFINE_IMMEDIATE(validator_in, validate);

uint32_t validator_good(uint8_t sensor)
{
	return sensor < SENSOR_COUNT ? (uint32_t)atomic_get(&sensors[sensor].good) : 0;
}

uint32_t validator_bad(void)
{
	return (uint32_t)atomic_get(&bad);
}
