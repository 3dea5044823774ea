/* SPDX-License-Identifier: Apache-2.0 */
/** @file The client's rings. */
#define _GNU_SOURCE /* POLLRDHUP, ppoll */
#include "internal.h"

#include <poll.h>
#include <sys/epoll.h>
#include <time.h>

static void ring(struct rtio_shm_client *c)
{
	if (shared_wake(&c->header->server_sleeps)) {
		rtio_shm_signal(c->bell_fd);
	}
}

static int status(const struct rtio_shm_client *c)
{
	return (int)shared_load((const uint32_t *)&c->header->status);
}

/* ---- requests -------------------------------------------------------------------------------- */

struct rtio_shm_sqe *rtio_shm_sqe_acquire(struct rtio_shm_client *c)
{
	k_spinlock_key_t key = k_spin_lock(&c->lock);
	uint32_t name = c->free_tag;
	struct rtio_shm_tag *tag;
	struct rtio_shm_sqe *sqe;

	if (name == c->entries) {
		k_spin_unlock(&c->lock, key);
		return NULL;
	}
	tag = &c->tags[name];
	c->free_tag = tag->next;
	tag->used = true;
	tag->cancelled = false;
	tag->generation += tag->generation == UINT32_MAX ? 2 : 1; /* never 0 */
	/* There are as many tags as entries, so the server has taken what was here before. */
	sqe = &c->sq[c->acquired & (c->entries - 1)];
	c->acquired++;
	sqe->tag = name;
	sqe->generation = tag->generation;
	k_spin_unlock(&c->lock, key);
	return sqe;
}

/* Locked. */
static void free_tag(struct rtio_shm_client *c, uint32_t name)
{
	c->tags[name].used = false;
	c->tags[name].next = c->free_tag;
	c->free_tag = name;
}

void rtio_shm_sqe_drop_all(struct rtio_shm_client *c)
{
	k_spinlock_key_t key = k_spin_lock(&c->lock);

	while (c->acquired != c->submitted) {
		c->acquired--;
		free_tag(c, c->sq[c->acquired & (c->entries - 1)].tag);
	}
	k_spin_unlock(&c->lock, key);
}

int rtio_shm_submit(struct rtio_shm_client *c)
{
	uint32_t n = c->acquired - c->submitted;
	const struct rtio_shm_sqe *last = &c->sq[(c->acquired - 1) & (c->entries - 1)];
	int why = status(c);

	if (why != 0) {
		return why;
	}
	if (n == 0) {
		return 0;
	}
	if ((last->flags & (RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION)) != 0) {
		return -EINVAL;
	}
	c->submitted = c->acquired;
	shared_store(&c->header->sq_tail, c->submitted);
	ring(c);
	return (int)n;
}

int rtio_shm_cancel(struct rtio_shm_client *c, rtio_shm_handle_t handle)
{
	uint32_t name = (uint32_t)handle;
	uint32_t generation = (uint32_t)(handle >> 32);
	k_spinlock_key_t key;
	struct rtio_shm_tag *tag;
	int ret = 0;

	if (name >= c->entries || generation == 0) {
		return -ENOENT;
	}
	key = k_spin_lock(&c->lock);
	tag = &c->tags[name];
	if (!tag->used || tag->generation != generation) {
		ret = -ENOENT;
	} else if (tag->cancelled) {
		ret = -EALREADY;
	} else {
		tag->cancelled = true;
		atomic32_store_relaxed(&c->cancels[name], generation);
		shared_store(&c->header->cancel_count,
			     atomic32_load_relaxed(&c->header->cancel_count) + 1);
	}
	k_spin_unlock(&c->lock, key);
	if (ret == 0) {
		ring(c);
	}
	return ret;
}

/* ---- completions ----------------------------------------------------------------------------- */

int rtio_shm_cqe_consume(struct rtio_shm_client *c, struct rtio_shm_cqe *cqe)
{
	k_spinlock_key_t key = k_spin_lock(&c->lock);

	if (shared_load(&c->header->cq_tail) == c->cq_head) {
		k_spin_unlock(&c->lock, key);
		return -EAGAIN;
	}
	*cqe = c->cq[c->cq_head & (c->entries - 1)];
	c->cq_head++;
	shared_store(&c->header->cq_head, c->cq_head);
	if (cqe->tag < c->entries && c->tags[cqe->tag].used) {
		free_tag(c, cqe->tag);
	}
	k_spin_unlock(&c->lock, key);
	return 0;
}

static struct timespec timespec_of(k_timeout_t timeout)
{
	uint64_t ns = k_ticks_to_ns_ceil64((uint64_t)timeout.ticks);

	return (struct timespec){(time_t)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC)};
}

/* Sleep until the server wakes this side, or leaves. @return as rtio_shm_client_nap(). */
static int client_sleeps_until(struct rtio_shm_client *c, k_timepoint_t end)
{
	k_timeout_t left = sys_timepoint_timeout(end);
	bool forever = K_TIMEOUT_EQ(left, K_FOREVER);
	struct timespec ts = forever ? (struct timespec){0, 0} : timespec_of(left);
	struct pollfd fds[2] = {{c->view_fd, POLLIN, 0}, {c->socket, POLLRDHUP, 0}};
	struct epoll_event event;
	int n = ppoll(fds, ARRAY_SIZE(fds), forever ? NULL : &ts, NULL);

	if (n < 0) {
		return 0; /* a signal */
	}
	if (fds[0].revents != 0) {
		(void)epoll_wait(c->view_fd, &event, 1, 0);
	}
	return n == 0 ? -EAGAIN : fds[1].revents != 0 ? -EPIPE : 0;
}

int rtio_shm_client_nap(struct rtio_shm_client *c, k_timepoint_t end)
{
	int ret = 0;

	shared_store(&c->header->client_sleeps, 1);
	if (shared_load(&c->header->cq_tail) == c->cq_head) {
		ret = client_sleeps_until(c, end);
	}
	shared_store(&c->header->client_sleeps, 0);
	return ret;
}

int rtio_shm_cqe_wait(struct rtio_shm_client *c, struct rtio_shm_cqe *cqe, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	int ret = 0;

	for (;;) {
		if (rtio_shm_cqe_consume(c, cqe) == 0) {
			return 0;
		}
		if (ret != 0) {
			return ret;
		}
		ret = rtio_shm_client_nap(c, end);
	}
}
