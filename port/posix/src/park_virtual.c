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
 * each start and each stop of virtual time begins a new one, in which nobody is counted yet. Who
 * wakes a thread counts it, so that no time passes before it runs, and notes that in the parker.
 *
 * Threads stay in the list when virtual time stops, unless they have a deadline: then they move to a
 * sleep on the real clock, which needs a wake-up.
 */
#include <zephyr/autoconf.h>

#include <pthread.h>

#include <port/port.h>

#include "clock.h"
#include "fork.h"
#include "park.h"

static struct port_lock sleep_lock;
static struct port_parker *sleepers;
static struct port_parker *moving; /* were sent to the real clock and have not run yet */
static int running;
static uint32_t period = 1;

/* The period in which the calling thread was counted last. */
static PORT_THREAD_LOCAL uint32_t counted_in;

static void parker_add(struct port_parker **list, struct port_parker *parker)
{
	while (*list != NULL) {
		list = &(*list)->next;
	}
	parker->next = NULL;
	*list = parker;
}

static bool parker_remove(struct port_parker **list, struct port_parker *parker)
{
	while (*list != NULL && *list != parker) {
		list = &(*list)->next;
	}
	if (*list == NULL) {
		return false;
	}
	*list = parker->next;
	return true;
}

/* Count the owner of @p parker, which is about to run, on its behalf. */
static void adopt(struct port_parker *parker)
{
	if (parker->adopted != period) {
		parker->adopted = period;
		running++;
	}
}

/* Take @p parker, a sleeper, out of the list; its thread runs from here on. */
static void sleeper_wake(struct port_parker *parker, enum port_parker_end end)
{
	(void)parker_remove(&sleepers, parker);
	adopt(parker);
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

	if (counted_in == period) {
		counted_in = 0;
		running--;
	}
	first = sleeper_next();
	if (running == 0 && first != NULL) {
		clock_virtual_set(first->deadline);
		sleeper_wake(first, PORT_PARKER_EXPIRED);
	}
}

/* Has a value in threads that were counted and may end without park_thread_ends(). */
static pthread_key_t counted_key;

static void counted_thread_ends(void *value)
{
	(void)value;
	park_thread_ends();
}

__attribute__((constructor(101))) static void virtual_init(void)
{
	(void)pthread_key_create(&counted_key, counted_thread_ends);
}

/* The calling thread runs: see that it is counted, once. */
static void running_enter(void)
{
	(void)pthread_setspecific(counted_key, &counted_in);
	if (counted_in != period) {
		counted_in = period;
		running++;
	}
}

/* The same for the owner of @p parker, whom somebody may have counted already. */
static void owner_enters(struct port_parker *parker)
{
	if (parker->adopted == period) {
		counted_in = period;
	}
	parker->adopted = 0;
	running_enter();
}

void park_virtual_adopt(struct port_parker *parker)
{
	port_key_t key = port_lock(&sleep_lock);

	if (clock_is_virtual()) {
		owner_enters(parker);
	}
	port_unlock(&sleep_lock, key);
}

bool park_virtual(struct port_parker *parker, int64_t deadline)
{
	enum port_parker_end end;
	port_key_t key = port_lock(&sleep_lock);

	if (!clock_is_virtual()) {
		port_unlock(&sleep_lock, key);
		return port_park(parker, deadline);
	}
	owner_enters(parker);
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
	parker_add(&sleepers, parker);
	running_leave();
	port_unlock(&sleep_lock, key);

	while (!park_token_take(parker)) {
		park_doze(parker, NULL);
	}

	key = port_lock(&sleep_lock);
	if (!parker_remove(&sleepers, parker)) { /* there still, if woken on the real clock */
		(void)parker_remove(&moving, parker);
	}
	if (clock_is_virtual()) {
		owner_enters(parker);
	}
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
	if (p != NULL && clock_is_virtual()) {
		sleeper_wake(parker, PORT_PARKER_TOKEN);
	} else {
		if (clock_is_virtual() && park_asleep(parker)) {
			adopt(parker); /* it fell asleep on the real clock */
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
	counted_in = in;
}

void park_thread_ends(void)
{
	port_key_t key = port_lock(&sleep_lock);

	running_leave();
	port_unlock(&sleep_lock, key);
}

/* Begin a new period. */
static void period_begin(void)
{
	period++;
	running = 0;
}

/* Count those that are on their way out of a sleep since the last period. */
static void adopt_awake(void)
{
	struct port_parker *next;

	for (struct port_parker *p = moving; p != NULL; p = p->next) {
		adopt(p);
	}
	for (struct port_parker *p = sleepers; p != NULL; p = next) {
		next = p->next;
		if (park_has_token(p)) {
			(void)parker_remove(&sleepers, p);
			adopt(p);
		}
	}
}

/* Send those that have a deadline to the real clock. */
static void move_sleepers(void)
{
	struct port_parker *next;

	for (struct port_parker *p = sleepers; p != NULL; p = next) {
		next = p->next;
		if (p->deadline != PORT_FOREVER) {
			(void)parker_remove(&sleepers, p);
			parker_add(&moving, p);
			p->end = PORT_PARKER_MOVED;
			park_token_leave(p);
		}
	}
}

void park_fork_begins(void)
{
	(void)port_lock(&sleep_lock);
}

void park_fork_ends(bool child)
{
	if (child) {
		sleepers = NULL;
		moving = NULL;
		period_begin();
		if (clock_is_virtual()) {
			running_enter();
		}
	}
	port_unlock(&sleep_lock, 0);
}

void port_clock_virtual_start(void)
{
	port_key_t key = port_lock(&sleep_lock);

	if (!clock_is_virtual()) {
		period_begin();
		clock_virtual_enable(true);
		adopt_awake();
	}
	running_enter();
	port_unlock(&sleep_lock, key);
	irq_thread_settle();
}

void port_clock_virtual_stop(void)
{
	port_key_t key = port_lock(&sleep_lock);

	if (clock_is_virtual()) {
		clock_virtual_enable(false);
		move_sleepers();
		period_begin();
	}
	port_unlock(&sleep_lock, key);
}
