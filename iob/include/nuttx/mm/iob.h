/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * I/O buffers: packets as chains of small buffers from one fixed pool, with NuttX's API.
 *
 * A chain belongs to one context at a time; nothing in it is locked. The pool and the queues are:
 * they may be used from threads and ISRs at once. Whatever returns buffers to the pool hands them
 * to who waits, walks a chain with no lock held, and enters the critical section once per chain,
 * for a constant time; only while somebody waits for a buffer, once per buffer.
 *
 * Unless something else is said. Ownership: a chain passed in stays the caller's. Context: any.
 * Blocks: never. Cost: O(buffers of the chain), constant for one buffer. NULL, where it means
 * nothing, is answered with -EINVAL or NULL, or does nothing. To free a buffer that is free
 * already, or something that is no buffer, is a fault: asserts report it, and it changes nothing.
 */
#ifndef NUTTX_MM_IOB_H_
#define NUTTX_MM_IOB_H_

#include <nuttx/config.h>
#include <nuttx/compiler.h>
#ifdef CONFIG_IOB_NOTIFIER
#include <nuttx/wqueue.h>
#endif

#include <iob/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- types ----------------------------------------------------------------------------------- */

#ifdef CONFIG_IOB_ALLOC
/** What stands behind a buffer is free again: its memory as given. With no lock held. */
typedef CODE void (*iob_free_cb_t)(FAR void *data);
#endif

/** One I/O buffer, and the rest of a packet behind it. Who has the chain writes all of it. */
struct iob_s {
	FAR struct iob_s *io_flink; /**< next in the chain, or NULL; the library's while free */

#if CONFIG_IOB_BUFSIZE < 256 && !defined(CONFIG_IOB_ALLOC)
	uint8_t io_len;    /**< bytes of data */
	uint8_t io_offset; /**< where in io_data they begin */
#else
	uint16_t io_len;                     /**< bytes of data */
	uint16_t io_offset;                  /**< where in io_data they begin */
#endif
#ifdef CONFIG_IOB_ALLOC
	uint16_t io_bufsize; /**< bytes of io_data; written when it is made */
	uint8_t io_kind;     /**< what io_data is; the library's */
#endif
	unsigned int io_pktlen; /**< bytes of the whole chain; valid in its head only */

#ifdef CONFIG_IOB_ALLOC
	iob_free_cb_t io_free; /**< frees what is not from the pool, where it is NULL */
	FAR uint8_t *io_data;  /**< the payload */
#else
	uint8_t io_data[CONFIG_IOB_BUFSIZE]; /**< the payload */
#endif
};

#if CONFIG_IOB_NCHAINS > 0

/** One place in a queue; the library's. */
struct iob_qentry_s {
	FAR struct iob_qentry_s *qe_flink; /**< next in the queue */
	FAR struct iob_s *qe_head;         /**< the chain */
};

/** A queue of chains. Zeroed is empty. */
struct iob_queue_s {
	FAR struct iob_qentry_s *qh_head;
	FAR struct iob_qentry_s *qh_tail; /**< means nothing while qh_head is NULL */
};

#endif /* CONFIG_IOB_NCHAINS > 0 */

/** How full the pool is. */
struct iob_stats_s {
	int ntotal;    /**< buffers there are */
	int nfree;     /**< of them at home */
	int nwait;     /**< threads that wait for one and are not throttled */
	int nthrottle; /**< buffers that a throttled user could have; 0 without a throttle */
};

/* ---- macros ---------------------------------------------------------------------------------- */

/** Alignment of the payload of buffers of the pool, in bytes. */
#define IOB_ALIGNMENT                                                                              \
	(CONFIG_IOB_ALIGNMENT > sizeof(uintptr_t) ? CONFIG_IOB_ALIGNMENT : sizeof(uintptr_t))

/** Bytes that @p p can hold, wherever its data begins. */
#ifdef CONFIG_IOB_ALLOC
#define IOB_BUFSIZE(p) ((p)->io_bufsize)
#else
#define IOB_BUFSIZE(p) CONFIG_IOB_BUFSIZE
#endif

/** The first byte of data of @p p. */
#define IOB_DATA(p) (&(p)->io_data[(p)->io_offset])

