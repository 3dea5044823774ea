/* SPDX-License-Identifier: Apache-2.0 */

/* An event queue beside a socket and a timer in one event loop. */

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "packets.h"

#include <zephyr/packet_io/event_fd.h>

PACKET_SOURCE_DEFINE(source);
PACKET_EVENT_QUEUE_DEFINE(queue, 4);
static char mark = 'q';
PACKET_SINK_DEFINE_WITH_DATA(sink, trace_packet_handler, &queue_msgq, &mark);
PACKET_CONNECT(&source, &sink);

static bool readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) == 1 && poll_fd.revents == POLLIN;
}

static void send_packet(uint8_t content)
{
	zassert_equal(packet_source_send_consume(&source, packet_new(content), K_NO_WAIT), 1);
}

ZTEST_SUITE(event_fd, NULL, NULL, NULL, NULL, NULL);

ZTEST(event_fd, test_readable_while_events_wait)
{
	int fd = packet_event_queue_fd(&queue);

	zassert_true(fd >= 0);
	zassert_equal(packet_event_queue_fd(&queue), fd);
	zassert_false(readable(fd));
	send_packet('1');
	send_packet('2');
	zassert_true(readable(fd));
	zassert_ok(packet_event_process(&queue, K_NO_WAIT));
	zassert_true(readable(fd));
	zassert_ok(packet_event_process(&queue, K_NO_WAIT));
	zassert_false(readable(fd));
	zassert_str_equal(trace(), "q1q2");
	zassert_ok(packet_event_queue_fd_close(&queue));
	zassert_equal(packet_event_queue_fd_close(&queue), -ENOENT);
}

ZTEST(event_fd, test_a_full_queue_and_a_batch)
{
	int fd = packet_event_queue_fd(&queue);

	for (uint8_t i = 0; i < 4; i++) {
		send_packet('a');
	}
	zassert_equal(packet_source_send_consume(&source, packet_new('b'), K_NO_WAIT), 0);
	zassert_true(readable(fd));
	zassert_equal(queue_drain(&queue), 4);
	zassert_false(readable(fd));
	zassert_ok(packet_event_queue_fd_close(&queue));
}

ZTEST(event_fd, test_opened_and_closed_with_events_waiting)
{
	int fd;

	send_packet('1');
	fd = packet_event_queue_fd(&queue);
	zassert_true(readable(fd));
	zassert_ok(packet_event_queue_fd_close(&queue));
	send_packet('2');
	zassert_equal(queue_drain(&queue), 2);
}

ZTEST(event_fd, test_bad_queues)
{
	struct packet_event_queue none = {.msgq = NULL};

	zassert_equal(packet_event_queue_fd(NULL), -EINVAL);
	zassert_equal(packet_event_queue_fd(&none), -EINVAL);
	zassert_equal(packet_event_queue_fd_close(NULL), -EINVAL);
	zassert_equal(packet_event_queue_fd_close(&none), -EINVAL);
	zassert_equal(packet_event_queue_fd_close(&queue), -ENOENT);
}

/* What happens in a turn of the loop goes into the trace: a packet, a byte of a socket, a timer. */
ZTEST(event_fd, test_beside_a_socket_and_a_timer)
{
	int loop = epoll_create1(EPOLL_CLOEXEC);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct itimerspec soon = {.it_value = {.tv_nsec = 20000000}};
	int fd = packet_event_queue_fd(&queue);
	int pair[2];
	int handled = 0;
	bool timer_went = false;

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	const int fds[] = {fd, pair[0], timer};

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		struct epoll_event want = {.events = EPOLLIN, .data = {.fd = fds[i]}};

		zassert_ok(epoll_ctl(loop, EPOLL_CTL_ADD, fds[i], &want));
	}
	zassert_ok(timerfd_settime(timer, 0, &soon, NULL));
	send_packet('1');
	zassert_equal(write(pair[1], "x", 1), 1);
	/* The timer can be there before all else is done. */
	while (!timer_went || handled < 2) {
		struct epoll_event got[3];
		int count = epoll_wait(loop, got, 3, 10000);

		zassert_true(count > 0);
		for (int i = 0; i < count; i++) {
			char byte;

			if (got[i].data.fd == fd) {
				zassert_ok(packet_event_process(&queue, K_NO_WAIT));
				handled++;
			} else if (got[i].data.fd == timer) {
				timer_went = true;
			} else {
				zassert_equal(read(pair[0], &byte, 1), 1);
				send_packet((uint8_t)byte); /* out of the socket, into the queue */
			}
		}
	}
	zassert_str_equal(trace(), "q1qx");
	zassert_ok(packet_event_queue_fd_close(&queue));
	zassert_ok(close(pair[0]) + close(pair[1]) + close(timer) + close(loop));
}
