/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * I/O buffers as network buffers, and back.
 *
 * Both ways get all that they need before they touch what the caller has, so that to fail is to give
 * that back and nothing else.
 */
#include <bridge/net_buf_iob.h>

#ifdef CONFIG_IOB_ALLOC
#include <iob/external.h>
#endif
#include <zephyr/sys/__assert.h>
#include <zephyr/sys_clock.h>

#include <limits.h>

/* ---- I/O buffers as network buffers ---------------------------------------------------------- */

/* The last net_buf around an I/O buffer is home. */
static void free_iob(void *data, size_t size, void *arg)
{
	ARG_UNUSED(data);
	ARG_UNUSED(size);
	(void)iob_free(arg);
}

/*
 * How many buffers the chain @p iob has, up to @p most + 1, at which a chain that comes back to
 * itself ends as well. @return 0 if it is none. What is free has a link that is no pointer.
 */
static unsigned int count_chain(const struct iob_s *iob, unsigned int most)
{
	unsigned int n = 0;

	for (; iob != NULL && n <= most; iob = iob->io_flink) {
		if ((uintptr_t)iob % __alignof__(struct iob_s) != 0 ||
		    (unsigned int)iob->io_offset + iob->io_len > IOB_BUFSIZE(iob)) {
			return 0;
		}
		n++;
	}
	return n;
}

/* Get a chain of @p n net_bufs without memory. @return NULL, nothing kept, if there are not as many. */
static struct net_buf *take_chain(struct net_buf_pool *pool, unsigned int n, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	struct net_buf *head = NULL;

	for (; n > 0; n--) {
		struct net_buf *buf = net_buf_alloc_len(pool, 0, sys_timepoint_timeout(end));

		if (buf == NULL) {
			net_buf_drop(&head);
			return NULL;
		}
		buf->frags = head;
		head = buf;
	}
	return head;
}

/* Put @p buf around @p iob, which stands alone from here on. */
static void wrap(struct net_buf *buf, struct iob_s *iob)
{
	iob->io_flink = NULL;
	iob->io_pktlen = iob->io_len;
	(void)net_buf_external_attach(buf, iob->io_data, IOB_BUFSIZE(iob), free_iob, iob);
	buf->data = IOB_DATA(iob);
	buf->len = iob->io_len;
}

struct net_buf *net_buf_from_iob(struct net_buf_pool *pool, struct iob_s *iob, k_timeout_t timeout)
{
	struct net_buf *head;
	unsigned int n;

	if (pool == NULL || pool->alloc->cb != &net_buf_external_cb) {
		__ASSERT(false, "pool %p is not one without memory", (void *)pool);
		return NULL;
	}
	n = count_chain(iob, pool->buf_count);
	if (n == 0) {
		__ASSERT(false, "%p is not a chain of I/O buffers", (void *)iob);
		return NULL;
	}
	head = n <= pool->buf_count ? take_chain(pool, n, timeout) : NULL;
	for (struct net_buf *buf = head; buf != NULL; buf = buf->frags) {
		struct iob_s *next = iob->io_flink;

		wrap(buf, iob);
		iob = next;
	}
	return head;
}

#ifdef CONFIG_IOB_ALLOC

/* ---- network buffers as I/O buffers, by reference -------------------------------------------- */

/* An I/O buffer is freed. */
static void free_header(void *data)
{
	struct iob_net_buf *header = CONTAINER_OF(data, struct iob_net_buf, iob);
	struct net_buf *frag = header->frag;

	/* The header first: to release the fragment may run code of the user's. */
	k_mem_slab_free(header->home, header);
	net_buf_unref(frag);
}

/* Make @p header an I/O buffer around @p frag. A fragment without memory has none here, either. */
static struct iob_s *wrap_frag(struct iob_net_buf *header, struct net_buf *frag)
{
	void *memory = frag->__buf != NULL ? (void *)frag->__buf : header;
	struct iob_s *iob = iob_init_external(&header->iob, memory, frag->size, free_header);

	header->frag = frag;
	iob->io_len = frag->len;
	iob->io_offset = frag->__buf != NULL ? (uint16_t)net_buf_headroom(frag) : 0;
	return iob;
}

/*
 * Get a header around each fragment of @p buf, each with a reference of its own: I/O buffers are freed
 * one by one, while the fragments stay the chain that others may have.
 * @return NULL, nothing kept, if one cannot be had.
 */
