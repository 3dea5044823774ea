/* SPDX-License-Identifier: Apache-2.0 */
/** @file Start-up: the functions of SYS_INIT(), then the threads of K_THREAD_DEFINE(). */
#include <zephyr/kernel.h>

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

void kernel_start_threads(void)
{
	for (const struct kernel_module *m = kernel_modules; m != NULL; m = m->next) {
		for (const struct k_static_thread *t = m->threads_start; t != m->threads_stop;
		     t++) {
			k_timeout_t delay = t->delay_ms < 0 ? K_FOREVER : K_MSEC(t->delay_ms);

			if (!thread_launch(t, delay)) {
				printk("kernel: thread %s could not be started\n", t->name);
				port_fatal();
			}
		}
	}
}

#else

void kernel_start_threads(void)
{
}

#endif
