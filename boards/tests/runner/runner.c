/* SPDX-License-Identifier: Apache-2.0 */

/* Programs that do not end as they should: ENDING says how. */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <board.h>

#include <port/port.h>

static void hang_awake(void)
{
	for (;;) {
		compiler_barrier();
	}
}

static void hang_asleep(void)
{
	struct k_sem never;

	(void)k_sem_init(&never, 0, 1);
	(void)k_sem_take(&never, K_FOREVER);
}

static void fault(void)
{
	/* Neither core lets anything be executed or read there. */
	(void)*(volatile uint32_t *)0xffffffe0;
	((void (*)(void))0xfffffff0)();
}

static void fault_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	fault();
}

static void stack_overflow(int depth)
{
	volatile uint32_t frame[64];

	frame[depth % 64] = 1;
	stack_overflow(depth + (int)frame[depth % 64]);
	frame[0] = 2;
}

int main(void)
{
	printk("about to end\n");
	switch (ENDING) {
	case 0:
		hang_awake();
		break;
	case 1:
		hang_asleep();
		break;
	case 2:
		fault();
		break;
	case 3:
		port_irq_offload(fault_in_isr, NULL);
		break;
	case 4:
		stack_overflow(0);
		break;
	case 5:
		port_fatal();
		break;
	case 6:
		board_exit(123);
		break;
	default:
		break;
	}
	return 7;
}
