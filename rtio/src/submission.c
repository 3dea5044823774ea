/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests on their way into a context: acquired, copied in, dropped. */
#include "internal.h"

/*
 * Who runs: on Linux a thread, the interrupt thread among them; else the main loop, or interrupts,
 * which are not told apart. Never 0.
 */
static inline uintptr_t whoami(void)
{
#ifdef CONFIG_PORT_BARE
	return port_in_isr() ? 2 : 1;
#else
	static PORT_THREAD_LOCAL char mine;

	return (uintptr_t)&mine;
#endif
}

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

/* Take a request from home. Context locked. @return it, NULL if none is there. */
static ALWAYS_INLINE struct rtio_iodev_sqe *sqe_take(struct rtio *r)
{
	struct rtio_iodev_sqe *s = r->sqe_free;

	if (likely(s != NULL)) {
		r->sqe_free = s->next;
	} else if (r->sqe_fresh < r->sq_size) {
		s = &r->sqes[r->sqe_fresh++];
		s->r = r;
		s->generation = 1;
	} else {
		return NULL;
	}
	home_add(r, (uint32_t)-1);
	s->next = NULL;
	status_set(s, STATE_TAKEN);
	return s;
}

/* The caller acquires. Context locked. */
static ALWAYS_INLINE void hold_for_caller(struct rtio *r)
{
#ifdef CONFIG_ASSERT
	__ASSERT(r->acquired.first == NULL || r->holder == whoami(),
		 "what another thread or ISR acquired is not submitted yet");
#else
	if (r->acquired.first != NULL) {
		return;
	}
#endif
	r->holder = whoami();
}

struct rtio_sqe *rtio_sqe_acquire(struct rtio *r)
{
	k_spinlock_key_t key = k_spin_lock(&r->lock);
	struct rtio_iodev_sqe *s = sqe_take(r);

	if (unlikely(s == NULL)) {
		k_spin_unlock(&r->lock, key);
		return NULL;
	}
	hold_for_caller(r);
	list_add(&r->acquired, s, s);
	k_spin_unlock(&r->lock, key);
	return &s->sqe;
}

int rtio_sqe_acquire_array(struct rtio *r, size_t n, struct rtio_sqe **sqes)
{
	k_spinlock_key_t key = k_spin_lock(&r->lock);

	if (r->sqe_home < n) {
		k_spin_unlock(&r->lock, key);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct rtio_iodev_sqe *s = sqe_take(r);

		hold_for_caller(r);
		list_add(&r->acquired, s, s);
		sqes[i] = &s->sqe;
	}
	k_spin_unlock(&r->lock, key);
	return 0;
}

/* Take @p n requests, linked by next, or none. @return the first one; *@p last: the last one. */
static struct rtio_iodev_sqe *take_many(struct rtio *r, size_t n, struct rtio_iodev_sqe **last)
{
	k_spinlock_key_t key = k_spin_lock(&r->lock);
	struct rtio_sqe_list list = {NULL, NULL};

	if (r->sqe_home >= n) {
		for (size_t i = 0; i < n; i++) {
			struct rtio_iodev_sqe *s = sqe_take(r);

			list_add(&list, s, s);
		}
	}
	k_spin_unlock(&r->lock, key);
	*last = list.last;
	return list.first;
}

static rtio_sqe_handle_t handle_of(const struct rtio *r, const struct rtio_iodev_sqe *s)
{
	return (rtio_sqe_handle_t)s->generation << 32 | (uint32_t)(s - r->sqes);
}

rtio_sqe_handle_t rtio_sqe_handle(const struct rtio_sqe *sqe)
{
	const struct rtio_iodev_sqe *s = iodev_sqe_of(sqe);

	return handle_of(s->r, s);
}

/* @return the first request, NULL if there was not enough room. */
static struct rtio_iodev_sqe *copy_in(struct rtio *r, const struct rtio_sqe *sqes, size_t count,
				      rtio_sqe_handle_t *handles)
{
	struct rtio_iodev_sqe *last;
	struct rtio_iodev_sqe *first = take_many(r, count, &last);
	k_spinlock_key_t key;

	if (first == NULL) {
		return NULL;
	}
	for (struct rtio_iodev_sqe *s = first; s != NULL; s = s->next) {
		s->sqe = *sqes++;
		if (handles != NULL) {
			*handles++ = handle_of(r, s);
		}
	}
	key = k_spin_lock(&r->lock);
	list_add(&r->copied, first, last);
	k_spin_unlock(&r->lock, key);
	return first;
}

int rtio_sqe_copy_in_handles(struct rtio *r, const struct rtio_sqe *sqes,
			     rtio_sqe_handle_t *handles, size_t sqe_count)
{
	return sqe_count == 0 || copy_in(r, sqes, sqe_count, handles) != NULL ? 0 : -ENOMEM;
}

int rtio_sqe_copy_in_get_handles(struct rtio *r, const struct rtio_sqe *sqes,
				 struct rtio_sqe **handle, size_t sqe_count)
{
	struct rtio_iodev_sqe *first;

	if (sqe_count == 0) {
		return 0;
	}
	first = copy_in(r, sqes, sqe_count, NULL);
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

/* The last of what is submitted together has nobody to be linked to. */
static ALWAYS_INLINE void check_last(const struct rtio_sqe_list *list)
{
	bool linked = (list->last->sqe.flags & FLAGS_LINK) != 0;

	__ASSERT(!linked, "the last request is linked to a next one, which is not there");
	if (unlikely(linked)) {
		list->last->sqe.flags &= (uint16_t)~FLAGS_LINK;
	}
}

struct rtio_iodev_sqe *rtio_take_submitted(struct rtio *r)
{
	struct rtio_iodev_sqe *first = r->copied.first;

	if (unlikely(first != NULL)) {
		check_last(&r->copied);
		r->copied.first = NULL;
	}
	if (likely(r->acquired.first != NULL) && likely(r->holder == whoami())) {
		check_last(&r->acquired);
		r->acquired.last->next = first;
		first = r->acquired.first;
		r->acquired.first = NULL;
	}
	return first;
}

void rtio_sqe_drop_all(struct rtio *r)
{
	k_spinlock_key_t key = k_spin_lock(&r->lock);
	struct rtio_sqe_list lists[2] = {r->acquired, r->copied};

	r->acquired.first = NULL;
	r->copied.first = NULL;
	k_spin_unlock(&r->lock, key);
	for (int i = 0; i < 2; i++) {
		struct rtio_iodev_sqe *s = lists[i].first;

		while (s != NULL) {
			struct rtio_iodev_sqe *next = s->next;

			key = k_spin_lock(&r->lock);
			sqe_put(r, s);
			k_spin_unlock(&r->lock, key);
			s = next;
		}
	}
}