static struct iob_s *refer(struct k_mem_slab *headers, struct net_buf *buf, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	struct iob_s *head = NULL;
	struct iob_s **link = &head;

	for (struct net_buf *frag = buf; frag != NULL; frag = frag->frags) {
		void *header;

		if (k_mem_slab_alloc(headers, &header, sys_timepoint_timeout(end)) != 0) {
			break;
		}
		((struct iob_net_buf *)header)->home = headers;
		if (net_buf_ref(frag) == NULL) {
			k_mem_slab_free(headers, header);
			break;
		}
		*link = wrap_frag(header, frag);
		link = &(*link)->io_flink;
		if (frag->frags == NULL) {
			head->io_pktlen = (unsigned int)net_buf_frags_len(buf);
			return head;
		}
	}
	iob_free_chain(head);
	return NULL;
}

static unsigned int count_frags(const struct net_buf *buf)
{
	unsigned int n = 0;

	for (; buf != NULL; buf = buf->frags) {
		n++;
	}
	return n;
}

static struct iob_s *make_chain(struct k_mem_slab *headers, struct net_buf *buf, bool throttled,
				k_timeout_t timeout)
{
	struct iob_s *head;

	ARG_UNUSED(throttled);
	if (headers->info.block_size != sizeof(struct iob_net_buf)) {
		__ASSERT(false, "slab %p is not one of headers", (void *)headers);
		return NULL;
	}
	if (count_frags(buf) > headers->info.num_blocks) {
		return NULL;
	}
	head = refer(headers, buf, timeout);
	if (head != NULL) {
		net_buf_unref(buf);
	}
	return head;
}

#else

/* ---- network buffers as I/O buffers, by copying ---------------------------------------------- */

/* What is left until @p end as iob_timedalloc() wants it. */
static unsigned int ms_until(k_timepoint_t end)
{
	k_timeout_t left = sys_timepoint_timeout(end);

	if (K_TIMEOUT_EQ(left, K_FOREVER)) {
		return UINT_MAX;
	}
	return (unsigned int)MIN((uint64_t)k_ticks_to_ms_floor64((uint64_t)left.ticks),
				 (uint64_t)UINT_MAX - 1);
}

/* Get a chain of @p n empty buffers. @return NULL, nothing kept, if there are not as many. */
static struct iob_s *take_iobs(unsigned int n, bool throttled, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	struct iob_s *head = NULL;

	for (; n > 0; n--) {
		struct iob_s *iob = iob_timedalloc(throttled, ms_until(end));

		if (iob == NULL) {
			iob_free_chain(head);
			return NULL;
		}
		iob->io_flink = head;
		head = iob;
	}
	return head;
}

static struct iob_s *make_chain(struct k_mem_slab *headers, struct net_buf *buf, bool throttled,
				k_timeout_t timeout)
{
	size_t bytes = net_buf_frags_len(buf);
	size_t n = MAX(DIV_ROUND_UP(bytes, CONFIG_IOB_BUFSIZE), (size_t)1);
	const struct net_buf *frag = buf;
	size_t offset = 0;
	struct iob_s *head;

	ARG_UNUSED(headers);
	if (n > (size_t)(CONFIG_IOB_NBUFFERS - (throttled ? CONFIG_IOB_THROTTLE : 0))) {
		return NULL;
	}
	head = take_iobs((unsigned int)n, throttled, timeout);
	if (head == NULL) {
		return NULL;
	}
	head->io_pktlen = (unsigned int)bytes;
	for (struct iob_s *iob = head; iob != NULL; iob = iob->io_flink) {
		size_t len = net_buf_linearize(iob->io_data, CONFIG_IOB_BUFSIZE, frag, offset,
					       CONFIG_IOB_BUFSIZE);

		iob->io_len = (__typeof__(iob->io_len))len;
		offset += len;
		for (; frag->frags != NULL && offset >= frag->len; frag = frag->frags) {
			offset -= frag->len;
		}
	}
	net_buf_unref(buf);
	return head;
}

#endif /* CONFIG_IOB_ALLOC */

struct iob_s *iob_from_net_buf(struct k_mem_slab *headers, struct net_buf *buf, bool throttled,
			       k_timeout_t timeout)
{
	if (headers == NULL || buf == NULL ||
	    (atomic32_load_relaxed(&buf->ref_word) & Z_NET_BUF_REF_MASK) == 0) {
		__ASSERT(false, "%p cannot be made I/O buffers", (void *)buf);
		return NULL;
	}
	return make_chain(headers, buf, throttled, timeout);
}
