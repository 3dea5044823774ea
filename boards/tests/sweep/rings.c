/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A packet buffer of either mode, what an ISR may do with it, and the books about that: every packet
 * is claimed or dropped once, whole, and its room comes back.
 */
#include "worlds.h"

#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/watch.h>

#include <errno.h>
#include <string.h>

#define WORDS    16 /* of the memory; two modes have fewer of them, no power of two */
#define HELD     6  /* packets that a party has at most, claimed or allocated */
#define LARGEST  5  /* words of a packet */
#define MARK     32 /* bytes in use at which somebody is told */
#define OVERSIZE (WORDS + 1)

/* What one party has done and holds. */
struct book {
	union mpsc_pbuf_generic *allocated[HELD];
	uint32_t allocated_count;
	const union mpsc_pbuf_generic *claimed[HELD];
	uint32_t claimed_count;
	uint32_t last;   /* number of its last packet */
	uint32_t stored; /* packets it has committed */
	uint32_t stored_sum;
	uint32_t got; /* packets it has claimed */
	uint32_t got_sum;
	uint32_t dropped; /* packets it was told of */
	uint32_t dropped_sum;
	uint32_t told; /* times that much was in use */
};

static struct book books[PARTIES];
static uint32_t memory[WORDS];
static struct mpsc_pbuf_buffer ring;

#define SUM(field) (books[SCENE].field + books[MAIN].field + books[ISR].field)

static struct book *book_of(const struct account *a)
{
	return &books[a - accounts];
}

/* ---- packets --------------------------------------------------------------------------------- */

/* In the header, above the two bits: its words, its party, its number. The other words follow. */
static uint32_t header_of(uint32_t wlen, uint32_t party, uint32_t number)
{
	return wlen << MPSC_PBUF_HDR_BITS | party << 8 | number << 10;
}

static uint32_t wlen_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> MPSC_PBUF_HDR_BITS & 0x3f;
}

static uint32_t party_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> 8 & 3;
}

static uint32_t number_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> 10;
}

static void fill(uint32_t *rest, uint32_t header)
{
	uint32_t wlen = header >> MPSC_PBUF_HDR_BITS & 0x3f;

	for (uint32_t i = 1; i < wlen; i++) {
		rest[i - 1] = ~(header >> MPSC_PBUF_HDR_BITS) + i;
	}
}

static bool is_whole(const union mpsc_pbuf_generic *packet)
{
	uint32_t wlen = wlen_of(packet);

	for (uint32_t i = 1; i < wlen; i++) {
		if (packet[i].raw != ~(packet->raw >> MPSC_PBUF_HDR_BITS) + i) {
			return false;
		}
	}
	return wlen - 1 < LARGEST && party_of(packet) < PARTIES;
}

static void told_of_drop(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *packet)
{
	enum party party = k_is_in_isr() ? ISR : MAIN;

	accounts[party].wrong += b != &ring || !is_whole(packet);
	books[party].dropped++;
	books[party].dropped_sum += number_of(packet);
}

static void told_of_much(struct mpsc_pbuf_buffer *b, struct mpsc_pbuf_high_water *high_water)
{
	ARG_UNUSED(b);
	ARG_UNUSED(high_water);
	books[k_is_in_isr() ? ISR : MAIN].told++;
}

/* ---- operations ------------------------------------------------------------------------------ */

static void allocate(struct account *a, uint32_t wlen)
{
	struct book *book = book_of(a);
	union mpsc_pbuf_generic *packet;
	uint32_t header;

	if (book->allocated_count == HELD) {
		return;
	}
	packet = mpsc_pbuf_alloc(&ring, wlen, K_NO_WAIT);
	a->result = packet != NULL;
	if (packet == NULL) {
		return;
	}
	a->wrong += packet->hdr.valid != 0 || packet->hdr.busy != 0;
	book->last++;
	header = header_of(wlen, (uint32_t)(a - accounts), book->last);
	packet->raw = header;
	fill(&packet[1].raw, header);
	book->allocated[book->allocated_count++] = packet;
}

static void alloc(struct account *a)
{
	allocate(a, 3);
}

