/* SPDX-License-Identifier: Apache-2.0 */
/** @file Swept here: what works on packets, messages and connections. */
#include "../worlds.h"

const struct sweep sweeps[] = {
	{&packets_world, {{&packets_world, false}}},
};

const uint32_t sweep_count = ARRAY_SIZE(sweeps);
