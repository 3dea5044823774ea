/* SPDX-License-Identifier: Apache-2.0 */
/** @file Swept here: what works on requests; some of packets come in between. */
#include "../worlds.h"

const struct sweep sweeps[] = {
	{&requests_world, {{&requests_world, false}, {&packets_world, true}}},
};

const uint32_t sweep_count = ARRAY_SIZE(sweeps);