/** Bytes behind the data of @p p. */
#define IOB_FREESPACE(p) ((int)(IOB_BUFSIZE(p) - (p)->io_len - (p)->io_offset))

#if CONFIG_IOB_NCHAINS > 0

/** Make @p q an empty queue. */
#define IOB_QINIT(q)                                                                               \
	do {                                                                                       \
		(q)->qh_head = NULL;                                                               \
		(q)->qh_tail = NULL;                                                               \
	} while (0)

/** Whether @p q is empty. */
#define IOB_QEMPTY(q) ((q)->qh_head == NULL)

#endif

/* ---- the pool -------------------------------------------------------------------------------- */

/**
 * Set the pool up. The library does so at start-up, before SYS_INIT() functions of later levels and
 * before main(); calling it again does nothing. Until then there are no buffers.
 *
 * Cost: O(buffers), the first time.
 */
void iob_initialize(void);

/**
 * Get a buffer, empty, its payload not cleared; wait for one if there is none. @p throttled leaves
 * CONFIG_IOB_THROTTLE free ones to others.
 *
 * Who waits is served in the order of priority, of equals the first. Buffers that come free go to
 * waiters that are not throttled; then, once the reserve is full again, to those that are.
 *
 * Ownership: the buffer is the caller's.
 * Context: any; in an ISR it does not wait.   Blocks: for ever.   Cost: constant.
 * @return the buffer; in an ISR NULL if there is none.
 */
FAR struct iob_s *iob_alloc(bool throttled);

/** As iob_alloc(), waiting up to @p timeout milliseconds; UINT_MAX: for ever. @return or NULL. */
FAR struct iob_s *iob_timedalloc(bool throttled, unsigned int timeout);

/** As iob_alloc(), without waiting. @return the buffer, or NULL if there is none. */
FAR struct iob_s *iob_tryalloc(bool throttled);

/** @return how many buffers such a user could have now. */
int iob_navail(bool throttled);

/**
 * Free the buffer at the head of a chain. The length of the packet, less what it held, becomes that
 * of the rest; freeing one in the middle, which the caller has unlinked, makes that 0.
 *
 * Ownership: the buffer is gone, unless it is no buffer or is free already.
 * Cost: constant; O(waiting threads) while somebody waits.
 * @return the rest of the chain.
 */
FAR struct iob_s *iob_free(FAR struct iob_s *iob);

/**
 * Free a chain; NULL is one of none. One that meets a buffer that is free already, or comes back to
 * itself, is freed up to there, which asserts report.
 *
 * Cost: O(buffers); interrupts masked for a constant time.
 */
void iob_free_chain(FAR struct iob_s *iob);

#ifdef CONFIG_IOB_STATS
/** How full the pool is, into *@p stats. Cost: O(waiting threads). */
void iob_getstats(FAR struct iob_stats_s *stats);
#endif

#ifdef CONFIG_IOB_NOTIFIER

/**
 * Have @p worker called with @p arg, once, when a buffer has come free and the number of free ones
 * is, or has passed, a multiple of CONFIG_IOB_NOTIFIER_DIV; by the thread of the queue @p qid
 * (HPWORK, LPWORK), where there are threads. Buffers that are free already do not count.
 *
 * @return a key above 0 for iob_notifier_teardown(), -ENOMEM if CONFIG_IOB_NOTIFIER_MAX are waiting,
 * -EINVAL if @p worker is NULL or there is no such queue.
 */
int iob_notifier_setup(int qid, worker_t worker, FAR void *arg);

/**
 * Call it off, if the worker has not been started. One that runs goes on. A key of nothing, or of
 * what is over, does nothing.
 */
void iob_notifier_teardown(int key);

#endif /* CONFIG_IOB_NOTIFIER */

#ifdef CONFIG_IOB_ALLOC

/**
 * Get a buffer of @p size bytes from the kernel's heap. It is no part of the pool.
 *
 * Context: any.   @return the buffer, empty; NULL if the heap has no room.
 */
FAR struct iob_s *iob_alloc_dynamic(uint16_t size);

/**
 * Get a buffer around the @p size bytes at @p data, empty; only its header is from the kernel's
 * heap. @p free_cb is called with @p data when it is freed.
 *
 * Ownership: takes the memory, until @p free_cb is called; when it returns NULL, it has not.
 * Context: any.   @return the buffer; NULL if the heap has no room, or for a NULL argument.
 */
