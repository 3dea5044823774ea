/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A packet buffer of either mode, and what an ISR may do with it.
 */
#include "ring_books.h"

#include <zephyr/mpsc_pbuf/consume.h>

#include <errno.h>
#include <string.h>

#include "worlds.h"

struct ring_book ring_books[PARTIES];
uint32_t ring_memory[WORDS];
struct mpsc_pbuf_buffer ring_buffer;

static struct ring_book *book_of(const struct account *a)
{
	return &ring_books[a - accounts];
}

/* ---- packets --------------------------------------------------------------------------------- */

static void told_of_drop(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *packet)
{
	enum party party = k_is_in_isr() ? ISR : MAIN;

	accounts[party].wrong += b != &ring_buffer || !is_whole(packet);
	ring_books[party].dropped++;
	ring_books[party].dropped_sum += number_of(packet);
}

static void told_of_much(struct mpsc_pbuf_buffer *b, struct mpsc_pbuf_high_water *high_water)
{
	ARG_UNUSED(b);
	ARG_UNUSED(high_water);
	ring_books[k_is_in_isr() ? ISR : MAIN].told++;
}

/* ---- operations ------------------------------------------------------------------------------ */

static void allocate(struct account *a, uint32_t wlen)
{
	struct ring_book *book = book_of(a);
	union mpsc_pbuf_generic *packet;
	uint32_t header;

	if (book->allocated_count == HELD) {
		return;
	}
	packet = mpsc_pbuf_alloc(&ring_buffer, wlen, K_NO_WAIT);
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
	struct ring_book *book = book_of(a);
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
	mpsc_pbuf_commit(&ring_buffer, packet);
}

static void put(struct account *a, uint32_t wlen)
{
	struct ring_book *book = book_of(a);
	uint32_t words[LARGEST];

	words[0] = header_of(wlen, (uint32_t)(a - accounts), book->last + 1);
	fill(&words[1], words[0]);
	if (wlen == 1) {
		a->result = mpsc_pbuf_put_word(&ring_buffer,
					       (union mpsc_pbuf_generic){.raw = words[0]});
	} else if (wlen == 2) {
		a->result = mpsc_pbuf_put_word_ext(&ring_buffer,
						   (union mpsc_pbuf_generic){.raw = words[0]},
						   (const void *)(uintptr_t)words[1]);
	} else {
		a->result = mpsc_pbuf_put_data(&ring_buffer, words, wlen);
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

	a->result = mpsc_pbuf_put_data(&ring_buffer, words, OVERSIZE);
	a->wrong += a->result != -EMSGSIZE;
}

static void enter_claimed(struct account *a, const union mpsc_pbuf_generic *packet)
{
	struct ring_book *book = book_of(a);

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
	packet = mpsc_pbuf_claim(&ring_buffer);
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
	a->result = mpsc_pbuf_claim_batch(&ring_buffer, batch, 2);
	a->wrong += a->result < 0;
	for (int i = 0; i < a->result; i++) {
		enter_claimed(a, batch[i]);
	}
}

static void free_at(struct account *a, uint32_t index)
{
	struct ring_book *book = book_of(a);
	const union mpsc_pbuf_generic *packet = book->claimed[index];

	book->claimed_count--;
	for (; index < book->claimed_count; index++) {
		book->claimed[index] = book->claimed[index + 1];
	}
	mpsc_pbuf_free(&ring_buffer, packet);
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
	a->result = mpsc_pbuf_is_pending(&ring_buffer);
}

static void usage(struct account *a)
{
	uint32_t size;
	uint32_t now;

	mpsc_pbuf_get_utilization(&ring_buffer, &size, &now);
	a->result = (int)now;
	a->wrong += now > size;
}

static void figures(struct account *a)
{
	uint32_t max;
	int ret = mpsc_pbuf_get_max_utilization(&ring_buffer, &max);

	a->wrong += ret != 0 && ret != -ENOTSUP;
	a->result = (int)mpsc_pbuf_dropped_get(&ring_buffer);
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

struct mpsc_pbuf_high_water ring_much = {.mark = MARK, .cb = told_of_much};

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
		.buf = ring_memory,
		.size = mode == REFUSES ? WORDS : WORDS - 3,
		.notify_drop = told_of_drop,
		.get_wlen = wlen_of,
		.flags = mode == OVERWRITES ? MPSC_PBUF_MODE_OVERWRITE
			 : mode == COUNTS   ? MPSC_PBUF_MAX_UTILIZATION
					    : 0,
	};

	memset(ring_books, 0, sizeof(ring_books));
	memset(ring_memory, 0xa5, sizeof(ring_memory)); /* no packet of the run before */
	mpsc_pbuf_init(&ring_buffer, &config);
}

static uint32_t words_used(void)
{
	uint32_t size;
	uint32_t now;

	/* Has the ring look. */
	mpsc_pbuf_get_utilization(&ring_buffer, &size, &now);
	return ring_buffer.in.wr - ring_buffer.in.tail;
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
	while (ring_buffer.size - words_used() > (uint32_t)scene->ring.room) {
		put(s, 1);
	}
	if (scene->ring.mode == COUNTS) {
		(void)mpsc_pbuf_high_water_set(&ring_buffer, &ring_much);
		ring_buffer.in.max_usage = words_used();
	}
}

/* ---- behind it ------------------------------------------------------------------------------- */

/* Everything is claimed, everything freed: the ring is empty, and all of it can be had. */
static bool settle(void)
{
	struct account *m = &accounts[MAIN];
	uint32_t before;

	for (uint32_t p = 0; p < PARTIES; p++) {
		while (ring_books[p].allocated_count > 0) {
			commit(&accounts[p]);
		}
		while (ring_books[p].claimed_count > 0) {
			free_newest(&accounts[p]);
		}
	}
	do {
		before = ring_books[MAIN].got;
		claim(m);
		free_oldest(m);
	} while (ring_books[MAIN].got != before);
	return SUM(stored) == SUM(got) + SUM(dropped) && words_used() == 0 &&
	       mpsc_pbuf_alloc(&ring_buffer, ring_buffer.size, K_NO_WAIT) != NULL;
}

static void outcome(struct outcome *outcome)
{
	outcome->ring.used = words_used();
	outcome->ring.ready = SUM(stored) - SUM(got) - SUM(dropped);
	outcome->ring.dropped = mpsc_pbuf_dropped_get(&ring_buffer);
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
	.fault = ring_fault,
	.settle = settle,
	.outcome = outcome,
	.work = work,
};
