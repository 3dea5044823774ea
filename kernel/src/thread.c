/* SPDX-License-Identifier: Apache-2.0 */
/** @file Threads: identity, start, sleep, end. */
#include <zephyr/kernel.h>

#include <errno.h>
#include <string.h>

#include <kernel/restart.h>

#include "thread.h"

/* Who runs here: a created thread, or one that came from elsewhere and got the object below. */
static PORT_THREAD_LOCAL struct k_thread *current;
static PORT_THREAD_LOCAL struct k_thread attached;

static void stack_info_set(struct k_thread *thread)
{
	uintptr_t start;
	size_t size;

	if (port_thread_stack(&start, &size)) {
		thread->stack_info = (struct k_thread_stack_info){start, size};
	}
}

k_tid_t k_current_get(void)
{
	if (unlikely(current == NULL)) {
		current = &attached;
#ifdef CONFIG_MULTITHREADING
		attached.started = true;
#endif
#ifdef CONFIG_SCHED_CPU_MASK
		attached.port.cpus = ~0UL;
#endif
		stack_info_set(current);
	}
	return current;
}

/* Keep @p name in @p thread, cut to fit. */
static __maybe_unused void name_store(struct k_thread *thread, const char *name)
{
#ifdef CONFIG_THREAD_NAME
	size_t i = 0;

	while (i < sizeof(thread->name) - 1 && name[i] != '\0') {
		thread->name[i] = name[i];
		i++;
	}
	thread->name[i] = '\0';
#else
	ARG_UNUSED(thread);
	ARG_UNUSED(name);
#endif
}

#ifdef CONFIG_MULTITHREADING

bool thread_abort_token_due(struct k_thread *thread)
{
	/* Acquire: pairs with the release in thread_ask_to_end(). */
	if (atomic32_load_acquire(&thread->abort_tokens) == thread->abort_tokens_taken) {
		return false;
	}
	thread->abort_tokens_taken++;
	return true;
}

bool thread_ends_at(const struct k_thread *thread, uint32_t kind)
{
	/* Relaxed: what matters came with the token. */
	uint32_t how = atomic32_load_relaxed(&thread->aborting);

	return thread->abort_tokens_taken != 0 &&
	       (how == THREAD_ABORTING || (how > kind && thread->holds == 0));
}

/* The end of a thread's own code: tell the joiners. Touches nothing of it after the last of them. */
static void thread_end(struct k_thread *thread)
{
	k_spinlock_key_t key = k_spin_lock(&thread->lock);
	struct waiter *joiners;

	while (thread_abort_token_due(thread)) {
		/* Whoever leaves it still uses the thread's memory. */
		k_spin_unlock(&thread->lock, key);
		(void)port_park(&thread->parker, PORT_FOREVER);
		key = k_spin_lock(&thread->lock);
	}
	thread->ended = true;
	joiners = wait_q_finish_all(&thread->joiners, 0);
	k_spin_unlock(&thread->lock, key);
	wait_q_wake_chain(joiners);
}

static void thread_exit(void)
{
	thread_end(current);
	port_thread_exit();
}

void thread_abort_point(void)
{
	struct k_thread *thread = k_current_get();

	if (thread->ends_here || atomic32_load_relaxed(&thread->aborting) == THREAD_ABORTING) {
		thread_exit();
	}
}

/* Sleep in the thread's own queue until @p deadline or k_wakeup(). @return 0 if woken. */
static int sleep_until(struct k_thread *thread, int64_t deadline, k_spinlock_key_t key)
{
	struct waiter w;

	waiter_init(&w, NULL);
	return wait_q_wait(&thread->sleep, &w, &thread->lock, key, deadline);
}

/* Show the name that the calling thread has got by now. */
static void name_show(struct k_thread *thread)
{
#ifdef CONFIG_THREAD_NAME
	k_spinlock_key_t key = k_spin_lock(&thread->lock);
	char name[CONFIG_THREAD_MAX_NAME_LEN];

	memcpy(name, thread->name, sizeof(name));
	k_spin_unlock(&thread->lock, key);
	port_thread_name(&thread->port, name);
#else
	ARG_UNUSED(thread);
#endif
}

static void thread_main(void *arg)
{
	struct k_thread *thread = arg;
	k_spinlock_key_t key;

	current = thread;
	stack_info_set(thread);
	name_show(thread);

	key = k_spin_lock(&thread->lock);
	if (!thread->started) {
		(void)sleep_until(thread, thread->start_deadline, key);
		key = k_spin_lock(&thread->lock);
		thread->started = true;
	}
	k_spin_unlock(&thread->lock, key);

	thread_abort_point();
	thread->entry(thread->p1, thread->p2, thread->p3);
	thread_end(thread);
}

