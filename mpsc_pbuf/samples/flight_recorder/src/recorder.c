/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/watch.h>

#include "frame.h"
#include "producers.h"
#include "recorder.h"

#define BATCH 64

uint32_t recorder_lost(void)
{
	return mpsc_pbuf_dropped_get(&ring) + producers_refused();
}

static size_t encode(uint8_t *to, const union mpsc_pbuf_generic *packet, uint32_t run)
{
	const struct record *record = (const struct record *)packet;
	struct frame frame = {
		.len = record->len,
		.run = run,
		.source = record->source,
		.number = record->number,
		.time_ms = record->time_ms,
		.lost = recorder_lost(),
		.text = record->text,
	};

	return frame_write(to, &frame);
}

int recorder_step(struct recorder *recorder)
{
	static uint8_t bytes[BATCH * FRAME_MAX];
	const union mpsc_pbuf_generic *packets[BATCH];
	uint32_t room = recorder->writer.limit;
	size_t len = 0;
	int count = 0;
	bool ok;

	/* One, for which it waits, and what is there behind it; no more than a file takes. */
	packets[0] = mpsc_pbuf_claim_wait(&ring, K_MSEC(50));
	if (packets[0] == NULL) {
		return 0;
	}
	count = 1;
	if (room >= 2 * FRAME_MAX) {
		uint32_t more = MIN(BATCH, room / FRAME_MAX) - 1;

		count += mpsc_pbuf_claim_batch(&ring, packets + 1, more);
	}
	for (int i = 0; i < count; i++) {
		len += encode(bytes + len, packets[i], recorder->run);
	}
	ok = files_write(&recorder->writer, bytes, len);
	for (int i = 0; i < count; i++) {
		if (ok && recorder->options->verbose) {
			const struct record *record = (const struct record *)packets[i];

			(void)printf("%u %u %u %u %.*s\n", recorder->run, record->source,
				     record->number, record->time_ms, (int)record->len,
				     record->text);
		}
		mpsc_pbuf_free(&ring, packets[i]);
	}
	if (!ok) {
		return -1;
	}
	recorder->committed += (uint64_t)count;
	if (recorder->options->wait_ms > 0) {
		k_sleep(K_MSEC(recorder->options->wait_ms));
	}
	return count;
}
