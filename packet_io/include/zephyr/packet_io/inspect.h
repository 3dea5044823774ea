/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Beyond the original API: what there is and how it is wired, for tools.
 *
 * Context: any.   Blocks: never, but where @p visit does.   Cost: O(what is visited).
 */
#ifndef ZEPHYR_PACKET_IO_INSPECT_H_
#define ZEPHYR_PACKET_IO_INSPECT_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return the name, or "?" if it has none or names are off. NULL: "(null)". */
const char *packet_source_name(const struct packet_source *src);
const char *packet_sink_name(const struct packet_sink *sink);
const char *packet_event_queue_name(const struct packet_event_queue *queue);

/**
 * Visit every source, or sink, that a definition macro made, in the order of the link, until
 * @p visit returns something other than 0.
 *
 * No lock is held while @p visit runs.
 * @return what the last @p visit returned; 0 if there was none; -EINVAL if @p visit is NULL.
 */
int packet_source_foreach(int (*visit)(struct packet_source *src, void *user_data),
			  void *user_data);
int packet_sink_foreach(int (*visit)(struct packet_sink *sink, void *user_data), void *user_data);

/**
 * Visit every sink that @p src is connected to, in the order in which packets reach them. Wired
 * ones come with @p conn NULL. Legal while others send, connect and disconnect; @p visit may do so
 * too. @return as packet_source_foreach(); -EINVAL if @p src is NULL.
 */
int packet_source_foreach_sink(struct packet_source *src,
			       int (*visit)(struct packet_source *src, struct packet_sink *sink,
					    struct packet_connection *conn, void *user_data),
			       void *user_data);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_INSPECT_H_ */
