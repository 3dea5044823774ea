/* SPDX-License-Identifier: Apache-2.0 */
/** @file On Zephyr every wire brings the pointer that it needs in RAM (see zephyr/noinit.ld). */
#include "internal.h"
#include "slots.h"

TYPE_SECTION_START_EXTERN(struct packet_sink *, packet_slot);

struct packet_sink **packet_io_slots(size_t total)
{
	ARG_UNUSED(total);
	return TYPE_SECTION_START(packet_slot);
}