/* The one that it allocated first. */
static void commit(struct account *a)
{
	struct book *book = book_of(a);
	union mpsc_pbuf_generic *packet = book->allocated[0];

	if (book->allocated_count == 0) {
		return;
	}
	book->allocated_count--;
	for (uint32_t i = 0; i < book->allocated_count; i++) {
		book->allocated[i] = book->allocated[i + 1];
	}
	book->stored++;
	book->stored_sum += number_of(packet);
	mpsc_pbuf_commit(&ring, packet);
}

static void put(struct account *a, uint32_t wlen)
{
	struct book *book = book_of(a);
	uint32_t words[LARGEST];

	words[0] = header_of(wlen, (uint32_t)(a - accounts), book->last + 1);
	fill(&words[1], words[0]);
	if (wlen == 1) {
		a->result = mpsc_pbuf_put_word(&ring, (union mpsc_pbuf_generic){.raw = words[0]});
	} else if (wlen == 2) {
		a->result =
			mpsc_pbuf_put_word_ext(&ring, (union mpsc_pbuf_generic){.raw = words[0]},
					       (const void *)(uintptr_t)words[1]);
	} else {
		a->result = mpsc_pbuf_put_data(&ring, words, wlen);
	}
	if (a->result == 0) {
		book->last++;
		book->stored++;
		book->stored_sum += book->last;
	}
	a->wrong += a->result != 0 && a->result != -ENOSPC;
}

static void put_word(struct account *a)
{
	put(a, 1);
}

static void put_word_ext(struct account *a)
{
	put(a, 2);
}

static void put_data(struct account *a)
{
	put(a, LARGEST);
}

static void put_oversize(struct account *a)
{
	static const uint32_t words[OVERSIZE];

	a->result = mpsc_pbuf_put_data(&ring, words, OVERSIZE);
	a->wrong += a->result != -EMSGSIZE;
}

static void enter_claimed(struct account *a, const union mpsc_pbuf_generic *packet)
{
	struct book *book = book_of(a);

	book->claimed[book->claimed_count++] = packet;
	book->got++;
	book->got_sum += number_of(packet);
	a->wrong += !is_whole(packet);
}

static void claim(struct account *a)
{
	const union mpsc_pbuf_generic *packet;

	if (book_of(a)->claimed_count == HELD) {
		return;
	}
	packet = mpsc_pbuf_claim(&ring);
	a->result = packet != NULL;
	if (packet != NULL) {
		enter_claimed(a, packet);
	}
}

static void claim_batch(struct account *a)
{
	const union mpsc_pbuf_generic *batch[2];

	if (book_of(a)->claimed_count > HELD - 2) {
		return;
	}
	a->result = mpsc_pbuf_claim_batch(&ring, batch, 2);
	a->wrong += a->result < 0;
	for (int i = 0; i < a->result; i++) {
		enter_claimed(a, batch[i]);
	}
}

static void free_at(struct account *a, uint32_t index)
{
	struct book *book = book_of(a);
	const union mpsc_pbuf_generic *packet = book->claimed[index];

	book->claimed_count--;
	for (; index < book->claimed_count; index++) {
		book->claimed[index] = book->claimed[index + 1];
	}
	mpsc_pbuf_free(&ring, packet);
}

static void free_oldest(struct account *a)
{
	if (book_of(a)->claimed_count > 0) {
		free_at(a, 0);
	}
}

static void free_newest(struct account *a)
{
	if (book_of(a)->claimed_count > 0) {
		free_at(a, book_of(a)->claimed_count - 1);
	}
}

static void is_pending(struct account *a)
{
	a->result = mpsc_pbuf_is_pending(&ring);
}

static void usage(struct account *a)
{
	uint32_t size;
	uint32_t now;

	mpsc_pbuf_get_utilization(&ring, &size, &now);
	a->result = (int)now;
	a->wrong += now > size;
}

static void figures(struct account *a)
{
	uint32_t max;
	int ret = mpsc_pbuf_get_max_utilization(&ring, &max);

	a->wrong += ret != 0 && ret != -ENOTSUP;
	a->result = (int)mpsc_pbuf_dropped_get(&ring);
}

#define UNUSED_YET    .turns = 0, .ready = 0
#define RING(_mode, ...) .ring = {.mode = _mode, .turns = 0, .ready = 1, .room = -1, __VA_ARGS__}
#define CLAIMS        .takes = TAKES_RING, .alone = TAKES_RING

/* One context claims at a time. */
#define CLAIMING(_name, _run, ...)                                                                 \
	{.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}, CLAIMS}

