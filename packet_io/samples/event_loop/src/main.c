/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * One thread, one epoll loop: a queue of packets beside TCP clients, a timer and signals.
 *
 *     sensor (a thread) --> readings --> outbox (queued) ) ) ) this loop --> every client
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <zephyr/packet_io/event_fd.h>

#include "clients.h"
#include "sensor.h"

PACKET_EVENT_QUEUE_DEFINE(outbox, 16);
PACKET_SINK_DEFINE_QUEUED(to_clients, clients_write, outbox);
PACKET_CONNECT(&readings, &to_clients);

static const char help[] =
	"Usage: event_loop [OPTION]...\n"
	"Sends readings to every TCP client on the loopback interface, from one event loop.\n"
	"Try it: event_loop -p 5000, and in another terminal: nc localhost 5000\n"
	"\n"
	"  -p PORT     to listen on, 0 to 65535 (0: any that is free)\n"
	"  -i MS       between two readings, 1 to 10000 (100)\n"
	"  -t SECONDS  end after so long, 1 to 1000000 (otherwise with Ctrl-C)\n"
	"  --help      this text\n"
	"\n"
	"The exit status is 0 if all went well, 1 if not, 2 if the command line is wrong.\n";

struct options {
	uint16_t port;
	uint32_t interval_ms;
	uint32_t seconds; /* 0: no end */
};

/* What the loop waits for. */
struct loop {
	int epoll;
	int queue;
	int listener;
	int timer;
	int signals;
};

__attribute__((noreturn)) static void usage_error(void)
{
	(void)fputs("Try event_loop --help.\n", stderr);
	exit(2);
}

static uint32_t number(char option, const char *text, uint32_t least, uint32_t most)
{
	unsigned long value;

	errno = 0;
	value = strtoul(text, NULL, 10);
	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    value < least || value > most) {
		(void)fprintf(stderr, "event_loop: -%c: '%s' is not a whole number from %u to %u\n",
			      option, text, (unsigned int)least, (unsigned int)most);
		usage_error();
	}
	return (uint32_t)value;
}

static struct options parse(int argc, char *argv[])
{
	static const struct option long_options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	struct options options = {.interval_ms = 100};
	int option;

	while ((option = getopt_long(argc, argv, "p:i:t:", long_options, NULL)) != -1) {
		switch (option) {
		case 'p':
			options.port = (uint16_t)number('p', optarg, 0, 65535);
			break;
		case 'i':
			options.interval_ms = number('i', optarg, 1, 10000);
			break;
		case 't':
			options.seconds = number('t', optarg, 1, 1000000);
			break;
		case 'h':
			(void)fputs(help, stdout);
			exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
		default:
			usage_error();
		}
	}
	if (optind != argc) {
		(void)fprintf(stderr, "event_loop: '%s' is one argument too many\n", argv[optind]);
		usage_error();
	}
	return options;
}

__attribute__((noreturn)) static void fail(const char *what, int error)
{
	(void)fprintf(stderr, "event_loop: %s: %s\n", what, strerror(error));
	exit(EXIT_FAILURE);
}

static void watch(const struct loop *loop, int fd, const char *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

	if (fd < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		fail(what, fd < -1 ? -fd : errno);
	}
}

static void loop_begin(struct loop *loop, struct options *options)
{
	struct itimerspec every_second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};
	char what[32];
	sigset_t ending;

	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGINT);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &ending, NULL);

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		fail("epoll", errno);
	}
	loop->signals = signalfd(-1, &ending, SFD_CLOEXEC);
	watch(loop, loop->signals, "signalfd");
	loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	watch(loop, loop->timer, "timerfd");
	(void)timerfd_settime(loop->timer, 0, &every_second, NULL);
	(void)snprintf(what, sizeof(what), "port %u", options->port);
	loop->listener = clients_listen(&options->port);
	watch(loop, loop->listener, what);
	loop->queue = packet_event_queue_fd(&outbox);
	watch(loop, loop->queue, "queue");
}

/* One second more. @return whether it was the last. */
static bool tick(const struct loop *loop, uint32_t *seconds, const struct options *options)
{
	uint64_t expired = 0;
	uint32_t missed;
	uint32_t count;

	if (read(loop->timer, &expired, sizeof(expired)) != (ssize_t)sizeof(expired)) {
		return false;
	}
	*seconds += (uint32_t)expired;
	count = clients_count(&missed);
	(void)printf("%u s: %u clients, %u missed packets\n", (unsigned int)*seconds,
		     (unsigned int)count, (unsigned int)missed);
	(void)fflush(stdout);
	return options->seconds != 0 && *seconds >= options->seconds;
}

/* @return whether to go on. */
static bool serve(const struct loop *loop, int fd, uint32_t *seconds, const struct options *options)
{
	if (fd == loop->queue) {
		(void)packet_event_process(&outbox, K_NO_WAIT);
	} else if (fd == loop->listener) {
		int client = clients_accept(fd);

		if (client >= 0) {
			watch(loop, client, "client");
		}
	} else if (fd == loop->timer) {
		return !tick(loop, seconds, options);
	} else if (fd == loop->signals) {
		return false;
	} else {
		clients_read(fd);
	}
	return true;
}

int main(int argc, char *argv[])
{
	struct options options = parse(argc, argv);
	uint32_t seconds = 0;
	bool running = true;
	struct loop loop;
	uint32_t missed;
	uint32_t lost;
	uint32_t made;

	loop_begin(&loop, &options);
	(void)printf("listening on port %u\n", options.port);
	(void)fflush(stdout);
	if (sensor_start(options.interval_ms) != 0) {
		fail("thread", EAGAIN);
	}
	while (running) {
		struct epoll_event events[8];
		int count = epoll_wait(loop.epoll, events, (int)ARRAY_SIZE(events), -1);

		if (count < 0 && errno != EINTR) {
			fail("epoll_wait", errno);
		}
		for (int i = 0; i < count && running; i++) {
			running = serve(&loop, events[i].data.fd, &seconds, &options);
		}
	}
	made = sensor_stop(&lost);
	while (packet_event_process(&outbox, K_NO_WAIT) != -EAGAIN) {
	}
	(void)clients_count(&missed);
	clients_close();
	(void)packet_event_queue_fd_close(&outbox);
	(void)printf("%u readings, %u lost, %u missed packets, %s\n", (unsigned int)made,
		     (unsigned int)lost, (unsigned int)missed,
		     sensor_buffers_home() ? "every buffer is home" : "BUFFERS ARE MISSING");
	return sensor_buffers_home() && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