/* Make @p thread one that has not begun. */
static void thread_prepare(struct k_thread *thread, const struct k_static_thread *as,
			   k_timeout_t delay)
{
	__ASSERT(as->entry != NULL, "a thread needs an entry function");
	__ASSERT(as->prio >= K_HIGHEST_THREAD_PRIO && as->prio <= K_LOWEST_THREAD_PRIO,
		 "priority %d is not in %d to %d", as->prio, K_HIGHEST_THREAD_PRIO,
		 K_LOWEST_THREAD_PRIO);
	memset(thread, 0, sizeof(*thread));
	thread->entry = as->entry;
	thread->p1 = as->p1;
	thread->p2 = as->p2;
	thread->p3 = as->p3;
	thread->own_priority = as->prio;
	thread->priority = as->prio;
	thread->options = as->options;
	thread->start_deadline = sys_clock_deadline(delay);
	thread->started = K_TIMEOUT_EQ(delay, K_NO_WAIT);
	name_store(thread, as->name);
}

bool thread_launch(const struct k_static_thread *as, k_timeout_t delay)
{
	struct port_thread_attr attr = {
		.stack_size = as->stack_size,
		.priority = as->prio,
		.entry = thread_main,
		.arg = as->thread,
	};

	thread_prepare(as->thread, as, delay);
	return port_thread_start(&as->thread->port, &attr) == 0;
}

k_tid_t k_thread_create(struct k_thread *new_thread, k_thread_stack_t *stack, size_t stack_size,
			k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio,
			uint32_t options, k_timeout_t delay)
{
	const struct k_static_thread as = {
		.thread = new_thread,
		.stack = stack,
		.stack_size = stack_size,
		.entry = entry,
		.p1 = p1,
		.p2 = p2,
		.p3 = p3,
		.prio = prio,
		.options = options,
		.name = "",
	};

	return thread_launch(&as, delay) ? new_thread : NULL;
}

void k_wakeup(k_tid_t thread)
{
	k_spinlock_key_t key = k_spin_lock(&thread->lock);

	if (thread->started) {
		(void)wait_q_wake_first(&thread->sleep, 0, &thread->lock, key);
	} else {
		k_spin_unlock(&thread->lock, key);
	}
}

void k_thread_start(k_tid_t thread)
{
	k_spinlock_key_t key = k_spin_lock(&thread->lock);

	if (thread->started) {
		k_spin_unlock(&thread->lock, key);
	} else {
		thread->started = true;
		(void)wait_q_wake_first(&thread->sleep, 0, &thread->lock, key);
	}
}

void thread_ask_to_end(struct k_thread *thread, enum thread_aborting how)
{
	k_spinlock_key_t key = k_spin_lock(&thread->lock);
	bool more = !thread->ended && thread->aborting < (uint32_t)how;

	if (more) {
		atomic32_store_relaxed(&thread->aborting, how);
		/* Release: pairs with the acquire in thread_abort_token_due(). */
		atomic32_store_release(&thread->abort_tokens, thread->abort_tokens + 1);
	}
	k_spin_unlock(&thread->lock, key);
	if (more) {
		/* The thread does not end before it has taken this. */
		port_unpark(&thread->parker);
	}
}

void k_thread_abort(k_tid_t thread)
{
	if (thread == k_current_get() && !port_in_isr()) {
		thread_exit();
	}
	thread_ask_to_end(thread, THREAD_ABORTING);
}

void kernel_hold(void)
{
	k_current_get()->holds++;
}

void kernel_release(void)
{
	__ASSERT(k_current_get()->holds != 0, "kernel_release() without kernel_hold()");
	k_current_get()->holds--;
}

int k_thread_join(struct k_thread *thread, k_timeout_t timeout)
{
	int64_t deadline = sys_clock_deadline(timeout);
	k_spinlock_key_t key = k_spin_lock(&thread->lock);
	struct waiter w;
	int ret = 0;

	if (thread->ended) {
		ret = 0;
	} else if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		ret = -EBUSY;
	} else if (thread == k_current_get()) {
		ret = -EDEADLK;
	} else if (!wait_allowed(timeout)) {
		ret = -EBUSY;
	} else {
		waiter_init(&w, NULL);
		return wait_q_wait(&thread->joiners, &w, &thread->lock, key, deadline);
	}
	k_spin_unlock(&thread->lock, key);
	return ret;
}

