/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Devices over file descriptors: files, pipes, sockets, terminals, timers. Linux only.
 *
 * Requests in each direction are done one after the other, in the order of their submission; both
 * directions go on at the same time. A request that the kernel can do at once ends within
 * rtio_submit(); others end later, in the engine's thread. Neither is an ISR: k_is_in_isr() is false
 * (in an ISR that submits, it is true for what ends at once). Nothing blocks the submitter.
 *
 * What requests do:
 *   RX       reads what is there, at least one byte; 0: the end, nobody will write any more. Of a file:
 *            all that was asked for, less only at its end. Of a datagram socket: one datagram;
 *            -EMSGSIZE if it is longer than the buffer, and it is gone. Of a listening socket: an int,
 *            the descriptor of a connection, which is the application's. Into no bytes: -EINVAL.
 *   multishot RX   the same again and again; at the end it fails with -ENODATA, and when the pool has no
 *            block with -ENOMEM, without loss. Datagrams too long for a block are skipped and counted;
 *            an empty one may come without a block. A cancel takes with it at most the block that was
 *            being answered; what else has come is there for the next read.
 *   TX       writes all of it; its result is the length.
 *   TXRX     writes all and reads as much, both at the same time; its result is what was read, which is
 *            less only at the end.
 *   NOP      ends at once.
 * A transaction of writes goes out gathered, on a datagram socket as one datagram; one of reads is
 * scattered. The result, the sum, is in each member's completion. Mixed ones answer -ENOTSUP, as do
 * other operations. Errors of the kernel come as negative errno values. Requests for anything but
 * RTIO_FD_POSITIONED leave `iodev_flags` to the device.
 */
#ifndef ZEPHYR_RTIO_FD_H_
#define ZEPHYR_RTIO_FD_H_

#include <zephyr/rtio/rtio.h>

#include <sys/socket.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As in <zephyr/rtio/module.h>: a program with structures of another size does not link. */
#define Z_RTIO_FD_MODULE UTIL_CAT(rtio_fd_built_with_LINUX_VECTORS_, CONFIG_RTIO_LINUX_VECTORS)
extern const char Z_RTIO_FD_MODULE;
static const char *const z_rtio_fd_module __attribute__((used)) __retain = &Z_RTIO_FD_MODULE;

/** Flag of a device: rtio_fd_close() closes the descriptor. */
#define RTIO_FD_OWNED BIT(0)
/**
 * Flag, for files: requests say where, in units of rtio_fd.unit bytes, in `iodev_flags`; they are
 * independent of each other and done in any order. Without it the file's own position counts.
 */
#define RTIO_FD_POSITIONED BIT(1)

struct rtio_fd;

/* An operation on its way. The engine's. */
struct rtio_fd_op {
	struct rtio_iodev_sqe *s;      /* the request; NULL: none */
	struct rtio_iodev_sqe *member; /* of the transaction, the first one not yet in iov */
	struct rtio_fd *dev;
	struct rtio_fd_op *next; /* under way, of its lane */
	struct rtio_fd_op *peer; /* the other direction of a TXRX */
	struct rtio_keeper
		*keeper; /* its submitter, which waits for it; guarded by the device's lock */
	uint64_t offset; /* where, with RTIO_FD_POSITIONED */
	uint32_t done;   /* bytes */
	uint32_t left;   /* bytes, of what is in iov */
	int32_t result;  /* of one half of a TXRX */
	uint8_t lane;
	uint8_t kind;     /* what is to be done */
	uint8_t wait;     /* what the engine waits for */
	bool fill;        /* a read that goes on until all is there */
	bool pooled;      /* reads into a block that was got for it */
	bool cancel;      /* asked to stop; guarded by the device's lock */
	bool cancel_sent; /* the engine knows */
	bool in_kernel;   /* io_uring has it */
	uint16_t iov_at;
	uint16_t iov_end;
	struct msghdr msg;
	struct iovec iov[CONFIG_RTIO_LINUX_VECTORS];
};

/* One direction. Guarded by the device's lock. */
struct rtio_fd_lane {
	struct rtio_iodev_sqe *first; /* wait for their turn, by q.next */
	struct rtio_iodev_sqe *last;
	struct rtio_fd_op *active; /* under way in the engine, by next */
	uint32_t running;          /* operations under way */
	bool handed;               /* op was begun by a submitter, and the engine goes on with it */
	uint8_t waited;            /* how often in a row op could not be done at once; op's */
	struct rtio_fd_op op;      /* whose it is: who made running 1 */
};

