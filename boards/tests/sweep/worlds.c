/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is done with worlds one after the other. */
#include "worlds.h"

#include <string.h>

#include "sweep.h"

struct account accounts[PARTIES];

bool sweep_broken;

/* Those that were prepared. */
static const struct world *prepared[2];

void worlds_init(void)
{
	for (uint32_t i = 0; i < sweep_count; i++) {
		sweeps[i].world->init();
		for (uint32_t k = 0; k < SWEPT_BY && sweeps[i].by[k].world != NULL; k++) {
			sweeps[i].by[k].world->init();
		}
	}
}

struct scene worlds_scene(const struct scene *main, const struct scene *isr)
{
	return (struct scene){
		.refs = main->refs + isr->refs,
		.pool = choose(main->pool, isr->pool, POOL_USED),
		.messages = choose(main->messages, isr->messages, 1),
		.events = choose(main->events, isr->events, 1),
		.turns = choose(main->turns, isr->turns, 0),
		.connected = choose(main->connected, isr->connected, BIT_MASK(CONNECTIONS)),
		.ring = rings_scene(&main->ring, &isr->ring),
		.chain = chains_scene(&main->chain, &isr->chain),
		.request = requests_scene(&main->request, &isr->request),
	};
}

void worlds_prepare(const struct world *a, const struct world *b, const struct scene *main,
		    const struct scene *isr)
{
	struct scene scene = worlds_scene(main, isr);

	memset(accounts, 0, sizeof(accounts));
	prepared[0] = a;
	prepared[1] = b != a ? b : NULL;
	for (uint32_t i = 0; i < ARRAY_SIZE(prepared); i++) {
		if (prepared[i] != NULL) {
			prepared[i]->prepare(&scene, main, isr);
		}
	}
}

const char *worlds_fault(void)
{
	const char *fault = NULL;

	for (uint32_t i = 0; i < PARTIES; i++) {
		if (accounts[i].wrong != 0) {
			return "a result that cannot be";
		}
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(prepared) && fault == NULL; i++) {
		fault = prepared[i] != NULL ? prepared[i]->fault() : NULL;
	}
	return fault;
}

bool worlds_settle(void)
{
	bool home = true;

	for (uint32_t i = 0; i < ARRAY_SIZE(prepared); i++) {
		home = (prepared[i] == NULL || prepared[i]->settle()) && home;
	}
	return home;
}

void worlds_outcome(struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->results[0] = accounts[MAIN].result;
	outcome->results[1] = accounts[ISR].result;
	for (uint32_t i = 0; i < ARRAY_SIZE(prepared); i++) {
		if (prepared[i] != NULL) {
			prepared[i]->outcome(outcome);
		}
	}
}