static const struct operation operations[] = {
	OPERATION("mpsc-alloc", alloc, RING(REFUSES)),
	OPERATION("mpsc-alloc-first", alloc, RING(REFUSES, UNUSED_YET)),
	OPERATION("mpsc-alloc-around-the-end", alloc, RING(REFUSES, .turns = 12)),
	OPERATION("mpsc-alloc-last-room", alloc, RING(REFUSES, .room = 3)),
	OPERATION("mpsc-alloc-no-room", alloc, RING(REFUSES, .room = 2, .claimed = 1)),
	OPERATION("mpsc-alloc-counting", alloc, RING(COUNTS, .ready = 2)),
	OPERATION("mpsc-alloc-overwriting", alloc, RING(OVERWRITES, .room = WORDS)),
	STEPS("mpsc-alloc-dropping", alloc, RING(OVERWRITES, .ready = 2, .room = 0)),
	STEPS("mpsc-alloc-beside-a-claimed", alloc,
	      RING(OVERWRITES, .ready = 2, .room = 0, .claimed = 1)),
	STEPS("mpsc-alloc-behind-an-allocated", alloc,
	      RING(OVERWRITES, .ready = 0, .room = 0, .allocated = 1)),
	OPERATION("mpsc-commit", commit, RING(REFUSES, .allocated = 1)),
	OPERATION("mpsc-commit-overwriting", commit, RING(OVERWRITES, .room = 0, .allocated = 1)),
	STEPS("mpsc-put-word", put_word, RING(REFUSES)),
	STEPS("mpsc-put-word-no-room", put_word, RING(REFUSES, .room = 0)),
	STEPS("mpsc-put-word-dropping", put_word, RING(OVERWRITES, .room = 0)),
	STEPS("mpsc-put-word-ext", put_word_ext, RING(REFUSES, .turns = 11)),
	VISITOR("mpsc-put-data", put_data, RING(REFUSES)),
	STEPS("mpsc-put-data-first", put_data, RING(REFUSES, .ready = 0)),
	STEPS("mpsc-put-data-counting", put_data, RING(COUNTS, .room = 6)),
	STEPS("mpsc-put-data-dropping", put_data,
	      RING(OVERWRITES, .ready = 3, .room = 0, .turns = 5)),
	OPERATION("mpsc-put-oversize", put_oversize, RING(OVERWRITES, .room = 0)),
	CLAIMING("mpsc-claim", claim, RING(REFUSES, .ready = 2)),
	CLAIMING("mpsc-claim-nothing", claim, RING(REFUSES, .ready = 0)),
	CLAIMING("mpsc-claim-behind-an-allocated", claim,
		 RING(REFUSES, .ready = 0, .allocated = 1)),
	CLAIMING("mpsc-claim-overwriting", claim, RING(OVERWRITES, .ready = 2, .room = 0)),
	CLAIMING("mpsc-claim-beside-a-claimed", claim,
		 RING(OVERWRITES, .ready = 1, .room = 0, .claimed = 1)),
	CLAIMING("mpsc-claim-batch", claim_batch, RING(REFUSES, .ready = 2, .turns = 13)),
	CLAIMING("mpsc-claim-batch-overwriting", claim_batch, RING(OVERWRITES, .ready = 2)),
	OPERATION("mpsc-free", free_oldest, RING(REFUSES, .claimed = 1)),
	OPERATION("mpsc-free-overwriting", free_oldest, RING(OVERWRITES, .room = 0, .claimed = 1)),
	OPERATION("mpsc-free-newer-first", free_newest, RING(REFUSES, .room = 0, .claimed = 2)),
	OPERATION("mpsc-is-pending", is_pending, RING(REFUSES)),
	OPERATION("mpsc-is-pending-overwriting", is_pending,
		  RING(OVERWRITES, .room = 0, .claimed = 1)),
	OPERATION("mpsc-usage", usage, RING(REFUSES, .claimed = 1)),
	OPERATION("mpsc-figures", figures, RING(COUNTS)),
};

/* ---- before an operation --------------------------------------------------------------------- */

static struct mpsc_pbuf_high_water much = {.mark = MARK, .cb = told_of_much};

static void init(void)
{
}

