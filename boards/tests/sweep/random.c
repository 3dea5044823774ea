/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A pipeline that runs, and 50,000 interrupts into it: both do operations of the list in random order,
 * the interrupts at random distances. In between the books are looked at.
 */

#include <zephyr/ztest.h>

#include <port/atomics.h>

#include "balance.h"
#include "boundary.h"
#include "operations.h"
#include "sweep.h"

#define INTERRUPTS 50000
#define ROUND      500 /* interrupts between two looks */

#define DISTANCE_MIN   30  /* instructions: enough to leave the ISR */
#define DISTANCE_RANGE 800 /* of which most are those of a few operations */

static uint32_t left; /* interrupts until the next look; written by the ISR while there are any */
static uint32_t random_main;
static uint32_t random_isr;

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
	switch (random & 7) {
	case 0:
		operation_carry(a);
		break;
	case 1:
	case 2:
		operation_process(a);
		break;
	case 3:
		operation_free(a);
		break;
	default:
		operations[(random >> 8) % operation_count].run(a);
		break;
	}
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
	world_init();
	return NULL;
}

ZTEST_SUITE(sweep_random, NULL, setup, NULL, NULL, NULL);

static void start(void)
{
	static const struct scene scene = {.refs = 3,
					   .pool = -1,
					   .messages = -1,
					   .events = -1,
					   .turns = -1,
					   .connected = BIT_MASK(CONNECTIONS)};

	world_prepare(&scene, &scene);
	accounts[MAIN].keep = 1;
	accounts[ISR].keep = 1;
	random_main = 20;
	random_isr = 2;
}

ZTEST(sweep_random, test_interrupts_into_a_pipeline)
{
	uint32_t done;

	zassert_false(sweep_broken, "the world is out of balance");
	start();
	for (done = 0; done < INTERRUPTS && !sweep_broken; done += ROUND) {
		const char *fault;

		left = ROUND;
		boundary_after(DISTANCE_RANGE, isr);
		while (atomic32_load_relaxed(&left) > 0) {
			one_operation(&accounts[MAIN], next(&random_main));
		}
		fault = balance_fault();
		if (fault != NULL) {
			sweep_broken = true;
			zassert_unreachable("imbalance: after %u random interrupts: %s",
					    (unsigned int)(done + ROUND), fault);
		}
	}
	printk("sweep: random=%u packets=%u deliveries=%u events=%u connected=%u\n",
	       (unsigned int)done,
	       (unsigned int)(accounts[MAIN].sent[TO_ALL] + accounts[ISR].sent[TO_ALL]),
	       (unsigned int)(accounts[MAIN].took[TO_ALL] + accounts[ISR].took[TO_ALL]),
	       (unsigned int)(accounts[MAIN].processed + accounts[ISR].processed),
	       (unsigned int)(accounts[MAIN].added + accounts[ISR].added));
	zassert_true(world_settle(), "imbalance: not all buffers came home");
}
