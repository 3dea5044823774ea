/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the program and its libraries know of each other. */
#ifndef PACKET_IO_TESTS_MODULES_H_
#define PACKET_IO_TESTS_MODULES_H_

#include <zephyr/packet_io/packet_io.h>

/* Of the program. */
PACKET_SOURCE_DECLARE(program_source);
PACKET_SINK_DECLARE(program_sink);
void module_handler(struct packet_sink *sink, struct net_buf *buf);

/* Of the library that the program is linked with. */
PACKET_SINK_DECLARE(linked_sink);
struct packet_source *linked_source_get(void);
struct packet_event_queue *linked_queue_get(void);
struct net_buf *linked_packet(void);

/** What a library that is loaded later tells by its function `module_objects`. */
struct module_objects {
	struct packet_source *source;
	struct packet_sink *sink;
};
typedef struct module_objects (*module_objects_t)(void);

#endif /* PACKET_IO_TESTS_MODULES_H_ */
