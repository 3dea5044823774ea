/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Reads that repeat as sources.
 *
 * A source that finds no memory waits in the pool's list, and begins its next read in the context that
 * brings memory home: whoever serves the reader may be asleep.
 */
#include <bridge/packet_rtio.h>

#include <zephyr/net_buf/ref.h>

#include <errno.h>

/*
 * Begin a read. The source is locked on entry, not on return: it is the next one to begin, and the
 * device's code runs without a lock.
 * @return 0; -ENOMEM, and the source is as it was.
 */
static int begin_reading(struct packet_source_rtio *src, k_spinlock_key_t key)
{
	struct rtio *r = src->reader->r;
	struct rtio_sqe sqe;

	rtio_sqe_prep_read_multishot(&sqe, src->iodev, RTIO_PRIO_NORM, src);
	if (rtio_sqe_copy_in_handles(r, &sqe, &src->handle, 1) != 0) {
		k_spin_unlock(&src->lock, key);
		return -ENOMEM;
	}
	src->state = PACKET_SOURCE_RTIO_READING;
	k_spin_unlock(&src->lock, key);
	(void)rtio_submit(r, 0);
	return 0;
}

int packet_source_rtio_start(struct packet_source_rtio *src)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);

	if (src->state != PACKET_SOURCE_RTIO_IDLE) {
		k_spin_unlock(&src->lock, key);
		return -EALREADY;
	}
	src->stop = false;
	return begin_reading(src, key);
}

int packet_source_rtio_stop(struct packet_source_rtio *src)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);
	enum packet_source_rtio_state state = src->state;
	rtio_sqe_handle_t handle = src->handle;

	if (state == PACKET_SOURCE_RTIO_IDLE || src->stop) {
		k_spin_unlock(&src->lock, key);
		return -EALREADY;
	}
	src->stop = true;
	k_spin_unlock(&src->lock, key);
	if (state == PACKET_SOURCE_RTIO_READING) {
		/* If it is over already, who processes that sees that it is to end. */
		(void)rtio_cancel(src->reader->r, handle);
	} else if (rtio_net_buf_forget(src->reader->pool, &src->waiter)) {
		rtio_cqe_submit(src->reader->r, -ECANCELED, src, 0);
	}
	return 0;
}

enum packet_source_rtio_state packet_source_rtio_state_get(struct packet_source_rtio *src)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);
	enum packet_source_rtio_state state = src->state;

	k_spin_unlock(&src->lock, key);
	return state;
}

/* A paused source, which waits no longer, goes on. */
static void read_again(struct packet_source_rtio *src)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);

	if (src->stop) {
		k_spin_unlock(&src->lock, key);
		rtio_cqe_submit(src->reader->r, -ECANCELED, src, 0);
	} else if (begin_reading(src, key) != 0) {
		rtio_cqe_submit(src->reader->r, -ENOBUFS, src, 0);
	}
}

void z_packet_source_rtio_home(struct rtio_net_buf_waiter *waiter)
{
	read_again(CONTAINER_OF(waiter, struct packet_source_rtio, waiter));
}

/* There was no memory. @return false if the source is to end instead of waiting for some. */
static bool pause_reading(struct packet_source_rtio *src)
{
	k_spinlock_key_t key = k_spin_lock(&src->lock);

	if (src->stop) {
		k_spin_unlock(&src->lock, key);
		return false;
	}
	src->state = PACKET_SOURCE_RTIO_PAUSED;
	atomic32_store_relaxed(&src->pauses, src->pauses + 1);
	/* Still locked: who stops it finds it waiting. */
	if (rtio_net_buf_await(src->reader->pool, &src->waiter) == 1 &&
	    rtio_net_buf_forget(src->reader->pool, &src->waiter)) {
		k_spin_unlock(&src->lock, key);
		read_again(src);
		return true;
	}
	k_spin_unlock(&src->lock, key);
	return true;
}

/* A read has failed: pause, or end. */
static void read_failed(struct packet_source_rtio *src, int result)
{
	k_spinlock_key_t key;
	bool stop;

	if (result == -ENOMEM && pause_reading(src)) {
		return;
	}
	key = k_spin_lock(&src->lock);
	stop = src->stop;
	src->state = PACKET_SOURCE_RTIO_IDLE;
	k_spin_unlock(&src->lock, key);
	if (src->ended != NULL) {
		src->ended(src, stop && result == -ENOMEM ? -ECANCELED : result);
	}
}

static void send_packet(struct packet_source_rtio *src, struct net_buf *buf)
{
	/* Relaxed: a count, with one writer. */
	atomic32_store_relaxed(&src->packets, src->packets + 1);
	if (packet_source_send_consume(src->source, buf, src->timeout) < 0) {
		net_buf_unref(buf);
	}
}

int packet_rtio_process(struct packet_rtio_reader *reader, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	struct rtio_cqe *cqe = reader->held;
	struct packet_source_rtio *src;
	struct net_buf *buf = NULL;
	int result;

	if (cqe == NULL) {
		cqe = rtio_cqe_consume_timeout(reader->r, timeout);
	}
	if (cqe == NULL) {
		return -EAGAIN;
	}
	src = cqe->userdata;
	result = cqe->result;
	if (result >= 0) {
		int ret = rtio_cqe_get_net_buf(reader->pool, cqe, sys_timepoint_timeout(end), &buf);

		if (ret == -ENOBUFS) {
			reader->held = cqe;
			return -ENOBUFS;
		}
		if (ret != 0) {
			uint8_t *memory;
			uint32_t len;

			(void)rtio_cqe_get_mempool_buffer(reader->r, cqe, &memory, &len);
			rtio_release_buffer(reader->r, memory, len);
			atomic32_store_relaxed(&src->refused, src->refused + 1);
		}
	}
	reader->held = NULL;
	rtio_cqe_release(reader->r, cqe);
	if (buf != NULL) {
		send_packet(src, buf);
	} else if (result < 0) {
		read_failed(src, result);
	}
	return 0;
}

uint32_t packet_rtio_reader_lost(const struct packet_rtio_reader *reader)
{
	return (uint32_t)__atomic_load_n(&reader->r->xcqcnt, __ATOMIC_RELAXED);
}
