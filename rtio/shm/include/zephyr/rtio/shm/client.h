/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Requests to devices of another process: the client's side of <zephyr/rtio/shm/server.h>. It trusts
 * the server. Not on Zephyr.
 *
 * acquire, prepare and submit belong to one thread at a time, and so does waiting; all else may be
 * called by any thread at any time.
 */
#ifndef ZEPHYR_RTIO_SHM_CLIENT_H_
#define ZEPHYR_RTIO_SHM_CLIENT_H_

#include <zephyr/rtio/shm/layout.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A tag as the client sees it. */
struct rtio_shm_tag {
	uint32_t generation; /**< of the request that has it, or of the one that had it last */
	uint32_t next;       /**< while it is free: the next free one */
	bool used;
	bool cancelled; /**< whether the request has been cancelled */
};

/** A client. All fields are its own. */
struct rtio_shm_client {
	struct k_spinlock lock; /**< guards what is not constant; held for a few instructions */
	struct rtio_shm_header *header; /**< the area; NULL: closed; up to entries constant */
	size_t area_size;               /**< bytes */
	uint32_t *cancels;
	struct rtio_shm_sqe *sq;
	struct rtio_shm_cqe *cq;
	uint8_t *data;
	uint32_t data_size; /**< bytes */
	uint32_t entries;
	struct rtio_shm_tag *tags; /**< `entries` of them */
	uint32_t free_tag;         /**< the first free one; `entries`: none */
	uint32_t acquired;         /**< entries acquired so far */
	uint32_t submitted;        /**< entries submitted so far */
	uint32_t cq_head;          /**< completions consumed so far */
	int bell_fd;               /**< wakes the server */
	int view_fd;               /**< readable when the server has woken the client */
	int socket;                /**< whose other end is the server */
};

/** A request of a client, from acquire to its completion. 0 names none. */
typedef uint64_t rtio_shm_handle_t;

/**
 * Become the client of the server at the other end of @p socket.
 *
 * Ownership: @p socket is the client's if this succeeds, else it stays the caller's.
 * Context: thread.   Blocks: until the server has sent the area, at most @p timeout.
 * @return 0; -EAGAIN: nothing came in time; -EPIPE: the other side has gone; -EPROTO: what came is no
 * area of this version; what the system says.
 */
int rtio_shm_client_open(struct rtio_shm_client *c, int socket, k_timeout_t timeout);

/** Leave: the server cancels what is under way. Context: thread, the last call. */
void rtio_shm_client_close(struct rtio_shm_client *c);

/** @return the memory for buffers, aligned to a page. */
static inline uint8_t *rtio_shm_data(const struct rtio_shm_client *c)
{
	return c->data;
}

/** @return its size in bytes. */
static inline uint32_t rtio_shm_data_size(const struct rtio_shm_client *c)
{
	return c->data_size;
}

/** @return how many requests there are: as many can be under way or not consumed. */
static inline uint32_t rtio_shm_entries(const struct rtio_shm_client *c)
{
	return c->entries;
}

/**
 * Get a request, to be prepared and submitted.
 * @return it, in shared memory; NULL if all are under way, or ended and not consumed.
 */
struct rtio_shm_sqe *rtio_shm_sqe_acquire(struct rtio_shm_client *c);

/** Give back what was acquired and not submitted. */
void rtio_shm_sqe_drop_all(struct rtio_shm_client *c);

/** @return the name of @p sqe, for rtio_shm_cancel(); before it is submitted. */
static inline rtio_shm_handle_t rtio_shm_sqe_handle(const struct rtio_shm_sqe *sqe)
{
	return (rtio_shm_handle_t)sqe->generation << 32 | sqe->tag;
}

/**
 * Submit all that was acquired. A chain must be submitted as a whole.
 *
 * Blocks: no.   Cost: no system call, unless the server sleeps: then one that wakes it.
 * @return how many; -EINVAL if the last one is linked to a next one, and nothing has happened;
 * -EPIPE, -EPROTO, -ECANCELED: the server takes no more, for the reason of rtio_shm_server_run().
 */
int rtio_shm_submit(struct rtio_shm_client *c);

/**
 * Take the oldest completion.
 * Context: any thread.   Blocks: no.
 * @return 0, with it in *@p cqe; -EAGAIN if there is none.
 */
int rtio_shm_cqe_consume(struct rtio_shm_client *c, struct rtio_shm_cqe *cqe);

/**
 * The same, waiting for one.
 * Context: one thread at a time.   Blocks: at most @p timeout; without CPU time.
 * @return 0; -EAGAIN: none came in time; -EPIPE: the server has gone, and none is left.
 */
