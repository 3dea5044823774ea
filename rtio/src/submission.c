/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests on their way into a context: acquired, copied in, dropped. */
#include "internal.h"

static ALWAYS_INLINE void list_add(struct rtio_sqe_list *list, struct rtio_iodev_sqe *first,
				   struct rtio_iodev_sqe *last)
{
	if (list->first == NULL) {
		list->first = first;
	} else {
		list->last->next = first;
	}
	list->last = last;
}

/* Take a request from home; its next means nothing. Context locked. @return it, NULL if none is there. */
static ALWAYS_INLINE struct rtio_iodev_sqe *sqe_take(struct rtio *r)
{
	struct rtio_iodev_sqe *s = r->sqe_free;

	if (likely(s != NULL)) {
		r->sqe_free = s->next;
	} else if (r->sqe_fresh < r->sq_size) {
		s = &r->sqes[r->sqe_fresh++];
		s->r = r;
	} else {
		return NULL;
	}
	status_set(s, STATE_TAKEN);
	return s;
}

/* Put the requests from @p s on home, as if they had never been taken. Context locked. */
static void sqe_put_back(struct rtio *r, struct rtio_iodev_sqe *s)
{
	while (s != NULL) {
		struct rtio_iodev_sqe *next = s->next;

		sqe_put(r, s);
		s = next;
	}
}

uint32_t rtio_sqe_acquirable(const struct rtio *r)
{
	uint32_t fresh = atomic32_load_relaxed(&r->sqe_fresh);
	uint32_t home = r->sq_size - fresh;

	for (uint32_t i = 0; i < fresh; i++) {
		home += (status_get(&r->sqes[i]) & STATE_MASK) == STATE_HOME ? 1 : 0;
	}
	return home;
}

static void not_the_holder(void)
{
	__ASSERT(false, "what another thread or ISR acquired is not submitted yet");
}

/*
 * The caller has acquired what begins with @p first and ends with @p last, the next of which means
 * nothing. Context locked.   @return whether nobody else is acquiring.
 */
static ALWAYS_INLINE bool acquired_add(struct rtio *r, struct rtio_iodev_sqe *first,
				       struct rtio_iodev_sqe *last)
{
	if (r->acquired.first == NULL) {
		r->holder = port_context();
		r->acquired.first = first;
	} else if (likely(r->holder == port_context())) {
		r->acquired.last->next = first;
	} else {
		return false;
	}
	r->acquired.last = last;
	return true;
}

/* Context locked on entry, not on return. */
static __attribute__((noinline)) struct rtio_sqe *
refuse_request(struct rtio *r, struct rtio_iodev_sqe *s, k_spinlock_key_t key)
{
	sqe_put(r, s);
	rtio_unlock(r, key);
	not_the_holder();
	return NULL;
}

static ALWAYS_INLINE struct rtio_sqe *acquire_locked(struct rtio *r, k_spinlock_key_t key)
{
	struct rtio_iodev_sqe *s = sqe_take(r);

	if (likely(s != NULL) && unlikely(!acquired_add(r, s, s))) {
		return refuse_request(r, s, key);
	}
	rtio_unlock(r, key);
	return (struct rtio_sqe *)s; /* its first member */
}

static __attribute__((noinline)) struct rtio_sqe *acquire_contended(struct rtio *r)
{
	return acquire_locked(r, rtio_lock(r));
}

struct rtio_sqe *rtio_sqe_acquire(struct rtio *r)
{
	k_spinlock_key_t key;

	if (unlikely(rtio_trylock(r, &key) != 0)) {
		return acquire_contended(r);
	}
	return acquire_locked(r, key);
}

/*
 * Take @p n requests, linked by next, or none. @p n is not 0. Context locked.
 * @return whether there were as many.
 */
static bool take_list(struct rtio *r, size_t n, struct rtio_sqe_list *list)
{
	*list = (struct rtio_sqe_list){NULL, NULL};
	for (size_t i = 0; i < n; i++) {
		struct rtio_iodev_sqe *s = sqe_take(r);

		if (s == NULL) {
			sqe_put_back(r, list->first);
			return false;
		}
		s->next = NULL;
		list_add(list, s, s);
	}
	return true;
}

