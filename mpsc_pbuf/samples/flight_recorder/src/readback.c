/* SPDX-License-Identifier: Apache-2.0 */
#include "readback.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* What is carried from record to record. */
struct state {
	struct readback *found;
	bool verbose;
	uint32_t run;      /* of the record before; 0: there was none */
	uint32_t run_lost; /* what it said */
};

static void whole(struct state *state, const struct frame *frame)
{
	if (frame->run != state->run) {
		state->found->runs++;
		state->found->lost += state->run_lost;
		state->run = frame->run;
	}
	state->run_lost = frame->lost;
	state->found->records++;
	if (frame->run > state->found->last_run) {
		state->found->last_run = frame->run;
	}
	if (state->verbose) {
		(void)printf("%u %u %u %u %.*s\n", frame->run, frame->source, frame->number,
			     frame->time_ms, (int)frame->len, frame->text);
	}
}

/* Go through the contents of a file. */
static void scan(struct state *state, const uint8_t *data, size_t len)
{
	struct frame frame;
	size_t other = 0;
	size_t size = 0;
	size_t at = 0;

	while (at < len) {
		enum frame_kind kind = frame_read(data + at, len - at, &frame, &size);

		if (kind == FRAME_WHOLE) {
			whole(state, &frame);
			at += size;
			state->found->damaged += other > 0;
			other = 0;
		} else if (kind == FRAME_TORN && other == 0) {
			/* Something that looks like it may be damage with whole ones behind it. */
			size_t next = at + 1;

			while (next < len &&
			       frame_read(data + next, len - next, &frame, &size) != FRAME_WHOLE) {
				next++;
			}
			if (next == len) {
				state->found->torn++;
				state->found->torn_bytes += len - at;
				return;
			}
			other = next - at;
			state->found->other_bytes += other;
			at = next;
		} else {
			other++;
			state->found->other_bytes++;
			at++;
		}
	}
	state->found->damaged += other > 0;
}

/* @return the contents of a file, to be freed; NULL with errno. */
static uint8_t *contents(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t room = 0;

	*len = 0;
	if (file == NULL) {
		return NULL;
	}
	for (;;) {
		if (*len == room) {
			uint8_t *larger = realloc(data, room = room * 2 + 65536);

			if (larger == NULL) {
				break;
			}
			data = larger;
		}
		*len += fread(data + *len, 1, room - *len, file);
		if (feof(file)) {
			(void)fclose(file);
			return data;
		}
		if (ferror(file)) {
			break;
		}
	}
	free(data);
	(void)fclose(file);
	return NULL;
}

bool readback(const char *dir, const struct file_list *list, bool verbose, struct readback *found)
{
	struct state state = {.found = found, .verbose = verbose};
	char path[FILE_PATH_MAX];

	*found = (struct readback){0};
	for (size_t i = 0; i < list->count; i++) {
		uint8_t *data;
		size_t len;

		if (!files_path(path, dir, list->numbers[i])) {
			return false;
		}
		data = contents(path, &len);
		if (data == NULL) {
			(void)fprintf(stderr, "flight_recorder: %s: %s\n", path, strerror(errno));
			return false;
		}
		scan(&state, data, len);
		free(data);
	}
	found->lost += state.run_lost;
	return true;
}

void readback_print(const struct readback *found, const struct file_list *list)
{
	(void)printf("found %" PRIu64 " records of %u runs in %zu files, %" PRIu64 " overwritten\n",
		     found->records, found->runs, list->count, found->lost);
	if (found->torn > 0) {
		(void)printf("found %u torn records at the end of files, %" PRIu64 " bytes\n",
			     found->torn, found->torn_bytes);
	}
	if (found->damaged > 0) {
		(void)printf("found %u damaged places, %" PRIu64 " bytes\n", found->damaged,
			     found->other_bytes);
	}
}
