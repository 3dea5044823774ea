/* SPDX-License-Identifier: Apache-2.0 */

/* Interrupt context: running routines in it, and keeping them out. */

#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <port/port.h>

static uint32_t ran;

static void note_run(const void *arg)
{
	zassert_true(k_is_in_isr());
	zassert_equal(arg, &ran);
	ran++;
}

static void note_nested(const void *arg)
{
	irq_offload(note_run, arg);
	zassert_true(k_is_in_isr());
	note_run(arg);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	ran = 0;
}

ZTEST_SUITE(irq, NULL, NULL, before, NULL, NULL);

ZTEST(irq, test_offload)
{
	zassert_false(k_is_in_isr());
	for (uint32_t i = 1; i <= 100; i++) {
		irq_offload(note_run, &ran);
		zassert_equal(ran, i);
		zassert_false(k_is_in_isr());
	}
}

ZTEST(irq, test_offload_in_isr)
{
	irq_offload(note_nested, &ran);
	zassert_equal(ran, 2);
}

static void mask_in_isr(const void *arg)
{
	unsigned int outer = irq_lock();
	unsigned int inner = irq_lock();

	irq_unlock(inner);
	irq_unlock(outer);
	note_run(arg);
}

ZTEST(irq, test_mask_in_isr)
{
	irq_offload(mask_in_isr, &ran);
	zassert_equal(ran, 1);
}

static struct k_sem done;
static uint32_t order[4];

struct raised {
	struct port_irq irq;
	uint32_t number;
	struct raised *next; /* raised by the routine */
};

static void note_order(void *arg)
{
	struct raised *r = arg;

	zassert_true(k_is_in_isr());
	order[ran++] = r->number;
	if (r->next != NULL) {
		port_irq_raise(&r->next->irq);
	}
	k_sem_give(&done);
}

static void set_up(struct raised *r, uint32_t number, struct raised *next)
{
	*r = (struct raised){
		.irq = {.routine = note_order, .arg = r}, .number = number, .next = next};
}

/* In the order in which they were raised; one more by a routine; one while it was pending. */
ZTEST(irq, test_raise)
{
	static struct raised a;
	static struct raised b;
	static struct raised c;
	unsigned int key;

	zassert_ok(k_sem_init(&done, 0, 4));
	set_up(&a, 1, &c);
	set_up(&b, 2, NULL);
	set_up(&c, 3, NULL);
	key = irq_lock();
	port_irq_raise(&a.irq);
	port_irq_raise(&b.irq);
	port_irq_raise(&a.irq);
	irq_unlock(key);
	for (int i = 0; i < 3; i++) {
		zassert_ok(k_sem_take(&done, K_SECONDS(10)));
	}
	/* Whoever returns from here has seen all raised before. */
	irq_offload(note_nested, &ran);
	zassert_equal(ran, 3 + 2);
	zassert_equal(order[0], 1);
	zassert_equal(order[1], 2);
	zassert_equal(order[2], 3);
	/* It has run, so it can be raised again. */
	ran = 0;
	port_irq_raise(&b.irq);
	zassert_ok(k_sem_take(&done, K_SECONDS(10)));
	zassert_equal(order[0], 2);
}

/* One core alone is never refused: nobody else can hold the lock while it runs. */
ZTEST(irq, test_spin_trylock)
{
	struct k_spinlock lock = {};
	k_spinlock_key_t key = k_spin_lock(&lock);
	k_spinlock_key_t second;
	int ret = k_spin_trylock(&lock, &second);

	zassert_equal(ret, IS_ENABLED(CONFIG_SMP) ? -EBUSY : 0);
	if (ret == 0) {
		k_spin_unlock(&lock, second);
	}
	k_spin_unlock(&lock, key);

	zassert_ok(k_spin_trylock(&lock, &key));
	k_spin_unlock(&lock, key);
}
