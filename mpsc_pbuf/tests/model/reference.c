/* SPDX-License-Identifier: Apache-2.0 */

#include "reference.h"

#include <zephyr/ztest.h>

void reference_init(struct reference *r, uint32_t size, bool overwrite)
{
	*r = (struct reference){.size = size, .overwrite = overwrite};
	zassert_true(size <= REFERENCE_WORDS);
}

struct piece *reference_packet(struct reference *r, uint32_t id)
{
	for (uint32_t i = 0; i < r->count; i++) {
		if (r->pieces[i].state <= PIECE_CLAIMED && r->pieces[i].id == id) {
			return &r->pieces[i];
		}
	}
	zassert_unreachable("the reference has no packet %u", (unsigned int)id);
	return NULL;
}

static void set_used(struct reference *r, const struct piece *piece, bool used)
{
	for (uint32_t i = 0; i < piece->wlen; i++) {
		zassert_not_equal(r->used[piece->at + i], used);
		r->used[piece->at + i] = used;
	}
}

/* Put a piece behind the others, at `at`, which moves behind it. */
static void append(struct reference *r, struct piece piece)
{
	zassert_true(r->count < REFERENCE_PIECES);
	zassert_equal(piece.at, r->at);
	set_used(r, &piece, true);
	r->pieces[r->count++] = piece;
	r->at = (r->at + piece.wlen) % r->size;
}

static struct piece take_oldest(struct reference *r)
{
	struct piece oldest = r->pieces[0];

	set_used(r, &oldest, false);
	r->count--;
	for (uint32_t i = 0; i < r->count; i++) {
		r->pieces[i] = r->pieces[i + 1];
	}
	return oldest;
}

/* Room comes back in the order of the pieces. */
static void come_back(struct reference *r)
{
	while (r->count > 0 && r->pieces[0].state == PIECE_FREED) {
		(void)take_oldest(r);
	}
}

/* Words from @p at that nobody has, up to the end of the memory. */
static uint32_t run_at(const struct reference *r, uint32_t at)
{
	uint32_t run = 0;

	while (at + run < r->size && !r->used[at + run]) {
		run++;
	}
	return run;
}

static bool fits(struct reference *r, uint32_t wlen)
{
	uint32_t run = run_at(r, r->at);

	if (run >= wlen) {
		return true;
	}
	if (r->count == 0) {
		r->at = 0;
		return true;
	}
	if (r->at + run < r->size || run_at(r, 0) < wlen) {
		return false;
	}
	append(r, (struct piece){.state = r->overwrite || !IS_ENABLED(CONFIG_SMP) ? PIECE_FREED
										  : PIECE_END,
				 .at = r->at,
				 .wlen = run});
	return true;
}

/* All that is free is passed over, so that the oldest piece, claimed, becomes the newest. */
static void go_past_oldest(struct reference *r)
{
	struct piece oldest;
	uint32_t run;

	while (!r->used[r->at] && (run = run_at(r, r->at)) > 0) {
		append(r, (struct piece){.state = PIECE_FREED, .at = r->at, .wlen = run});
	}
	oldest = take_oldest(r);
	append(r, oldest);
}

uint32_t reference_alloc(struct reference *r, uint32_t wlen, uint32_t id)
{
	uint32_t first_past = REFERENCE_NONE;
	uint32_t at;

	r->dropped_count = 0;
	if (wlen == 0 || wlen > r->size) {
		return REFERENCE_NONE;
	}
	for (come_back(r); !fits(r, wlen); come_back(r)) {
		struct piece *oldest = &r->pieces[0];

		if (!r->overwrite || oldest->state == PIECE_FILLING) {
			return REFERENCE_NONE;
		}
		if (oldest->state == PIECE_COMMITTED) {
			r->dropped[r->dropped_count++] = oldest->id;
			oldest->state = PIECE_FREED;
			continue;
		}
		if (oldest->at == first_past) {
			return REFERENCE_NONE;
		}
		if (first_past == REFERENCE_NONE) {
			first_past = oldest->at;
		}
		go_past_oldest(r);
	}
	at = r->at;
	append(r, (struct piece){.state = PIECE_FILLING, .at = at, .wlen = wlen, .id = id});
	r->max_usage = MAX(r->max_usage, reference_usage(r));
	return at;
}

void reference_commit(struct reference *r, uint32_t id)
{
	reference_packet(r, id)->state = PIECE_COMMITTED;
}

/* The piece that is claimed next, or NULL. */
static const struct piece *next_to_claim(const struct reference *r)
{
	for (uint32_t i = 0; i < r->count; i++) {
		const struct piece *piece = &r->pieces[i];

		if (piece->state == PIECE_COMMITTED) {
			return piece;
		}
		if (piece->state == PIECE_FILLING) {
			break;
		}
	}
	return NULL;
}

uint32_t reference_claim(struct reference *r)
{
	const struct piece *next = next_to_claim(r);

	for (uint32_t i = 0; i < r->count && r->pieces[i].state != PIECE_FILLING; i++) {
		if (&r->pieces[i] == next) {
			r->pieces[i].state = PIECE_CLAIMED;
			return r->pieces[i].id;
		}
		if (r->pieces[i].state == PIECE_END) {
			r->pieces[i].state = PIECE_FREED;
		}
	}
	return REFERENCE_NONE;
}

void reference_free(struct reference *r, uint32_t id)
{
	reference_packet(r, id)->state = PIECE_FREED;
}

bool reference_pending(const struct reference *r)
{
	return next_to_claim(r) != NULL;
}

uint32_t reference_usage(struct reference *r)
{
	uint32_t usage = 0;

	come_back(r);
	for (uint32_t i = 0; i < r->count; i++) {
		usage += r->pieces[i].wlen;
	}
	return usage;
}