FAR struct iob_s *iob_alloc_with_data(FAR void *data, uint16_t size, iob_free_cb_t free_cb);

/**
 * Make the @p size bytes at @p data, aligned to a pointer, a buffer: a header, and behind it, aligned
 * to IOB_ALIGNMENT, the payload. @p free_cb is called with @p data when it is freed.
 *
 * Ownership: as iob_alloc_with_data().
 * @return the buffer, which is @p data; NULL for a NULL argument, or if there is no room for a byte
 * of payload.
 */
FAR struct iob_s *iob_init_with_data(FAR void *data, uint16_t size, iob_free_cb_t free_cb);

#endif /* CONFIG_IOB_ALLOC */

/* ---- queues ---------------------------------------------------------------------------------- */

#if CONFIG_IOB_NCHAINS > 0

/**
 * Add the chain @p iob at the end of @p iobq, waiting if all CONFIG_IOB_NCHAINS places of all queues
 * are taken.
 *
 * Ownership: the chain belongs to the queue on success, else it stays the caller's.
 * Context: any; in an ISR it does not wait.   Blocks: for ever.   Cost: constant.
 * @return 0; -ENOMEM in an ISR if there is no place; -EINVAL if an argument is NULL.
 */
int iob_add_queue(FAR struct iob_s *iob, FAR struct iob_queue_s *iobq);

/** As iob_add_queue(), without waiting. @return as that does in an ISR. */
int iob_tryadd_queue(FAR struct iob_s *iob, FAR struct iob_queue_s *iobq);

/** Move all chains of @p src to the end of @p dest. Cost: constant. @return 0, -EINVAL for NULL. */
int iob_concat_queue(FAR struct iob_queue_s *dest, FAR struct iob_queue_s *src);

/** @return the first chain, the caller's now; NULL if the queue is empty. Cost: constant. */
FAR struct iob_s *iob_remove_queue(FAR struct iob_queue_s *iobq);

/** @return the first chain, still in the queue; NULL if that is empty. Cost: constant. */
FAR struct iob_s *iob_peek_queue(FAR struct iob_queue_s *iobq);

/** Empty the queue and free its chains. Cost: O(chains and buffers). */
void iob_free_queue(FAR struct iob_queue_s *qhead);

/**
 * Take the chain @p iob out of @p iobq, wherever it is there, and free it. Does nothing if it is not
 * there.   Cost: O(chains before it), masked; and freeing it.
 */
void iob_free_queue_qentry(FAR struct iob_s *iob, FAR struct iob_queue_s *iobq);

/** @return the bytes of all packets in @p queue. Cost: O(chains), masked. */
unsigned int iob_get_queue_size(FAR struct iob_queue_s *queue);

/** @return how many chains are in @p queue. Cost: O(chains), masked. */
unsigned int iob_get_queue_entry_count(FAR struct iob_queue_s *queue);

/**
 * iob_trimhead() for the first chain of @p qhead, which stays there, even without data. One context
 * at a time takes from a queue that this is used on.
 *
 * @return the new head of that chain; NULL if the queue is empty.
 */
FAR struct iob_s *iob_trimhead_queue(FAR struct iob_queue_s *qhead, unsigned int trimlen);

#endif /* CONFIG_IOB_NCHAINS > 0 */

/* ---- data ------------------------------------------------------------------------------------ */

/**
 * Copy @p len bytes into the chain from @p offset on: over what is there, then behind it in the last
 * buffer, then into new buffers. A negative offset writes in front of the data of the first buffer,
 * which does not move its beginning.
 *
 * What did not get a buffer is not copied; what did, stays, and io_pktlen says how much there is. A
 * request that needs more buffers than the pool could ever give does not wait for them.
 *
 * Context: any; in an ISR it does not wait.   Blocks: for ever.   Cost: O(buffers), @p len.
 * @return @p len; -ENOMEM if the pool could not give enough; -ESPIPE if @p offset is behind the end
 * or before io_data; -EINVAL for NULL or a length beyond INT_MAX.
 */
int iob_copyin(FAR struct iob_s *iob, FAR const uint8_t *src, unsigned int len, int offset,
	       bool throttled);

