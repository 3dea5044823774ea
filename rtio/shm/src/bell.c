/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The thread that serves sleeps in its context, where devices wake it. This one sleeps in the system,
 * and wakes that one when the client rings or leaves: by a completion of which there is at most one.
 *
 * Nothing is read from what the client can write: edge-triggered events need no reading, so a client
 * that plays with its descriptors, or their flags, blocks nobody.
 */
#include "internal.h"

#include <signal.h>
#include <sys/epoll.h>

/* What the bell's completion has for userdata: no slot. */
static void *mark(const struct rtio_shm_server *s)
{
	return (void *)(uintptr_t)&s->rung;
}

void rtio_shm_ring(struct rtio_shm_server *s)
{
	/* Acquire and release: pairs with rtio_shm_heard(), which sees why it was rung. */
	if (atomic32_exchange(&s->rung, 1) == 0) {
		rtio_cqe_submit(s->config.r, 0, mark(s), 0);
	}
}

bool rtio_shm_heard(struct rtio_shm_server *s, const struct rtio_cqe *cqe)
{
	if (cqe->userdata != mark(s)) {
		return false;
	}
	(void)atomic32_exchange(&s->rung, 0);
	return true;
}

static void *bell(void *arg)
{
	struct rtio_shm_server *s = arg;

	for (;;) {
		struct epoll_event event;
		int n = epoll_wait(s->epoll_fd, &event, 1, -1);

		if (n != 1) {
			continue; /* a signal */
		}
		if (event.data.fd == s->quit_fd) {
			return NULL;
		}
		if (event.data.fd == s->socket) {
			/* Release: for order with the exchange in rtio_shm_ring(). */
			atomic32_store_release(&s->gone, 1);
		}
		rtio_shm_ring(s);
	}
}

int rtio_shm_bell_start(struct rtio_shm_server *s)
{
	sigset_t all;
	sigset_t before;
	int ret;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&s->bell, NULL, bell, s);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -ret;
}

void rtio_shm_bell_stop(struct rtio_shm_server *s)
{
	rtio_shm_signal(s->quit_fd);
	(void)pthread_join(s->bell, NULL);
}
