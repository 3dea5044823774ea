/* SPDX-License-Identifier: Apache-2.0 */
/** @file Telling those who asked that buffers have come free. */
#include "pool.h"

#include <iob/notifier.h>
#include <zephyr/kernel.h>

#include <errno.h>
#include <limits.h>

#define QUEUES 2 /* HPWORK and LPWORK */

enum state {
	UNUSED,
	ARMED,
	DUE,
};

/* Somebody who asked. */
struct note {
	worker_t worker;
	void *arg;
	int key; /* in the order in which they were set up */
	uint8_t queue;
	uint8_t state; /* enum state */
};

static struct k_spinlock lock; /* guards all of it */
static struct note notes[CONFIG_IOB_NOTIFIER_MAX];
static int last_key;
static uint32_t armed; /* how many are; read without the lock, too */

int iob_notifier_setup(int qid, worker_t worker, void *arg)
{
	int ret = -ENOMEM;
	k_spinlock_key_t key;

	if (worker == NULL || qid < 0 || qid >= QUEUES) {
		return -EINVAL;
	}
	key = k_spin_lock(&lock);
	for (unsigned int i = 0; i < CONFIG_IOB_NOTIFIER_MAX; i++) {
		if (notes[i].state == UNUSED) {
			last_key = last_key < INT_MAX ? last_key + 1 : 1;
			ret = last_key;
			notes[i] = (struct note){worker, arg, ret, (uint8_t)qid, ARMED};
			/* Relaxed: who sees it late told nobody of what was before it. */
			atomic32_store_relaxed(&armed, armed + 1);
			break;
		}
	}
	k_spin_unlock(&lock, key);
	return ret;
}

void iob_notifier_teardown(int key)
{
	k_spinlock_key_t k = k_spin_lock(&lock);

	for (unsigned int i = 0; i < CONFIG_IOB_NOTIFIER_MAX; i++) {
		struct note *note = &notes[i];

		if (note->state != UNUSED && note->key == key) {
			atomic32_store_relaxed(&armed, armed - (note->state == ARMED ? 1 : 0));
			note->state = UNUSED;
		}
	}
	k_spin_unlock(&lock, k);
}

/* Take the first one that is due out. @return whether there was one. */
static bool take_due(int qid, struct note *taken)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	struct note *first = NULL;

	for (unsigned int i = 0; i < CONFIG_IOB_NOTIFIER_MAX; i++) {
		struct note *note = &notes[i];

		if (note->state == DUE && note->queue == qid &&
		    (first == NULL || note->key < first->key)) {
			first = note;
		}
	}
	if (first != NULL) {
		*taken = *first;
		first->state = UNUSED;
	}
	k_spin_unlock(&lock, key);
	return first != NULL;
}

unsigned int iob_notifier_run(int qid)
{
	unsigned int count = 0;
	struct note note;

	for (; take_due(qid, &note); count++) {
		note.worker(note.arg);
	}
	return count;
}

#ifdef CONFIG_MULTITHREADING

#define STACK_SIZE 2048

static K_SEM_DEFINE(due_high, 0, 1);
static K_SEM_DEFINE(due_low, 0, 1);

static void work(void *qid, void *due, void *unused)
{
	ARG_UNUSED(unused);
	for (;;) {
		(void)k_sem_take(due, K_FOREVER);
		(void)iob_notifier_run((int)(intptr_t)qid);
	}
}

K_THREAD_DEFINE(iob_hpwork, STACK_SIZE, work, HPWORK, &due_high, NULL, K_PRIO_PREEMPT(0), 0, 0);
K_THREAD_DEFINE(iob_lpwork, STACK_SIZE, work, LPWORK, &due_low, NULL,
		K_PRIO_PREEMPT(CONFIG_NUM_PREEMPT_PRIORITIES - 1), 0, 0);

static void wake(const bool due[QUEUES])
{
	if (due[HPWORK]) {
		k_sem_give(&due_high);
	}
	if (due[LPWORK]) {
		k_sem_give(&due_low);
	}
}

#else

static void wake(const bool due[QUEUES])
{
	ARG_UNUSED(due);
}

#endif

/* The largest power of two in it. */
static ALWAYS_INLINE uint32_t divisor(void)
{
	return 1U << (31 - (unsigned int)__builtin_clz(CONFIG_IOB_NOTIFIER_DIV));
}

void iob_notifier_came_home(uint32_t before, uint32_t after)
{
	bool due[QUEUES] = {false, false};
	k_spinlock_key_t key;

	/* Relaxed: see iob_notifier_setup(). */
	if (likely(before / divisor() == after / divisor() || atomic32_load_relaxed(&armed) == 0)) {
		return;
	}
	key = k_spin_lock(&lock);
	for (unsigned int i = 0; i < CONFIG_IOB_NOTIFIER_MAX; i++) {
		if (notes[i].state == ARMED) {
			notes[i].state = DUE;
			due[notes[i].queue] = true;
		}
	}
	atomic32_store_relaxed(&armed, 0);
	k_spin_unlock(&lock, key);
	wake(due);
}
