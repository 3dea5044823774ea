/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/uio.h>

#include "tcp_sink.h"

#include <errno.h>

#include "connection.h"
#include "packet.h"
#include "sensors.h"

#define STACK_SIZE 8192
#define PRIORITY   6
#define PIECES     16 /* fragments per system call; packets have two */
#define QUEUE_SIZE 64

BUILD_ASSERT(QUEUE_SIZE >= SENSOR_COUNT * SENSOR_BUFFERS, "room for every record there can be");

static struct {
	int fd;
	int timeout_ms;
	void (*failed)(void);
	atomic_t error;
	atomic_t sent;
} peer;

static K_SEM_DEFINE(stop, 0, 1);
static struct k_thread thread;
static K_THREAD_STACK_DEFINE(stack, STACK_SIZE);

/* Send the fragments of a packet from where they are. */
static int send_fragments(const struct net_buf *packet)
{
	struct iovec pieces[PIECES];
	const struct net_buf *frag = packet;

	while (frag != NULL) {
		size_t count = 0;
		int ret;

		for (; frag != NULL && count < PIECES; frag = frag->frags) {
			pieces[count++] = (struct iovec){frag->data, frag->len};
		}
		ret = connection_send(peer.fd, pieces, count, peer.timeout_ms);
		if (ret != 0) {
			return ret;
		}
	}
	return 0;
}

static void send_packet(struct packet_sink *sink, struct net_buf *packet)
{
	int ret;

	ARG_UNUSED(sink);
	if (atomic_get(&peer.error) != 0) {
		return; /* the stream has a hole already */
	}
	ret = send_fragments(packet);
	if (ret == 0) {
		(void)atomic_inc(&peer.sent);
	} else {
		(void)atomic_set(&peer.error, ret);
		peer.failed();
	}
}

PACKET_EVENT_QUEUE_DEFINE(tcp_queue, QUEUE_SIZE);
PACKET_SINK_DEFINE_QUEUED(tcp_sink, send_packet, tcp_queue);

static void run(void *p1, void *p2, void *p3)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &tcp_queue_msgq),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &stop),
	};

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	do {
		events[0].state = K_POLL_STATE_NOT_READY;
		(void)k_poll(events, ARRAY_SIZE(events), K_FOREVER);
		while (packet_event_process(&tcp_queue, K_NO_WAIT) != -EAGAIN) {
		}
	} while (events[1].state != K_POLL_STATE_SEM_AVAILABLE);
}

int tcp_sink_start(int fd, int timeout_ms, void (*failed)(void))
{
	peer.fd = fd;
	peer.timeout_ms = timeout_ms;
	peer.failed = failed;
	if (k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run, NULL, NULL, NULL,
			    PRIORITY, 0, K_NO_WAIT) == NULL) {
		return -EAGAIN;
	}
	(void)k_thread_name_set(&thread, "tcp_sink");
	return 0;
}

void tcp_sink_stop(void)
{
	k_sem_give(&stop);
	(void)k_thread_join(&thread, K_FOREVER);
}

uint32_t tcp_sink_sent(void)
{
	return (uint32_t)atomic_get(&peer.sent);
}

uint32_t tcp_sink_queued(void)
{
	return k_msgq_num_used_get(&tcp_queue_msgq);
}

int tcp_sink_error(void)
{
	return (int)atomic_get(&peer.error);
}