int rtio_shm_cqe_wait(struct rtio_shm_client *c, struct rtio_shm_cqe *cqe, k_timeout_t timeout);

/**
 * Ask for a request, and what is linked behind it, to end soon: with -ECANCELED, or as it ended if that
 * came first. It answers once, as always.
 *
 * Context: any thread.   Blocks: no.   Cost: as rtio_shm_submit().
 * @return 0: asked; -EALREADY: it had been asked; -ENOENT: it is over, and nothing has happened.
 */
int rtio_shm_cancel(struct rtio_shm_client *c, rtio_shm_handle_t handle);

/* Each of these prepares a request that was acquired. Offsets are those of rtio_shm_data(). */

/** What all requests have. */
static inline void rtio_shm_sqe_prep(struct rtio_shm_sqe *sqe, uint8_t op, uint32_t iodev,
				     uint8_t prio, uint64_t userdata)
{
	uint32_t tag = sqe->tag;
	uint32_t generation = sqe->generation;

	memset(sqe, 0, sizeof(*sqe));
	sqe->tag = tag;
	sqe->generation = generation;
	sqe->op = op;
	sqe->iodev = iodev;
	sqe->prio = prio;
	sqe->userdata = userdata;
}

/** Nothing, through an iodev. */
static inline void rtio_shm_sqe_prep_nop(struct rtio_shm_sqe *sqe, uint32_t iodev,
					 uint64_t userdata)
{
	rtio_shm_sqe_prep(sqe, RTIO_OP_NOP, iodev, RTIO_PRIO_LOW, userdata);
}

/** Read up to @p len bytes. */
static inline void rtio_shm_sqe_prep_read(struct rtio_shm_sqe *sqe, uint32_t iodev, uint8_t prio,
					  uint32_t offset, uint32_t len, uint64_t userdata)
{
	rtio_shm_sqe_prep(sqe, RTIO_OP_RX, iodev, prio, userdata);
	sqe->rx_offset = offset;
	sqe->len = len;
}

/** Write @p len bytes. */
static inline void rtio_shm_sqe_prep_write(struct rtio_shm_sqe *sqe, uint32_t iodev, uint8_t prio,
					   uint32_t offset, uint32_t len, uint64_t userdata)
{
	rtio_shm_sqe_prep(sqe, RTIO_OP_TX, iodev, prio, userdata);
	sqe->tx_offset = offset;
	sqe->len = len;
}

/** Write up to 7 bytes, which are copied. More fail an assertion; with assertions off, 7 are kept. */
static inline void rtio_shm_sqe_prep_tiny_write(struct rtio_shm_sqe *sqe, uint32_t iodev,
						uint8_t prio, const uint8_t *bytes, uint32_t len,
						uint64_t userdata)
{
	__ASSERT(len <= 7, "a tiny write of %u bytes", (unsigned int)len);
	rtio_shm_sqe_prep(sqe, RTIO_OP_TINY_TX, iodev, prio, userdata);
	sqe->len = MIN(len, 7U);
	memcpy(sqe->arg.tiny, bytes, sqe->len);
}

/** Write and read @p len bytes at the same time. */
static inline void rtio_shm_sqe_prep_transceive(struct rtio_shm_sqe *sqe, uint32_t iodev,
						uint8_t prio, uint32_t tx_offset,
						uint32_t rx_offset, uint32_t len, uint64_t userdata)
{
	rtio_shm_sqe_prep(sqe, RTIO_OP_TXRX, iodev, prio, userdata);
	sqe->tx_offset = tx_offset;
	sqe->rx_offset = rx_offset;
	sqe->len = len;
}

/** Let @p delay_us microseconds pass. -ENOTSUP if the server has no CONFIG_RTIO_DEADLINE. */
static inline void rtio_shm_sqe_prep_delay(struct rtio_shm_sqe *sqe, uint64_t delay_us,
					   uint64_t userdata)
{
	rtio_shm_sqe_prep(sqe, RTIO_OP_DELAY, RTIO_SHM_NO_IODEV, RTIO_PRIO_LOW, userdata);
	sqe->arg.delay_us = delay_us;
}

/** Give a prepared request a deadline, as rtio_sqe_set_deadline(), of microseconds from its start. */
static inline void rtio_shm_sqe_set_deadline(struct rtio_shm_sqe *sqe, uint64_t deadline_us)
{
	sqe->flags |= RTIO_SQE_DEADLINE;
	sqe->deadline_us = deadline_us;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SHM_CLIENT_H_ */