/** As iob_copyin(), without waiting. */
int iob_trycopyin(FAR struct iob_s *iob, FAR const uint8_t *src, unsigned int len, int offset,
		  bool throttled);

/**
 * Copy up to @p len bytes out of the chain, from @p offset on, which may be negative, as above.
 *
 * Cost: O(buffers), @p len.
 * @return how many there were; -ESPIPE if @p offset is before io_data; -EINVAL as iob_copyin().
 */
int iob_copyout(FAR uint8_t *dest, FAR const struct iob_s *iob, unsigned int len, int offset);

/**
 * Copy the packet @p iob1, packed, to @p iob2, one empty buffer whose data begins at 0. @p block:
 * wait for buffers, as iob_copyin() does.
 *
 * @return 0; -ENOMEM if the pool could not give enough: iob2 has what found room;
 * -EINVAL for NULL, twice the same, or if iob2 is not such a buffer.
 */
int iob_clone(FAR struct iob_s *iob1, FAR struct iob_s *iob2, bool throttled, bool block);

/**
 * Copy @p len bytes, or as many as there are, of @p iob1 from @p offset1 on to @p iob2 from
 * @p offset2 on; either may be negative, as above. The packet iob2 ends behind what was copied:
 * buffers beyond are freed, and what is in front of @p offset2 counts as data, filled as far as its
 * buffers go. The first buffer of iob2 keeps its io_offset; in others the data begins at 0.
 *
 * @return as iob_clone(), for any iob2; -ESPIPE if an offset is before io_data.
 */
int iob_clone_partial(FAR struct iob_s *iob1, unsigned int len, int offset1, FAR struct iob_s *iob2,
		      int offset2, bool throttled, bool block);

/** Append the chain @p iob2, which is gone then, to @p iob1. Cost: O(buffers of @p iob1). */
void iob_concat(FAR struct iob_s *iob1, FAR struct iob_s *iob2);

/**
 * Remove @p trimlen bytes at the beginning. Buffers that get empty are freed, but not the last one,
 * which stays, without data, when that is all there was.
 *
 * @return the new head; NULL for NULL.
 */
FAR struct iob_s *iob_trimhead(FAR struct iob_s *iob, unsigned int trimlen);

/**
 * Remove @p trimlen bytes at the end. Buffers that get empty, and empty ones behind those, are freed.
 *
 * @return @p iob; NULL if it was freed, too, or is NULL.
 */
FAR struct iob_s *iob_trimtail(FAR struct iob_s *iob, unsigned int trimlen);

/**
 * Move the data together: all buffers but the last are full, with data from the very beginning of
 * io_data. What is empty then is freed, and empty buffers at the head, but one buffer stays.
 *
 * @return the new head, not NULL but for NULL.
 */
FAR struct iob_s *iob_pack(FAR struct iob_s *iob);

/**
 * Have the first @p len bytes in the first buffer.
 *
 * @return 0; -ENOSPC if there is less data, or a buffer is smaller; -EINVAL for NULL.
 */
int iob_contig(FAR struct iob_s *iob, unsigned int len);

/**
 * Leave @p reserved bytes unused at the beginning, more than a buffer's in several buffers. Data that
 * is there is lost as far as it stands there; if data began later, it begins earlier now. An empty
 * buffer stays empty. 0 does nothing.
 */
void iob_reserve(FAR struct iob_s *iob, unsigned int reserved);

/**
 * Make the packet @p pktlen bytes long, each buffer but the last used from io_offset to its end:
 * allocates buffers, without waiting, or frees them; their new bytes are as they are.
 *
 * @return the length it has now, less if buffers ran out; -EINVAL for NULL.
 */
int iob_update_pktlen(FAR struct iob_s *iob, unsigned int pktlen, bool throttled);

/** @return bytes behind the data of the last buffer. */
unsigned int iob_tailroom(FAR struct iob_s *iob);

/** @return how many buffers the chain has; 0 for NULL. */
int iob_count(FAR struct iob_s *iob);

/**
 * Print @p msg, what is in each header, and @p len bytes of data from @p offset on, with printk().
 * <iob/print.h> has the same for any output.
 */
void iob_dump(FAR const char *msg, FAR struct iob_s *iob, unsigned int len, unsigned int offset);

#ifdef __cplusplus
}
#endif

#endif /* NUTTX_MM_IOB_H_ */
