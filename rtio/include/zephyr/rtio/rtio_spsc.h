/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A ring for one producer and one consumer, each a thread or an ISR: without locks and without
 * read-modify-write. Elements are written and read in place.
 *
 * The producer acquires elements, writes them and produces them, in order; the consumer consumes
 * elements, reads them and releases them, in order. The size is a power of two.
 */
#ifndef ZEPHYR_RTIO_RTIO_SPSC_H_
#define ZEPHYR_RTIO_RTIO_SPSC_H_

#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <port/atomics.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What all rings have, whatever their elements. All counts wrap. */
struct rtio_spsc {
	uint32_t acquire;    /**< acquired, not produced; the producer's */
	uint32_t consume;    /**< consumed, not released; the consumer's */
	uint32_t in;         /**< produced so far; written by the producer */
	uint32_t out;        /**< released so far; written by the consumer */
	const uint32_t mask; /**< the size less 1 */
};

/** Initialiser of a ring of @p sz elements of @p type. */
#define RTIO_SPSC_INITIALIZER(name, type, sz)                                                      \
	{                                                                                          \
		{0, 0, 0, 0, (sz)-1},                                                              \
		{                                                                                  \
		}                                                                                  \
	}

/** Declare the type `struct rtio_spsc_<name>` of a ring. */
#define RTIO_SPSC_DECLARE(name, type, sz)                                                          \
	BUILD_ASSERT(IS_POWER_OF_TWO(sz), "the size of a ring is a power of two");                 \
	struct rtio_spsc_##name {                                                                  \
		struct rtio_spsc _spsc;                                                            \
		type buffer[sz];                                                                   \
	}

/** Define ring @p name of @p sz elements of @p type. RAM: the elements and five words. */
#define RTIO_SPSC_DEFINE(name, type, sz)                                                           \
	RTIO_SPSC_DECLARE(name, type, sz) name = RTIO_SPSC_INITIALIZER(name, type, sz)

/* Index of an element, or -1: the functions behind the macros. */
static inline long z_rtio_spsc_acquire(struct rtio_spsc *s)
{
	uint32_t at = s->in + s->acquire; /* only the producer writes `in` */

	/* Acquire: pairs with the release in z_rtio_spsc_release(): the element has been read. */
	if (at - atomic32_load_acquire(&s->out) > s->mask) {
		return -1;
	}
	s->acquire++;
	return (long)(at & s->mask);
}

static inline void z_rtio_spsc_produce(struct rtio_spsc *s, uint32_t n)
{
	n = MIN(n, s->acquire);
	s->acquire -= n;
	/* Release: pairs with the acquire in z_rtio_spsc_consumable(): the elements are written. */
	atomic32_store_release(&s->in, s->in + n);
}

static inline uint32_t z_rtio_spsc_consumable(struct rtio_spsc *s)
{
	return atomic32_load_acquire(&s->in) - s->out - s->consume;
}

static inline long z_rtio_spsc_consume(struct rtio_spsc *s)
{
	if (z_rtio_spsc_consumable(s) == 0) {
		return -1;
	}
	return (long)((s->out + s->consume++) & s->mask);
}

static inline long z_rtio_spsc_peek(struct rtio_spsc *s)
{
	return z_rtio_spsc_consumable(s) == 0 ? -1 : (long)((s->out + s->consume) & s->mask);
}

static inline void z_rtio_spsc_release(struct rtio_spsc *s)
{
	if (s->consume > 0) {
		s->consume--;
		atomic32_store_release(&s->out, s->out + 1);
	}
}

/* The element behind or before that of index @p i, which has been produced and not released. */
static inline long z_rtio_spsc_next(struct rtio_spsc *s, uint32_t i)
{
	uint32_t last = (atomic32_load_acquire(&s->in) - 1) & s->mask;

	return i == last ? -1 : (long)((i + 1) & s->mask);
}

static inline long z_rtio_spsc_prev(struct rtio_spsc *s, uint32_t i)
{
	return i == (s->out & s->mask) ? -1 : (long)((i - 1) & s->mask);
}

static inline void z_rtio_spsc_reset(struct rtio_spsc *s)
{
	s->acquire = 0;
	s->consume = 0;
	s->in = 0;
	s->out = 0;
}

#define Z_RTIO_SPSC_AT(spsc, index)                                                                \
	(__extension__({                                                                           \
		long z_at = (index);                                                               \
		z_at < 0 ? NULL : &(spsc)->buffer[z_at];                                           \
	}))

/** Elements in all. */
#define rtio_spsc_size(spsc) ((spsc)->_spsc.mask + 1)
/** Make the ring empty. Context: while nobody else uses it. */
#define rtio_spsc_reset(spsc) z_rtio_spsc_reset(&(spsc)->_spsc)
/** Producer: the next element to write, NULL if all are in use. */
#define rtio_spsc_acquire(spsc) Z_RTIO_SPSC_AT(spsc, z_rtio_spsc_acquire(&(spsc)->_spsc))
/** Producer: hand over the oldest acquired element; none acquired: nothing. */
#define rtio_spsc_produce(spsc) z_rtio_spsc_produce(&(spsc)->_spsc, 1)
/** Producer: hand over all acquired elements. */
#define rtio_spsc_produce_all(spsc) z_rtio_spsc_produce(&(spsc)->_spsc, UINT32_MAX)
/** Producer: give back all that was acquired and not handed over. */
#define rtio_spsc_drop_all(spsc) ((void)((spsc)->_spsc.acquire = 0))
/** Consumer: the next element to read, NULL if there is none; its place is taken until released. */
#define rtio_spsc_consume(spsc) Z_RTIO_SPSC_AT(spsc, z_rtio_spsc_consume(&(spsc)->_spsc))
/** Consumer: release the oldest consumed element; none consumed: nothing. */
#define rtio_spsc_release(spsc) z_rtio_spsc_release(&(spsc)->_spsc)
/** Consumer: release all consumed elements. */
#define rtio_spsc_release_all(spsc)                                                                \
	do {                                                                                       \
		while ((spsc)->_spsc.consume > 0) {                                                \
			z_rtio_spsc_release(&(spsc)->_spsc);                                       \
		}                                                                                  \
	} while (false)
/** Consumer: how many can be consumed now. */
#define rtio_spsc_consumable(spsc) z_rtio_spsc_consumable(&(spsc)->_spsc)
/** Producer: how many can be acquired now. */
#define rtio_spsc_acquirable(spsc)                                                                 \
	(rtio_spsc_size(spsc) -                                                                    \
	 ((spsc)->_spsc.in + (spsc)->_spsc.acquire - atomic32_load_acquire(&(spsc)->_spsc.out)))
/** Consumer: what would be consumed next, without consuming it. */
#define rtio_spsc_peek(spsc) Z_RTIO_SPSC_AT(spsc, z_rtio_spsc_peek(&(spsc)->_spsc))
/** Consumer: the element behind @p item, one that was produced and not released; NULL: the last. */
#define rtio_spsc_next(spsc, item)                                                                 \
	Z_RTIO_SPSC_AT(spsc, z_rtio_spsc_next(&(spsc)->_spsc, (uint32_t)((item) - (spsc)->buffer)))
/** Consumer: the element before it; NULL: the first. */
#define rtio_spsc_prev(spsc, item)                                                                 \
	Z_RTIO_SPSC_AT(spsc, z_rtio_spsc_prev(&(spsc)->_spsc, (uint32_t)((item) - (spsc)->buffer)))

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_RTIO_SPSC_H_ */
