/* SPDX-License-Identifier: Apache-2.0 */
/** @file Swept here: what works on packet buffers; and each world by some of the others. */
#include "../worlds.h"

const struct sweep sweeps[] = {
	{&rings_world, {{&rings_world, false}, {&chains_world, true}, {&packets_world, true}}},
	{&packets_world, {{&rings_world, true}, {&chains_world, true}}},
};

const uint32_t sweep_count = ARRAY_SIZE(sweeps);