struct ring_scene rings_scene(const struct ring_scene *main, const struct ring_scene *isr)
{
	return (struct ring_scene){
		.mode = choose(main->mode, isr->mode, REFUSES),
		.turns = choose(main->turns, isr->turns, 0),
		.ready = choose(main->ready, isr->ready, 1),
		.room = choose(main->room, isr->room, WORDS),
		.claimed = main->claimed + isr->claimed,
		.allocated = main->allocated + isr->allocated,
	};
}

static void begin(enum ring_mode mode)
{
	const struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = mode == REFUSES ? WORDS : WORDS - 3,
		.notify_drop = told_of_drop,
		.get_wlen = wlen_of,
		.flags = mode == OVERWRITES ? MPSC_PBUF_MODE_OVERWRITE
			 : mode == COUNTS   ? MPSC_PBUF_MAX_UTILIZATION
					    : 0,
	};

	memset(books, 0, sizeof(books));
	memset(memory, 0xa5, sizeof(memory)); /* no packet of the run before */
	mpsc_pbuf_init(&ring, &config);
}

static uint32_t words_used(void)
{
	uint32_t size;
	uint32_t now;

	/* Has the ring look. */
	mpsc_pbuf_get_utilization(&ring, &size, &now);
	return ring.in.wr - ring.in.tail;
}

static void prepare(const struct scene *scene, const struct scene *main, const struct scene *isr)
{
	struct account *s = &accounts[SCENE];

	begin((enum ring_mode)scene->ring.mode);
	for (int i = 0; i < scene->ring.turns; i++) {
		put(s, 1);
		claim(s);
		free_oldest(s);
	}
	for (int i = 0; i < scene->ring.claimed; i++) {
		put(s, 2);
		claim(&accounts[i < main->ring.claimed ? MAIN : ISR]);
	}
	for (int i = 0; i < scene->ring.ready; i++) {
		put(s, 2);
	}
	for (int i = 0; i < scene->ring.allocated; i++) {
		allocate(&accounts[i < main->ring.allocated ? MAIN : ISR], 2);
	}
	ARG_UNUSED(isr);
	while (ring.size - words_used() > (uint32_t)scene->ring.room) {
		put(s, 1);
	}
	if (scene->ring.mode == COUNTS) {
		(void)mpsc_pbuf_high_water_set(&ring, &much);
		ring.in.max_usage = words_used();
	}
}

/* ---- balance --------------------------------------------------------------------------------- */

/* What is found in the ring. */
struct contents {
	uint32_t filling;
	uint32_t claimed;
	uint32_t committed;
	uint32_t sum;           /* of their numbers */
	uint32_t last[PARTIES]; /* number of the newest of each party */
};

static bool is_allocated(const union mpsc_pbuf_generic *packet)
{
	for (uint32_t p = 0; p < PARTIES; p++) {
		for (uint32_t i = 0; i < books[p].allocated_count; i++) {
			if (books[p].allocated[i] == packet) {
				return true;
			}
		}
	}
	return false;
}

static bool is_claimed(const union mpsc_pbuf_generic *packet)
{
	for (uint32_t p = 0; p < PARTIES; p++) {
		for (uint32_t i = 0; i < books[p].claimed_count; i++) {
			if (books[p].claimed[i] == packet) {
				return true;
			}
		}
	}
	return false;
}

/* A packet that is to be claimed, now or later. */
static const char *check_order(struct contents *all, const union mpsc_pbuf_generic *packet,
			       uint32_t place)
{
	if ((int32_t)(place - ring.out.rd) < 0) {
		return "a packet that will not be claimed any more";
	}
	if (number_of(packet) <= all->last[party_of(packet)]) {
		return "the order of packets";
	}
	all->last[party_of(packet)] = number_of(packet);
	return NULL;
}

static const char *check_packet(struct contents *all, const union mpsc_pbuf_generic *packet,
				uint32_t place)
{
	if (!is_whole(packet)) {
		return "a packet is damaged";
	}
	if (packet->hdr.valid == 0) {
		all->filling++;
		return is_allocated(packet) ? check_order(all, packet, place)
					    : "a packet that nobody has allocated";
	}
	if (packet->hdr.busy == 0) {
		all->committed++;
		all->sum += number_of(packet);
		return check_order(all, packet, place);
	}
	all->claimed++;
	return is_claimed(packet) ? NULL : "a packet that nobody has claimed";
}

