/* SPDX-License-Identifier: Apache-2.0 */
/** @file Swept here: what works on I/O buffers; some of others come in between. */
#include "../worlds.h"

const struct sweep sweeps[] = {
	{&chains_world, {{&chains_world, false}, {&rings_world, true}, {&packets_world, true}}},
};

const uint32_t sweep_count = ARRAY_SIZE(sweeps);
