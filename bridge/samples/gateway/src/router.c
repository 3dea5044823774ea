/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include <stdio.h>
#include <string.h>

#include "input.h"
#include "output.h"

static void route_frame(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	outputs_route(buf, route_key(buf));
}

PACKET_SINK_DEFINE_IMMEDIATE(router, route_frame);
PACKET_CONNECT(&frames, &router);

uint8_t route_key(const struct net_buf *frame)
{
	/* COBS: the first byte says where the first zero is, and takes the place of that. */
	if (frame->data[0] == 1) {
		return 0;
	}
	return frame->len > 1 ? frame->data[1] : frame->frags->data[0];
}

bool route_parse(struct route *route, const char *text)
{
	unsigned int first;
	unsigned int last;
	int end = 0;
	bool range = sscanf(text, "%3u-%3u%n", &first, &last, &end) == 2;

	if (!range && sscanf(text, "%3u%n", &first, &end) == 1) {
		last = first;
	}
	if (end == 0 || text[end] != '\0' || text[strspn(text, "0123456789-")] != '\0' ||
	    first > last || last > UINT8_MAX) {
		return false;
	}
	*route = (struct route){true, (uint8_t)first, (uint8_t)last};
	return true;
}
