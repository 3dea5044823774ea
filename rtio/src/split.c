/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests that are done as several. */
#include "internal.h"

#include <zephyr/rtio/split.h>

/* A part has ended. Nothing locked. */
static void part_ended(struct rtio_split *split, int result)
{
	if (result >= 0) {
		(void)atomic32_add_relaxed(&split->total, (uint32_t)result);
	} else {
		uint32_t none = 0;

		/* Relaxed: whoever ends last sees it behind the order below. */
		while (none == 0 && !atomic32_cas_relaxed(&split->error, &none, (uint32_t)result)) {
		}
	}
	/* Acquire and release: the last one sees the results of all others. */
	if (atomic32_sub_acq_rel(&split->left, 1) == 1) {
		struct rtio_iodev_sqe *parent = split->parent;

		result = (int)(split->error != 0 ? split->error : split->total);
		if (split->over != NULL) {
			split->over(split);
		}
		rtio_iodev_sqe_ok(parent, result);
	}
}

int rtio_split(struct rtio_split *split, struct rtio_iodev_sqe *parent, struct rtio *r,
	       const struct rtio_sqe *parts, size_t n)
{
	struct rtio_iodev_sqe *first;

	if (n == 0) {
		return -EINVAL;
	}
	split->parent = parent;
	split->r = r;
	split->left = (uint32_t)n;
	split->error = 0;
	split->total = 0;
	split->ended = part_ended;
	first = rtio_parts_take(r, parts, n, split);
	if (first == NULL) {
		return -ENOMEM;
	}
	/* From here on it may be over. */
	rtio_submit_list(r, first);
	return 0;
}

/* Only of what is submitted is it known: an entry may have been a part before. */
static const struct rtio_split *split_of(const struct rtio_iodev_sqe *s)
{
	bool part =
		(status_get(s) & STATE_MASK) != STATE_TAKEN && (s->sqe.flags & RTIO_SQE_PART) != 0;

	return part ? s->sqe.userdata : NULL;
}

static bool is_of_split(const struct rtio_iodev_sqe *s, const void *split)
{
	return split_of(s) == split;
}

static bool is_of_parent(const struct rtio_iodev_sqe *s, const void *parent)
{
	const struct rtio_split *split = split_of(s);

	return split != NULL && split->parent == parent;
}

void rtio_split_cancel(struct rtio_split *split)
{
	(void)rtio_cancel_those(split->r, is_of_split, split);
}

uint32_t rtio_cancel_parts_of(struct rtio_iodev_sqe *s)
{
	return rtio_cancel_those(s->r, is_of_parent, s);
}
