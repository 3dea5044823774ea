/* SPDX-License-Identifier: Apache-2.0 */
#include "deframer.h"

#include <zephyr/net_buf.h>

#include <string.h>

/* A frame in more pieces is put together as it comes, where the last piece has room behind it. */
#define PIECES_APART 3

void deframer_init(struct deframer *deframer, struct packet_source *frames, bool datagrams)
{
	memset(deframer, 0, sizeof(*deframer));
	deframer->frames = frames;
	deframer->datagrams = datagrams;
	frame_scanner_begin(&deframer->scanner);
}

static void count_frame(uint32_t *counter)
{
	atomic32_store_relaxed(counter, *counter + 1); /* relaxed: a count, with one writer */
}

static void drop_pieces(struct deframer *deframer)
{
	net_buf_drop(&deframer->pieces);
	deframer->piece_count = 0;
}

/* The frame that is open has @p len bytes at @p data, in @p buf, as well. */
static void add_frame_piece(struct deframer *deframer, struct net_buf *buf, uint8_t *data,
			    size_t len)
{
	struct net_buf *last =
		deframer->pieces != NULL ? net_buf_frag_last(deframer->pieces) : NULL;
	struct net_buf *piece;

	/* A piece ends where its read did: nobody has what is behind it. */
	if (last != NULL && deframer->piece_count >= PIECES_APART &&
	    net_buf_tailroom(last) >= len) {
		(void)net_buf_add_mem(last, data, len);
		return;
	}
	/* Those who have the others let go of them; a frame has a few at most. */
	piece = net_buf_clone(buf, K_FOREVER);
	piece->data = data;
	piece->len = (uint16_t)len;
	deframer->piece_count++;
	if (last == NULL) {
		deframer->pieces = piece;
	} else {
		(void)net_buf_frag_add(last, piece);
	}
}

static void send_frame(struct deframer *deframer, struct net_buf *frame)
{
	count_frame(&deframer->counters.good);
	(void)packet_source_send(deframer->frames, frame, K_NO_WAIT);
}

static void count_bad(struct deframer *deframer, enum frame_verdict verdict)
{
	switch (verdict) {
	case FRAME_BAD_CRC:
		count_frame(&deframer->counters.bad_crc);
		break;
	case FRAME_CUT:
		count_frame(&deframer->counters.cut);
		break;
	case FRAME_TOO_LONG:
		count_frame(&deframer->counters.too_long);
		break;
	default:
		break;
	}
}

void deframer_end(struct deframer *deframer)
{
	count_bad(deframer, frame_scan_end(&deframer->scanner));
	drop_pieces(deframer);
}

void deframer_take(struct deframer *deframer, struct net_buf *buf)
{
	for (size_t at = 0; at < buf->len;) {
		enum frame_verdict verdict;
		uint8_t *data = buf->data + at;
		size_t n = frame_scan(&deframer->scanner, data, buf->len - at, &verdict);

		at += n;
		if (verdict == FRAME_GOOD && n == buf->len && deframer->pieces == NULL) {
			send_frame(deframer, buf);
		} else if (verdict == FRAME_GOOD) {
			add_frame_piece(deframer, buf, data, n);
			send_frame(deframer, deframer->pieces);
			drop_pieces(deframer);
		} else if (verdict == FRAME_OPEN && !deframer->datagrams &&
			   !frame_is_too_long(&deframer->scanner)) {
			add_frame_piece(deframer, buf, data, n);
		} else if (verdict != FRAME_OPEN || frame_is_too_long(&deframer->scanner)) {
			count_bad(deframer, verdict);
			drop_pieces(deframer);
		}
	}
	if (deframer->datagrams) {
		deframer_end(deframer);
	}
}
