/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the files of rtio_shm share.
 *
 * Words of the shared area are read and written with the functions below and in no other way, so each
 * read is one access, and what was read cannot change afterwards. The pairs:
 *
 *   sq_tail        the client stores it behind its entries; the server loads it before them.
 *   cq_tail        the same the other way.
 *   cq_head        the client stores it behind its reads; the server loads it before it writes there.
 *   server_sleeps  the server stores 1, then loads sq_tail and cancel_count; the client stores one of
 *                  these, then loads server_sleeps. All four are sequentially consistent, so at least
 *                  one side sees what the other stored.
 *   client_sleeps  the same with cq_tail and status, the other way.
 *   cancel_count   the client stores it behind the word for the tag, and behind sq_tail.
 */
#ifndef RTIO_SHM_INTERNAL_H_
#define RTIO_SHM_INTERNAL_H_

#include <zephyr/rtio/shm/client.h>
#include <zephyr/rtio/shm/server.h>

/* What goes over the socket, with the descriptors behind it. */
struct shm_hello {
	uint32_t magic;
	uint32_t version;
};
#define HELLO_FDS 3 /* the area, the client's bell, the view of the server's */

static inline uint32_t shared_load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void shared_store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

/* The sleeper is to be woken. @return whether the caller is the one to do it. */
static inline bool shared_wake(uint32_t *sleeps)
{
	return shared_load(sleeps) != 0 && __atomic_exchange_n(sleeps, 0, __ATOMIC_SEQ_CST) != 0;
}

/* A counter that one thread writes and any may read. */
static inline void count(uint32_t *counter, uint32_t by)
{
	atomic32_store_relaxed(counter, *counter + by);
}

/* The sizes of the parts of an area. */
struct shm_layout {
	uint32_t cancel_offset;
	uint32_t sq_offset;
	uint32_t cq_offset;
	uint32_t data_offset;
	size_t size;
};
struct shm_layout rtio_shm_layout(uint32_t entries, uint32_t data_size);

/* Write to an eventfd. Never blocks on one whose other holders can only look at it. */
void rtio_shm_signal(int fd);

/* Close *@p fd unless it is -1, which it then is. */
void rtio_shm_close_fd(int *fd);

/* What the thread of the server waits for, turned into completions of the context. */
int rtio_shm_bell_start(struct rtio_shm_server *s);
void rtio_shm_bell_stop(struct rtio_shm_server *s);
/* Have the thread that serves look at everything. Context: any. */
void rtio_shm_ring(struct rtio_shm_server *s);
/* The completion @p cqe has been consumed. @return whether it was the bell's. */
bool rtio_shm_heard(struct rtio_shm_server *s, const struct rtio_cqe *cqe);

/*
 * One turn of serving: at most CONFIG_RTIO_SHM_BATCH entries and the rest of a chain, twice as many
 * completions, and if something was cancelled a look at each slot.
 * @return 1 if there may be more to do, 0 if not, or as rtio_shm_server_run() when all has ended.
 */
int rtio_shm_turn(struct rtio_shm_server *s);

/* Nothing was there to do: sleep until there is. */
void rtio_shm_nap(struct rtio_shm_server *s);

/* No completion was there: sleep until there is. @return 0, -EAGAIN after @p end, -EPIPE. */
int rtio_shm_client_nap(struct rtio_shm_client *c, k_timepoint_t end);

/* Take entries and submit them. @return whether there was anything to take. */
bool rtio_shm_take(struct rtio_shm_server *s);

/* Put a completion into the ring; there is room. */
void rtio_shm_post(struct rtio_shm_server *s, const struct rtio_shm_cqe *cqe);

/* Break with the client. */
void rtio_shm_break(struct rtio_shm_server *s, int why);

/*
 * Check entry @p n of s->chain and make a request of it in s->sqes; its
 * slot is then claimed.
 * @return 0, or what to answer.
 */
int rtio_shm_check(struct rtio_shm_server *s, uint32_t n);

#endif /* RTIO_SHM_INTERNAL_H_ */