/** A device over a file descriptor; zeroed is "not open". Fields are the library's but for these. */
struct rtio_fd {
	struct rtio_iodev iodev; /**< for requests: &dev->iodev */
	int fd;                  /**< the descriptor; constant while open */
	uint32_t unit;           /**< with RTIO_FD_POSITIONED: bytes; set by rtio_fd_init() to 1 */
	uint32_t read_size;      /**< bytes that a read from the pool asks for; 0: one block */
	uint32_t skipped;        /**< datagrams that were too long for a multishot read; wraps */
	uint32_t at_once;        /**< requests that ended in the submitter's context; wraps */
	/* The rest is the library's. */
	struct k_spinlock lock;
	struct rtio_fd_lane lanes[2]; /* in, out */
	struct rtio_fd *kicked_next;
	struct rtio_fd_group *group; /* what the kernel reads ahead into; the engine's */
	struct k_sem *closed;        /* who waits in rtio_fd_close() */
	uint32_t order;              /* of what was queued last, in its iodev_flags; wraps */
	uint32_t txrx;               /* how many of those are queued */
	int error;                   /* of a connection that could not be made */
	int restore;                 /* flags of the file, as they were; -1: not changed */
	int polled;                  /* what epoll watches; its own descriptor */
	uint32_t events;             /* that it watches for */
	uint32_t wanted;             /* that operations wait for; the engine's */
	socklen_t addr_len;
	struct sockaddr_storage addr; /* to connect to */
	uint8_t type;                 /* of the file */
	uint8_t link;                 /* state of the connection */
	uint8_t flags;
	bool ends; /* a read of nothing is the end */
	bool open;
	bool kicked;      /* the engine will look at it; guarded by the engine's lock */
	bool no_try[2];   /* nothing can be done at once */
	bool no_multi;    /* the kernel cannot repeat reads of this file */
	bool watched;     /* epoll knows it */
	bool unwatchable; /* and cannot */
};

/**
 * Make @p dev a device over @p fd, whatever that is. Starts the engine if none runs.
 *
 * Ownership: @p dev, zeroed or closed before, is the library's until rtio_fd_close(); @p fd must stay
 * open that long, and is the library's with RTIO_FD_OWNED, if this succeeds. With the epoll engine, what
 * is no socket and no file becomes non-blocking until then.
 * Context: thread.   Blocks: while the engine starts.
 * @return 0; -EBUSY if @p dev is open; -EBADF if @p fd is none; -ENOTSUP if it is a directory, or
 * RTIO_FD_POSITIONED is asked for what has no positions; -EINVAL for unknown flags; errors of
 * rtio_engine_start().
 */
int rtio_fd_init(struct rtio_fd *dev, int fd, uint32_t flags);

/**
 * Close @p dev: what waits or is under way ends with -ECANCELED, or as it ended if that came first.
 * Nobody submits to it or cancels its requests meanwhile.
 *
 * Context: thread.   Blocks: until all requests have ended.
 * @return 0; -EBADF if it is not open; -EDEADLK in the engine's thread, in a callback say.
 */
int rtio_fd_close(struct rtio_fd *dev);

/**
 * Connect the socket of @p dev, once writes under way have ended. Requests may be submitted at once; they
 * wait until it is connected, and if that fails, these and all later ones answer with the reason until
 * this is called again.
 *
 * Context: any.   Blocks: no.
 * @return 0: it is on its way; -EINVAL: @p dev is no socket, or @p len no length of an address;
 * -EBADF: not open; -EBUSY: it is connecting.
 */
int rtio_fd_connect(struct rtio_fd *dev, const struct sockaddr *addr, socklen_t len);

/** A piece of a gathered write. */
struct rtio_fd_vec {
	const uint8_t *buf;
	uint32_t len; /**< bytes */
};

/** Most pieces of one call of rtio_fd_write_gathered(). */
#define RTIO_FD_GATHER_MAX 32

/**
 * Copy in a write of @p count pieces, one after the other, as one, with one completion of the sum: a
 * transaction of which only the first member answers. It starts with the next rtio_submit().
 *
 * Pieces stay the caller's and must live until the end.
 * Context: any.   Blocks: no.
 * @return 0; -EINVAL for no or more than RTIO_FD_GATHER_MAX pieces; -ENOMEM if the context has fewer
 * requests.
 */
int rtio_fd_write_gathered(struct rtio *r, const struct rtio_fd *dev, int8_t prio,
			   const struct rtio_fd_vec *pieces, size_t count, void *userdata);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_FD_H_ */
