/* SPDX-License-Identifier: Apache-2.0 */
/** @file Timers of simulated hardware: a list by time, and who looks at it. */
#include <zephyr/rtio/sim/timer.h>

#define STATE_IDLE   0U
#define STATE_RUNS   1U /* in the list */
#define STATE_RAISED 2U /* its interrupt is on its way */

static struct k_spinlock lock; /* guards the list, and the state of all timers */
static struct rtio_sim_timer *first;

/* Timer locked. */
static void list_remove(struct rtio_sim_timer *timer)
{
	struct rtio_sim_timer **at = &first;

	while (*at != timer) {
		at = &(*at)->next;
	}
	*at = timer->next;
}

static void list_add(struct rtio_sim_timer *timer)
{
	struct rtio_sim_timer **at = &first;

	while (*at != NULL && (*at)->due <= timer->due) {
		at = &(*at)->next;
	}
	timer->next = *at;
	*at = timer;
}

static void insert(struct rtio_sim_timer *timer, int64_t due)
{
	if (timer->state == STATE_RUNS) {
		list_remove(timer);
	}
	timer->due = due;
	timer->state = STATE_RUNS;
	list_add(timer);
}

void rtio_sim_timer_stop(struct rtio_sim_timer *timer)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	if (timer->state == STATE_RUNS) {
		list_remove(timer);
	}
	timer->state = STATE_IDLE;
	k_spin_unlock(&lock, key);
}

#ifdef CONFIG_MULTITHREADING

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;
static K_SEM_DEFINE(changed, 0, 1);
static uint32_t running; /* 1 once the thread has been started */

int64_t rtio_sim_now(void)
{
	return (int64_t)k_ticks_to_us_floor64((uint64_t)port_clock_ticks());
}

static void interrupt(void *arg)
{
	struct rtio_sim_timer *timer = arg;
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool expired = timer->state == STATE_RAISED;

	if (expired) {
		timer->state = STATE_IDLE;
	}
	k_spin_unlock(&lock, key);
	if (expired) {
		timer->expired(timer);
	}
}

static void serve(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		k_spinlock_key_t key = k_spin_lock(&lock);
		struct rtio_sim_timer *timer = first;
		int64_t due = timer != NULL ? timer->due : PORT_FOREVER;
		bool expired = due <= port_clock_ticks();

		if (expired) {
			list_remove(timer);
			timer->state = STATE_RAISED;
			timer->irq.routine = interrupt;
			timer->irq.arg = timer;
		}
		k_spin_unlock(&lock, key);
		if (expired) {
			port_irq_raise(&timer->irq);
		} else {
			(void)k_sem_take(&changed, due == PORT_FOREVER ? K_FOREVER
								       : K_TIMEOUT_ABS_TICKS(due));
		}
	}
}

static void need_thread(void)
{
	if (atomic32_load_relaxed(&running) != 0 || atomic32_exchange(&running, 1) != 0) {
		return;
	}
	if (k_thread_create(&thread, stack, sizeof(stack), serve, NULL, NULL, NULL,
			    K_HIGHEST_THREAD_PRIO, 0, K_NO_WAIT) == NULL) {
		port_fatal();
	}
}

void rtio_sim_timer_start(struct rtio_sim_timer *timer, int64_t due)
{
	k_spinlock_key_t key;

	need_thread();
	key = k_spin_lock(&lock);
	insert(timer, (int64_t)k_us_to_ticks_ceil64((uint64_t)due));
	k_spin_unlock(&lock, key);
	k_sem_give(&changed);
}

#else

/* There is no timer to be interrupted by: time jumps to the next moment that something is due. */
static int64_t now;

static void interrupt(void *arg);
static struct port_irq pump = {.routine = interrupt};

int64_t rtio_sim_now(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	int64_t is = now;

	k_spin_unlock(&lock, key);
	return is;
}

static void interrupt(void *arg)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	struct rtio_sim_timer *timer = first;

	ARG_UNUSED(arg);
	if (timer != NULL) {
		list_remove(timer);
		timer->state = STATE_IDLE;
		now = MAX(now, timer->due);
	}
	k_spin_unlock(&lock, key);
	if (timer != NULL) {
		timer->expired(timer);
		port_irq_raise(&pump);
	}
}

void rtio_sim_timer_start(struct rtio_sim_timer *timer, int64_t due)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	insert(timer, due);
	k_spin_unlock(&lock, key);
	port_irq_raise(&pump);
}

#endif
