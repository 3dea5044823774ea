/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#define STACK_SIZE 16384

static struct crew_member crew[CREW_MAX];
static size_t crew_size;
static K_THREAD_STACK_ARRAY_DEFINE(stacks, CREW_MAX, STACK_SIZE);
static atomic_t stopped[CREW_WAVES];

static uint32_t mix(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ (x >> 16);
}

uint32_t crew_random(struct crew_member *me, uint32_t below)
{
	return mix(me->random++) % below;
}

uint32_t shared_random(uint32_t below)
{
	static atomic_t state;

	return mix((uint32_t)atomic_inc(&state)) % below;
}

struct crew_member *crew_add(unsigned int wave, void (*work)(struct crew_member *me), void *arg)
{
	struct crew_member *me = &crew[crew_size];

	zassert_true(crew_size < CREW_MAX && wave < CREW_WAVES);
	*me = (struct crew_member){
		.work = work,
		.arg = arg,
		.random = (uint32_t)(crew_size + 1) << 24,
		.wave = wave,
	};
	crew_size++;
	return me;
}

static void member_main(void *p1, void *p2, void *p3)
{
	struct crew_member *me = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	do {
		me->work(me);
		me->rounds++;
	} while (atomic_get(&stopped[me->wave]) == 0);
}

static void end_wave(unsigned int wave)
{
	(void)atomic_set(&stopped[wave], 1);
	for (size_t i = 0; i < crew_size; i++) {
		if (crew[i].wave == wave) {
			zassert_ok(k_thread_join(&crew[i].thread, K_SECONDS(30)),
				   "thread %u of wave %u hangs", (unsigned int)i, wave);
		}
	}
}

void crew_run_until(atomic_t *seen)
{
	int64_t end;

	for (unsigned int wave = 0; wave < CREW_WAVES; wave++) {
		(void)atomic_set(&stopped[wave], 0);
	}
	for (size_t i = 0; i < crew_size; i++) {
		zassert_not_null(k_thread_create(&crew[i].thread, stacks[i], STACK_SIZE,
						 member_main, &crew[i], NULL, NULL,
						 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
	}
	k_msleep(STRESS_MSEC);
	end = k_uptime_get() + 20000;
	while (seen != NULL && atomic_get(seen) == 0 && k_uptime_get() < end) {
		k_msleep(1);
	}
	for (unsigned int wave = 0; wave < CREW_WAVES; wave++) {
		end_wave(wave);
	}
	crew_size = 0;
}

void crew_run(void)
{
	crew_run_until(NULL);
}
