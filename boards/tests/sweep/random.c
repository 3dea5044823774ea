/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two worlds, or one, at work, and 50,000 interrupts into them: both do operations of the list in
 * random order, the interrupts at random distances. In between the books are looked at.
 */

#include <zephyr/ztest.h>

#include <port/atomics.h>

#include "boundary.h"
#include "sweep.h"
#include "worlds.h"

#define INTERRUPTS 50000
#define ROUND      500 /* interrupts between two looks */

#define DISTANCE_MIN   30  /* instructions: enough to leave the ISR */
#define DISTANCE_RANGE 800 /* of which most are those of a few operations */

static uint32_t left; /* interrupts until the next look; written by the ISR while there are any */
static uint32_t random_main;
static uint32_t random_isr;
static const struct world *worlds[2];

/* Xorshift; Marsaglia, "Xorshift RNGs", 2003. */
static uint32_t next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

static void one_operation(struct account *a, uint32_t random)
{
	worlds[random >> 31]->work(a, random);
}

static void isr(void)
{
	one_operation(&accounts[ISR], next(&random_isr));
	atomic32_store_relaxed(&left, left - 1);
	if (left > 0) {
		boundary_after(DISTANCE_MIN + next(&random_isr) % DISTANCE_RANGE, isr);
	}
}

static void *setup(void)
{
	boundary_calibrate();
	worlds_init();
	return NULL;
}

ZTEST_SUITE(sweep_random, NULL, setup, NULL, NULL, NULL);

static void start(void)
{
	static const struct scene scene = {
		.refs = 3,
		.pool = -1,
		.messages = -1,
		.events = -1,
		.turns = -1,
		.connected = BIT_MASK(CONNECTIONS),
		.ring = {.mode = -1, .turns = -1, .ready = -1, .room = -1},
		.chain = CHAIN_ANY,
		.request = REQUEST_ANY};

	worlds[0] = sweeps[0].world;
	worlds[1] = sweeps[sweep_count > 1 ? 1 : 0].world;
	worlds_prepare(worlds[0], worlds[1], &scene, &scene);
	accounts[MAIN].keep = 1;
	accounts[ISR].keep = 1;
	random_main = 20;
	random_isr = 2;
}

ZTEST(sweep_random, test_interrupts_into_a_pipeline)
{
	uint32_t operations_of_main = 0;
	uint32_t done;

	zassert_false(sweep_broken, "the world is out of balance");
	start();
	for (done = 0; done < INTERRUPTS && !sweep_broken; done += ROUND) {
		const char *fault;

		left = ROUND;
		boundary_after(DISTANCE_RANGE, isr);
		while (atomic32_load_relaxed(&left) > 0) {
			one_operation(&accounts[MAIN], next(&random_main));
			operations_of_main++;
		}
		fault = worlds_fault();
		if (fault != NULL) {
			sweep_broken = true;
			zassert_unreachable("imbalance: after %u random interrupts: %s",
					    (unsigned int)(done + ROUND), fault);
		}
	}
	printk("sweep: random=%u operations=%u\n", (unsigned int)done,
	       (unsigned int)(done + operations_of_main));
	zassert_true(worlds_settle(), "imbalance: not all buffers came home");
}
