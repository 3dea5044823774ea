/* SPDX-License-Identifier: Apache-2.0 */
/** @file What there is and how it is wired. */
#include <zephyr/packet_io/inspect.h>

#include "internal.h"

#ifdef CONFIG_PACKET_IO_NAMES
#define NAME_OF(object) ((object) == NULL ? "(null)" : (object)->name != NULL ? (object)->name : "?")
#else
#define NAME_OF(object) ((object) == NULL ? "(null)" : "?")
#endif

const char *packet_source_name(const struct packet_source *src)
{
	return NAME_OF(src);
}

const char *packet_sink_name(const struct packet_sink *sink)
{
	return NAME_OF(sink);
}

const char *packet_event_queue_name(const struct packet_event_queue *queue)
{
	return NAME_OF(queue);
}

int packet_source_foreach(int (*visit)(struct packet_source *src, void *user_data), void *user_data)
{
	int ret = 0;

	if (visit == NULL) {
		return -EINVAL;
	}
	for (const struct packet_io_module *m = packet_io_modules(); m != NULL; m = m->next) {
		for (struct packet_source *const *s = m->sources_start; s != m->sources_stop; s++) {
			ret = visit(*s, user_data);
			if (ret != 0) {
				return ret;
			}
		}
	}
	return ret;
}

int packet_sink_foreach(int (*visit)(struct packet_sink *sink, void *user_data), void *user_data)
{
	int ret = 0;

	if (visit == NULL) {
		return -EINVAL;
	}
	for (const struct packet_io_module *m = packet_io_modules(); m != NULL; m = m->next) {
		for (struct packet_sink *const *s = m->sinks_start; s != m->sinks_stop; s++) {
			ret = visit(*s, user_data);
			if (ret != 0) {
				return ret;
			}
		}
	}
	return ret;
}

int packet_source_foreach_sink(struct packet_source *src,
			       int (*visit)(struct packet_source *src, struct packet_sink *sink,
					    struct packet_connection *conn, void *user_data),
			       void *user_data)
{
	int ret = 0;

	if (src == NULL || visit == NULL) {
		return -EINVAL;
	}
	for (uint32_t i = 0; i < src->wired_count && ret == 0; i++) {
		ret = visit(src, src->wired[i], NULL, user_data);
	}
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	struct packet_connection *conn;
	struct packet_sender walk;
	struct packet_sink *sink;

	packet_walk_begin(src, &walk);
	while (ret == 0 && (sink = packet_walk_next(src, &walk, &conn)) != NULL) {
		ret = visit(src, sink, conn, user_data);
	}
	packet_walk_end(src, &walk);
#endif
	return ret;
}
