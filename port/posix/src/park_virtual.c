/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Waiting on the virtual clock.
 *
 * The sleepers are a list in the order in which they fell asleep; `running` counts the threads
 * that are not in it. Whoever makes it 0 moves the clock to the first deadline and wakes its owner.
 * One lock guards it all: this is for tests, where exactness counts and speed does not.
 *
 * Whether a thread is one of `running` is known by the number of the period that it was counted in:
 * each start and each stop of virtual time begins a new one, in which nobody is counted yet.
 */
#include <zephyr/autoconf.h>

#include <port/port.h>

#include "clock.h"
#include "park.h"

static struct port_lock sleep_lock;
static struct port_parker *sleepers;
static int running;
static uint32_t period = 1;

/* The period in which the calling thread was counted last. */
static PORT_THREAD_LOCAL uint32_t counted;

static void period_begin(void)
{
	period++;
	running = 0;
}

static void sleeper_add(struct port_parker *parker)
{
	struct port_parker **link = &sleepers;

	while (*link != NULL) {
		link = &(*link)->next;
	}
	parker->next = NULL;
	*link = parker;
}

static bool sleeper_remove(struct port_parker *parker)
{
	struct port_parker **link = &sleepers;

	while (*link != NULL && *link != parker) {
		link = &(*link)->next;
	}
	if (*link == NULL) {
		return false;
	}
	*link = parker->next;
	return true;
}

/* Take @p parker, a sleeper, out of the list; its thread runs from here on. */
static void sleeper_wake(struct port_parker *parker, enum port_parker_end end)
{
	(void)sleeper_remove(parker);
	running++;
	parker->end = end;
	park_token_leave(parker);
}

/* The sleeper with the earliest deadline, the first of them if several have it. */
static struct port_parker *sleeper_next(void)
{
	struct port_parker *first = NULL;

	for (struct port_parker *p = sleepers; p != NULL; p = p->next) {
		if (p->deadline != PORT_FOREVER &&
		    (first == NULL || p->deadline < first->deadline)) {
			first = p;
		}
	}
	return first;
}

/* The calling thread runs no more. */
static void running_leave(void)
{
	struct port_parker *first;

	if (counted == period) {
		counted = 0;
		running--;
	}
	first = sleeper_next();
	if (running == 0 && first != NULL) {
		clock_virtual_set(first->deadline);
		sleeper_wake(first, PORT_PARKER_EXPIRED);
	}
}

/* The calling thread, the owner of @p parker, runs: see that it is counted, once. */
static void running_enter(struct port_parker *parker)
{
	if (parker->adopted == period) {
		counted = period;
	} else if (counted != period) {
		counted = period;
		running++;
	}
	parker->adopted = 0;
}

void park_virtual_adopt(struct port_parker *parker)
{
	port_key_t key = port_lock(&sleep_lock);

	if (clock_is_virtual()) {
		running_enter(parker);
	}
	port_unlock(&sleep_lock, key);
}

bool park_virtual(struct port_parker *parker, int64_t deadline)
{
	enum port_parker_end end;
	uint32_t slept_in;
	port_key_t key = port_lock(&sleep_lock);

	if (!clock_is_virtual()) {
		port_unlock(&sleep_lock, key);
		return port_park(parker, deadline);
	}
	running_enter(parker);
	if (park_token_take(parker)) {
		port_unlock(&sleep_lock, key);
		return true;
	}
	if (deadline <= port_clock_ticks()) {
		port_unlock(&sleep_lock, key);
		return false;
	}
	parker->deadline = deadline;
	parker->end = PORT_PARKER_TOKEN;
	sleeper_add(parker);
	running_leave();
	slept_in = period;
	port_unlock(&sleep_lock, key);

	while (!park_token_take(parker)) {
		park_doze(parker, NULL);
	}

	key = port_lock(&sleep_lock);
	if (sleeper_remove(parker)) {
		/* Woken by someone who did not know of the virtual clock yet. */
		running++;
	}
	counted = slept_in;
	end = parker->end;
	port_unlock(&sleep_lock, key);
	return end == PORT_PARKER_MOVED ? port_park(parker, deadline) : end == PORT_PARKER_TOKEN;
}

void unpark_virtual(struct port_parker *parker)
{
	port_key_t key = port_lock(&sleep_lock);
	struct port_parker *p = sleepers;

	while (p != NULL && p != parker) {
		p = p->next;
	}
	if (p != NULL) {
		sleeper_wake(parker, PORT_PARKER_TOKEN);
	} else {
		/* Asleep but no sleeper of this clock: it fell asleep on the real one. */
		if (clock_is_virtual() && park_asleep(parker) && parker->adopted != period) {
			parker->adopted = period;
			running++;
		}
		park_token_leave(parker);
	}
	port_unlock(&sleep_lock, key);
}

void park_virtual_advance(int64_t ticks)
{
	port_key_t key = port_lock(&sleep_lock);
	int64_t end = port_clock_ticks() + ticks;
	struct port_parker *first = sleeper_next();

	while (first != NULL && first->deadline <= end) {
		clock_virtual_set(first->deadline);
		sleeper_wake(first, PORT_PARKER_EXPIRED);
		first = sleeper_next();
	}
	clock_virtual_set(end);
	port_unlock(&sleep_lock, key);
}

uint32_t park_thread_starts(void)
{
	port_key_t key = port_lock(&sleep_lock);
	uint32_t in = clock_is_virtual() ? period : 0;

	running += in != 0 ? 1 : 0;
	port_unlock(&sleep_lock, key);
	return in;
}

void park_thread_cancelled(uint32_t in)
{
	port_key_t key = port_lock(&sleep_lock);

	running -= in == period ? 1 : 0;
	port_unlock(&sleep_lock, key);
}

void park_thread_begins(uint32_t in)
{
	counted = in;
}

void park_thread_ends(void)
{
	port_key_t key = port_lock(&sleep_lock);

	running_leave();
	port_unlock(&sleep_lock, key);
}

void port_clock_virtual_start(void)
{
	port_key_t key = port_lock(&sleep_lock);

	if (!clock_is_virtual()) {
		period_begin();
		clock_virtual_enable(true);
	}
	if (counted != period) {
		counted = period;
		running++;
	}
	port_unlock(&sleep_lock, key);
	irq_thread_settle();
}

void port_clock_virtual_stop(void)
{
	port_key_t key = port_lock(&sleep_lock);

	if (clock_is_virtual()) {
		clock_virtual_enable(false);
		while (sleepers != NULL) {
			sleeper_wake(sleepers, PORT_PARKER_MOVED);
		}
		period_begin();
	}
	port_unlock(&sleep_lock, key);
}