/* Everything from the tail on. */
static const char *take_stock(struct contents *all)
{
	uint32_t place = ring.in.tail;
	uint32_t index = place - ring.in.tail_base;
	const char *fault = NULL;

	while (fault == NULL && (int32_t)(ring.in.wr - place) > 0) {
		const union mpsc_pbuf_generic *packet = (const void *)&memory[index];
		bool skip = packet->hdr.valid == 0 && packet->hdr.busy != 0;
		uint32_t wlen = skip ? packet->skip.len : wlen_of(packet);

		if (wlen - 1 >= ring.size - index) {
			return "the ring is damaged";
		}
		if (!skip) {
			fault = check_packet(all, packet, place);
		}
		place += wlen;
		index = (index + wlen) % ring.size;
	}
	if (fault == NULL && place != ring.in.wr) {
		fault = "the end of the ring";
	}
	return fault;
}

static const char *check_places(void)
{
	uint32_t used = ring.in.wr - ring.in.tail;

	if (used > ring.size || ring.in.limit - ring.in.tail > ring.size ||
	    (int32_t)(ring.in.limit - ring.in.wr) < 0 || ring.out.rd - ring.in.tail > used ||
	    ring.in.tail - ring.in.tail_base >= ring.size ||
	    ring.in.wr - ring.in.base > ring.size) {
		return "the places of the ring";
	}
	return ring.waiting != 0 ? "somebody waits for the ring" : NULL;
}

static const char *check_use(void)
{
	uint32_t most = ring.in.max_usage;

	if ((ring.flags & MPSC_PBUF_MAX_UTILIZATION) == 0) {
		return NULL;
	}
	if (most > ring.size || most < ring.in.wr - ring.in.tail) {
		return "the most that was in use";
	}
	return ring.high_water != NULL && much.armed == (most * sizeof(uint32_t) >= MARK)
		       ? "nobody was told of much in use"
		       : NULL;
}

static const char *fault(void)
{
	struct contents all = {0};
	const char *what = check_places();

	if (what == NULL) {
		what = take_stock(&all);
	}
	if (what != NULL) {
		return what;
	}
	if (all.filling != SUM(allocated_count) || all.claimed != SUM(claimed_count)) {
		return "a packet that somebody holds is not there";
	}
	if (all.committed != SUM(stored) - SUM(got) - SUM(dropped)) {
		return "the number of packets";
	}
	if (all.sum != SUM(stored_sum) - SUM(got_sum) - SUM(dropped_sum)) {
		return "packets have become others";
	}
	if (mpsc_pbuf_dropped_get(&ring) != SUM(dropped)) {
		return "the number of dropped packets";
	}
	return check_use();
}

/* ---- behind it ------------------------------------------------------------------------------- */

/* Everything is claimed, everything freed: the ring is empty, and all of it can be had. */
static bool settle(void)
{
	struct account *m = &accounts[MAIN];
	uint32_t before;

	for (uint32_t p = 0; p < PARTIES; p++) {
		while (books[p].allocated_count > 0) {
			commit(&accounts[p]);
		}
		while (books[p].claimed_count > 0) {
			free_newest(&accounts[p]);
		}
	}
	do {
		before = books[MAIN].got;
		claim(m);
		free_oldest(m);
	} while (books[MAIN].got != before);
	return SUM(stored) == SUM(got) + SUM(dropped) && words_used() == 0 &&
	       mpsc_pbuf_alloc(&ring, ring.size, K_NO_WAIT) != NULL;
}

static void outcome(struct outcome *outcome)
{
	outcome->ring.used = words_used();
	outcome->ring.ready = SUM(stored) - SUM(got) - SUM(dropped);
	outcome->ring.dropped = mpsc_pbuf_dropped_get(&ring);
}

static void work(struct account *a, uint32_t random)
{
	const struct operation *op = &operations[(random >> 8) % ARRAY_SIZE(operations)];

	if (book_of(a)->allocated_count > 1) {
		commit(a);
	} else if (book_of(a)->claimed_count > 2) {
		free_oldest(a);
	} else if (op->takes == 0 || a == &accounts[MAIN]) {
		op->run(a);
	}
}

const struct world rings_world = {
	.operations = operations,
	.count = ARRAY_SIZE(operations),
	.init = init,
	.prepare = prepare,
	.fault = fault,
	.settle = settle,
	.outcome = outcome,
	.work = work,
};
