/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The side of the devices: requests from another process, which is not trusted. Not on Zephyr.
 *
 * A server has one client, one area of shared memory and one context, which is its own as long as it is
 * open. Devices transfer to and from the shared area, so the client can change what is written, and
 * read what is read, while that goes on: an iodev offered here must not take decisions from the
 * contents of a buffer. What it has to understand comes as a tiny write, which is the server's copy.
 *
 * Everything else is in doc/shared_memory.md.
 */
#ifndef ZEPHYR_RTIO_SHM_SERVER_H_
#define ZEPHYR_RTIO_SHM_SERVER_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/shm/layout.h>

#include <pthread.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As in <zephyr/rtio/module.h>: a program with structures of another size does not link. */
#define Z_RTIO_SHM_MODULE UTIL_CAT(rtio_shm_built_with_CHAIN_MAX_, CONFIG_RTIO_SHM_CHAIN_MAX)
extern const char Z_RTIO_SHM_MODULE;
static const char *const z_rtio_shm_module __attribute__((used)) __retain = &Z_RTIO_SHM_MODULE;

struct rtio_shm_client;

/** An iodev that the client can name, by its place in an array of these. Constant. */
struct rtio_shm_iodev {
	const struct rtio_iodev *iodev;
	uint32_t ops;         /**< what the client may have it do: BIT(RTIO_OP_...), or'ed */
	uint32_t iodev_flags; /**< the RTIO_IODEV_... that a request may have */
};

/** What the server keeps of a request under way; private to it. */
struct rtio_shm_slot {
	rtio_sqe_handle_t handle; /**< in the context; 0: the slot is free */
	uint64_t userdata;
	uint32_t generation; /**< the client's */
	bool cancelled;      /**< its cancellation has been passed on */
	bool taken;          /**< claimed by a chain that is being checked */
};

/** What a server is made of. Constant while it is open. */
struct rtio_shm_config {
	struct rtio *r; /**< of at least `entries` requests and `entries` + 1 completions */
	const struct rtio_shm_iodev *iodevs;
	uint32_t num_iodevs;
	uint32_t entries;            /**< of each ring; a power of two */
	uint32_t data_size;          /**< bytes for buffers */
	struct rtio_shm_slot *slots; /**< `entries` of them */
};

/** What happened since the server was opened. Any thread may load each of them, relaxed. */
struct rtio_shm_stats {
	uint32_t taken;     /**< entries taken, whatever became of them */
	uint32_t rejected;  /**< of those, entries that were not submitted */
	uint32_t completed; /**< completions put into the ring */
	uint32_t cancelled; /**< cancellations passed on */
	uint32_t stalls; /**< turns that left entries because the ring of completions had no room */
	uint32_t turns;
	uint32_t sleeps; /**< how often it went to sleep */
	uint32_t wakes;  /**< how often it woke the client */
};

/** A server. All fields are its own. */
struct rtio_shm_server {
	struct rtio_shm_config config;
	struct rtio_shm_stats stats;
	struct rtio_shm_header *header; /**< the area; NULL: closed */
	size_t area_size;               /**< bytes */
	uint32_t *cancels;              /**< where the parts of the area are; constant while open */
	struct rtio_shm_sqe *sq;
	struct rtio_shm_cqe *cq;
	uint8_t *data;

	uint32_t sq_head;      /**< entries taken; up to `over` of the thread that serves */
	uint32_t sq_tail;      /**< entries that the client was seen to have put */
	uint32_t cq_tail;      /**< completions put, published or not */
	uint32_t cq_head;      /**< completions that the client was seen to have consumed */
	uint32_t cq_published; /**< completions that the client knows of */
	uint32_t cancels_seen; /**< of the client's cancel_count */
	uint32_t in_flight;    /**< slots in use */
	bool skipping;         /**< in the rest of a chain that was too long */
	bool stalled;          /**< entries were left for want of room */
	bool cancels_due;      /**< a request was cancelled before it was taken */
	int over;              /**< 0, or why no more is taken */
	struct rtio_shm_sqe chain[CONFIG_RTIO_SHM_CHAIN_MAX]; /**< snapshot of what is checked */
	struct rtio_sqe sqes[CONFIG_RTIO_SHM_CHAIN_MAX];      /**< what becomes of it */

	int area_fd;  /**< -1 once it is the client's */
	int bell_fd;  /**< eventfd that the client writes */
	int wake_fd;  /**< eventfd that wakes the client */
	int view_fd;  /**< epoll instance on wake_fd, for the client; -1 once it is the client's */
	int socket;   /**< whose other end is the client; -1: none yet */
	int quit_fd;  /**< eventfd that ends the bell's thread */
	int epoll_fd; /**< what the bell's thread waits for */
	pthread_t bell; /**< turns the client's bell into completions of the context */
	uint32_t rung;  /**< 1 from the bell until it has been heard; atomic */
	uint32_t gone;  /**< 1 once the client has left; atomic */
	uint32_t stop;  /**< 1 once the server has been asked to stop; atomic */
};

/**
 * Make a server: the shared area, sealed so that nobody can change its size, and what wakes both sides.
 *
 * Ownership: @p config is copied, what it points to is used until rtio_shm_server_close().
 * Context: thread.
 * @return 0; -EINVAL if @p config is not as it says above; what the system says if it has no memory
 * or file descriptors (-ENOMEM, -EMFILE, ...), and then nothing is left of it.
 */
int rtio_shm_server_open(struct rtio_shm_server *s, const struct rtio_shm_config *config);

/**
 * Hand the area to the process at the other end of @p socket, a connected one of AF_UNIX. That is the
 * client until no process has that end open any more, or it is shut down.
 *
 * Ownership: @p socket is the server's if this succeeds, else it stays the caller's.
 * Context: thread, before rtio_shm_server_run().   Blocks: no.
 * @return 0; -EALREADY if there is a client; -EAGAIN if the socket has no room; what the system says.
 */
int rtio_shm_server_send(struct rtio_shm_server *s, int socket);

/**
 * fork(), with @p client open in the child, where @p s is gone.
 * Context: thread, before rtio_shm_server_run(); what holds for fork() in a program with threads.
 * @return the child in the parent, 0 in the child; -1 if there is none, as fork() with errno; a child
 * that cannot become the client ends with status 127.
 */
pid_t rtio_shm_server_fork(struct rtio_shm_server *s, struct rtio_shm_client *client);

/**
 * Serve until the client has left, has broken the rules of the rings, or rtio_shm_server_stop(); then
 * cancel what is under way and wait until all of it has ended. A program that uses packet_io_stop() asks for
 * that end first: a thread of K_THREAD_DEFINE() is ended in here, with the client's requests under way.
 *
 * Context: thread; iodevs begin requests on it.   Blocks: until then; without CPU time when idle.
 * @return -EPIPE: the client left; -EPROTO: its indexes were absurd; -ECANCELED: asked to stop; -EINVAL:
 * @p s has no client; -EAGAIN, -ENOMEM: no thread could be started, and nothing has happened.
 */
int rtio_shm_server_run(struct rtio_shm_server *s);

/** Have rtio_shm_server_run() return. Context: any thread, while @p s is open. */
void rtio_shm_server_stop(struct rtio_shm_server *s);

/**
 * Free the area and all else. A client that is still there finds that out.
 * Context: thread, when rtio_shm_server_run() has returned, or did not run.
 * @return 0; -EBUSY if requests are under way, and nothing has happened; -EALREADY if it is closed.
 */
int rtio_shm_server_close(struct rtio_shm_server *s);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SHM_SERVER_H_ */