int rtio_sqe_acquire_array(struct rtio *r, size_t n, struct rtio_sqe **sqes)
{
	k_spinlock_key_t key;
	struct rtio_sqe_list list;
	int ret = 0;

	if (n == 0) {
		return 0;
	}
	key = rtio_lock(r);
	if (!take_list(r, n, &list)) {
		ret = -ENOMEM;
	} else if (!acquired_add(r, list.first, list.last)) {
		sqe_put_back(r, list.first);
		ret = -EBUSY;
	}
	rtio_unlock(r, key);
	if (ret == -EBUSY) {
		not_the_holder();
	}
	for (struct rtio_iodev_sqe *s = list.first; ret == 0 && n > 0; n--, s = s->next) {
		*sqes++ = &s->sqe;
	}
	return ret;
}

static rtio_sqe_handle_t handle_of(const struct rtio *r, const struct rtio_iodev_sqe *s)
{
	return (rtio_sqe_handle_t)s->generation << 32 | ((uint32_t)(s - r->sqes) + 1);
}

rtio_sqe_handle_t rtio_sqe_handle(const struct rtio_sqe *sqe)
{
	const struct rtio_iodev_sqe *s = iodev_sqe_of(sqe);

	return handle_of(s->r, s);
}

static bool take_list_locking(struct rtio *r, size_t count, struct rtio_sqe_list *list)
{
	k_spinlock_key_t key = rtio_lock(r);
	bool taken = take_list(r, count, list);

	rtio_unlock(r, key);
	return taken;
}

struct rtio_iodev_sqe *rtio_parts_take(struct rtio *r, const struct rtio_sqe *parts, size_t n,
				       struct rtio_split *split)
{
	k_spinlock_key_t key = rtio_lock(r);
	struct rtio_sqe_list list;

	if (!take_list(r, n, &list)) {
		list.first = NULL;
	}
	/* Still locked: who cancels them finds all of them. */
	for (struct rtio_iodev_sqe *s = list.first; s != NULL; s = s->next) {
		s->sqe = *parts++;
		s->sqe.flags |= RTIO_SQE_PART | RTIO_SQE_NO_RESPONSE;
		s->sqe.userdata = split;
		status_set(s, STATE_LINKED);
	}
	rtio_unlock(r, key);
	return list.first;
}

/* @return the first request, NULL if there was not enough room. */
static struct rtio_iodev_sqe *copy_requests_in(struct rtio *r, const struct rtio_sqe *sqes,
					       size_t count, rtio_sqe_handle_t *handles)
{
	struct rtio_sqe_list list;
	k_spinlock_key_t key;

	if (!take_list_locking(r, count, &list)) {
		return NULL;
	}
	for (struct rtio_iodev_sqe *s = list.first; s != NULL; s = s->next) {
		s->sqe = *sqes++;
		if (handles != NULL) {
			*handles++ = handle_of(r, s);
		}
	}
	key = rtio_lock(r);
	list_add(&r->copied, list.first, list.last);
	rtio_unlock(r, key);
	return list.first;
}

int rtio_sqe_copy_in_handles(struct rtio *r, const struct rtio_sqe *sqes,
			     rtio_sqe_handle_t *handles, size_t sqe_count)
{
	return sqe_count == 0 || copy_requests_in(r, sqes, sqe_count, handles) != NULL ? 0
										       : -ENOMEM;
}

int rtio_sqe_copy_in_get_handles(struct rtio *r, const struct rtio_sqe *sqes,
				 struct rtio_sqe **handle, size_t sqe_count)
{
	struct rtio_iodev_sqe *first;

	if (sqe_count == 0) {
		return 0;
	}
	first = copy_requests_in(r, sqes, sqe_count, NULL);
	if (first == NULL) {
		return -ENOMEM;
	}
	if (handle != NULL) {
		*handle = &first->sqe;
	}
	return 0;
}

int rtio_sqe_copy_in(struct rtio *r, const struct rtio_sqe *sqes, size_t sqe_count)
{
	return rtio_sqe_copy_in_get_handles(r, sqes, NULL, sqe_count);
}

void rtio_sqe_drop_all(struct rtio *r)
{
	k_spinlock_key_t key = rtio_lock(r);
	struct rtio_sqe_list lists[2] = {r->acquired, r->copied};

	if (r->acquired.first != NULL) {
		r->acquired.last->next = NULL;
	}
	r->acquired.first = NULL;
	r->copied.first = NULL;
	rtio_unlock(r, key);
	for (int i = 0; i < 2; i++) {
		struct rtio_iodev_sqe *s = lists[i].first;

		while (s != NULL) {
			struct rtio_iodev_sqe *next = s->next;

			key = rtio_lock(r);
			sqe_put(r, s);
			rtio_unlock(r, key);
			s = next;
		}
	}
}
