/* SPDX-License-Identifier: Apache-2.0 */
/** @file Start-up: the functions of SYS_INIT(), then the threads of K_THREAD_DEFINE(). */
#include <zephyr/kernel.h>

#include <kernel/restart.h>
#include <kernel/wait_q.h>

#include <errno.h>

#include "module.h"
#include "thread.h"

static unsigned int rank(const struct init_entry *entry)
{
	return entry->level * 100U + entry->priority;
}

/* Run the entries of one rank; returns the next higher rank there is, or @p next. */
static unsigned int run_entries(const struct init_entry *e, const struct init_entry *stop,
				unsigned int current, unsigned int next)
{
	for (; e != stop; e++) {
		if (rank(e) == current) {
			(void)e->init_fn();
		} else if (rank(e) > current && rank(e) < next) {
			next = rank(e);
		}
	}
	return next;
}

#ifdef CONFIG_PORT_BARE

TYPE_SECTION_REQUIRE(const struct init_entry, init_entry);

static unsigned int run_rank(unsigned int current)
{
	return run_entries(TYPE_SECTION_START(init_entry), TYPE_SECTION_END(init_entry), current,
			   UINT32_MAX);
}

static void initialisation_begins(void)
{
}

#else

static struct kernel_module *kernel_modules;
static bool initialised;

static void initialisation_begins(void)
{
	initialised = true;
}

void kernel_register(struct kernel_module *module)
{
	struct kernel_module **end = &kernel_modules;

	if (initialised) {
		if (module->init_start != module->init_stop ||
		    module->threads_start != module->threads_stop) {
			printk("kernel: a library loaded after start-up has SYS_INIT() or "
			       "K_THREAD_DEFINE() entries: they do not run\n");
		}
		return;
	}
	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = module;
}

static unsigned int run_rank(unsigned int current)
{
	unsigned int next = UINT32_MAX;

	for (const struct kernel_module *m = kernel_modules; m != NULL; m = m->next) {
		next = run_entries(m->init_start, m->init_stop, current, next);
	}
	return next;
}

#endif /* CONFIG_PORT_BARE */

void kernel_init(void)
{
	unsigned int current = 0;

	initialisation_begins();
	/* The entries are constant and in no order: look for the next rank while running one. */
	while (current != UINT32_MAX) {
		current = run_rank(current);
	}
}

#ifdef CONFIG_MULTITHREADING

/* Call @p fn for each thread of K_THREAD_DEFINE() until it returns other than 0. @return that. */
static int for_each_thread(int (*fn)(const struct k_static_thread *t, void *arg), void *arg)
{
	int ret = 0;

	for (const struct kernel_module *m = kernel_modules; m != NULL && ret == 0; m = m->next) {
		for (const struct k_static_thread *t = m->threads_start;
		     t != m->threads_stop && ret == 0; t++) {
			ret = fn(t, arg);
		}
	}
	return ret;
}

static int start_one(const struct k_static_thread *t, void *unused)
{
	k_timeout_t delay = t->delay_ms < 0 ? K_FOREVER : K_MSEC(t->delay_ms);

	ARG_UNUSED(unused);
	if (!thread_launch(t, delay)) {
		printk("kernel: thread %s could not be started\n", t->name);
		return -EAGAIN;
	}
	return 0;
}

void kernel_start_threads(void)
{
	if (for_each_thread(start_one, NULL) != 0) {
		port_fatal();
	}
}

static int find_self(const struct k_static_thread *t, void *unused)
{
	ARG_UNUSED(unused);
	return t->thread == k_current_get() ? -EDEADLK : 0;
}

static int ask_one(const struct k_static_thread *t, void *how)
{
	thread_ask_to_end(t->thread, *(const enum thread_aborting *)how);
	return 0;
}

/* Wait a millisecond for it. */
static int join_one(const struct k_static_thread *t, void *unused)
{
	ARG_UNUSED(unused);
	return k_thread_join(t->thread, K_MSEC(1));
}

/* Whether it does something else than wait for messages. */
static int find_working(const struct k_static_thread *t, void *unused)
{
	ARG_UNUSED(unused);
	/* Relaxed: what it seems to do. */
	return k_thread_join(t->thread, K_NO_WAIT) != 0 &&
	       atomic32_load_relaxed(&t->thread->waits_for) != WAIT_FOR_MESSAGE + 1;
}

static int name_late(const struct k_static_thread *t, void *how)
{
	if (*(const enum thread_aborting *)how == THREAD_ENDING
		    ? k_thread_join(t->thread, K_NO_WAIT) != 0
		    : find_working(t, NULL) != 0) {
		printk("kernel: thread %s has not ended\n", t->name);
	}
	return 0;
}

static enum kernel_stopping stopping_phase(enum thread_aborting how)
{
	if (how == THREAD_ENDING) {
		return KERNEL_STOPPING_ALL;
	}
	return for_each_thread(find_working, NULL) != 0 ? KERNEL_STOPPING_WORK
							: KERNEL_STOPPING_WAIT;
}

int kernel_stop_threads(k_timeout_t timeout, bool (*meanwhile)(enum kernel_stopping phase))
{
	enum thread_aborting how = meanwhile != NULL ? THREAD_FINISHING : THREAD_ENDING;
	int64_t deadline = sys_clock_deadline(timeout);

	if (for_each_thread(find_self, NULL) != 0) {
		return -EDEADLK;
	}
	(void)for_each_thread(ask_one, &how);
	while (for_each_thread(join_one, NULL) != 0) {
		if (meanwhile != NULL && meanwhile(stopping_phase(how)) &&
		    how == THREAD_FINISHING) {
			how = THREAD_ENDING;
			(void)for_each_thread(ask_one, &how);
		}
		if (port_clock_ticks() >= deadline) {
			(void)for_each_thread(name_late, &how);
			return -EAGAIN;
		}
	}
	return 0;
}

static int find_running(const struct k_static_thread *t, void *unused)
{
	ARG_UNUSED(unused);
	return k_thread_join(t->thread, K_NO_WAIT);
}

int kernel_restart_threads(void)
{
	int ret = for_each_thread(find_running, NULL);

	return ret != 0 ? ret : for_each_thread(start_one, NULL);
}

#else

void kernel_start_threads(void)
{
}

#endif