#else /* one thread */

bool thread_abort_token_due(struct k_thread *thread)
{
	ARG_UNUSED(thread);
	return false;
}

void thread_abort_point(void)
{
}

#endif /* CONFIG_MULTITHREADING */

/* @return ticks left of a sleep of @p timeout, 0 if it went to its end. */
static int64_t sleep_ticks(k_timeout_t timeout)
{
	struct k_thread *thread = k_current_get();
	int64_t deadline = sys_clock_deadline(timeout);

	if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		port_thread_yield();
		return 0;
	}
	if (!wait_allowed(timeout)) {
		return 0;
	}
#ifdef CONFIG_MULTITHREADING
	if (sleep_until(thread, deadline, k_spin_lock(&thread->lock)) != 0) {
		return 0;
	}
#else
	while (port_park(&thread->parker, deadline)) {
	}
#endif
	if (deadline == PORT_FOREVER) {
		return K_TICKS_FOREVER;
	}
	return MAX(deadline - port_clock_ticks(), 0);
}

int32_t k_sleep(k_timeout_t timeout)
{
	int64_t left = sleep_ticks(timeout);

	if (left == K_TICKS_FOREVER) {
		return (int32_t)K_TICKS_FOREVER;
	}
	return (int32_t)MIN(k_ticks_to_ms_ceil64((uint64_t)left), (uint64_t)INT32_MAX);
}

int32_t k_msleep(int32_t ms)
{
	return k_sleep(K_MSEC(ms));
}

int32_t k_usleep(int32_t us)
{
	int64_t left = sleep_ticks(K_USEC(us));

	return (int32_t)MIN(k_ticks_to_us_ceil64((uint64_t)left), (uint64_t)INT32_MAX);
}

void k_yield(void)
{
	port_thread_yield();
}

int k_thread_name_set(k_tid_t thread, const char *name)
{
#ifdef CONFIG_THREAD_NAME
	k_tid_t named = thread != NULL ? thread : k_current_get();
	k_spinlock_key_t key;
	bool runs;

	if (name == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&named->lock);
	name_store(named, name);
	runs = named->entry != NULL && !named->ended;
	k_spin_unlock(&named->lock, key);
	if (runs) {
		port_thread_name(&named->port, name);
	} else if (named == k_current_get()) {
		port_thread_name(NULL, name);
	}
	return 0;
#else
	ARG_UNUSED(thread);
	ARG_UNUSED(name);
	return -ENOSYS;
#endif
}

const char *k_thread_name_get(k_tid_t thread)
{
#ifdef CONFIG_THREAD_NAME
	return thread->name;
#else
	ARG_UNUSED(thread);
	return NULL;
#endif
}

int k_thread_name_copy(k_tid_t thread, char *buf, size_t size)
{
#ifdef CONFIG_THREAD_NAME
	size_t len = strlen(thread->name);

	if (buf == NULL) {
		return -EINVAL;
	}
	if (len >= size) {
		return -ENOSPC;
	}
	memcpy(buf, thread->name, len + 1);
	return 0;
#else
	ARG_UNUSED(thread);
	ARG_UNUSED(buf);
	ARG_UNUSED(size);
	return -ENOSYS;
#endif
}

/* Only the stack of a thread started here is known to be zeroed and all mapped. */
static bool stack_is_ours(const struct k_thread *thread)
{
#ifdef CONFIG_MULTITHREADING
	return thread->entry != NULL;
#else
	ARG_UNUSED(thread);
	return true;
#endif
}

/* Reads memory that belongs to another thread, on purpose. */
__attribute__((no_sanitize_address, no_sanitize_thread)) int
k_thread_stack_space_get(const struct k_thread *thread, size_t *unused_ptr)
{
	const uint8_t *start = (const uint8_t *)thread->stack_info.start;
	size_t i = 0;

	if (start == NULL || unused_ptr == NULL || !stack_is_ours(thread)) {
		return -EINVAL;
	}
	/* Stacks are zeroed and grow downwards: what is still zero at the low end was not used. */
	while (i < thread->stack_info.size && start[i] == 0) {
		i++;
	}
	*unused_ptr = i;
	return 0;
}

void k_thread_custom_data_set(void *value)
{
	k_current_get()->custom_data = value;
}

void *k_thread_custom_data_get(void)
{
	return k_current_get()->custom_data;
}
