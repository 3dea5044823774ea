/* SPDX-License-Identifier: Apache-2.0 */

#include "wire.h"

static bool receive(void *hw, uint8_t *byte)
{
	struct wire *wire = hw;
	k_spinlock_key_t key = k_spin_lock(&wire->lock);
	bool some = wire->in_taken < wire->in_count;

	if (some) {
		*byte = wire->in[wire->in_taken++];
	}
	k_spin_unlock(&wire->lock, key);
	return some;
}

static bool transmit(void *hw, uint8_t byte)
{
	struct wire *wire = hw;
	k_spinlock_key_t key = k_spin_lock(&wire->lock);
	bool taken = !wire->full && !wire->stalled;

	if (taken) {
		wire->out[wire->out_count++ % WIRE_SIZE] = byte;
		wire->full = true;
	}
	k_spin_unlock(&wire->lock, key);
	if (taken && wire->interrupts) {
		port_irq_raise(&wire->irq);
	}
	return taken;
}

static void transmit_interrupt(void *hw, bool on)
{
	struct wire *wire = hw;

	wire->interrupts = on;
}

const struct rtio_uart_hw_api wire_api = {receive, transmit, transmit_interrupt};

static void interrupt(void *arg)
{
	struct wire *wire = arg;
	k_spinlock_key_t key = k_spin_lock(&wire->lock);

	wire->full = false;
	k_spin_unlock(&wire->lock, key);
	rtio_uart_interrupt(wire->uart);
}

void wire_init(struct wire *wire, struct rtio_uart *uart)
{
	memset(wire, 0, sizeof(*wire));
	wire->uart = uart;
	wire->irq.routine = interrupt;
	wire->irq.arg = wire;
}

void wire_feed(struct wire *wire, const char *bytes, uint32_t len)
{
	k_spinlock_key_t key = k_spin_lock(&wire->lock);

	if (wire->in_taken == wire->in_count) {
		wire->in_taken = 0;
		wire->in_count = 0;
	}
	memcpy(&wire->in[wire->in_count], bytes, len);
	wire->in_count += len;
	k_spin_unlock(&wire->lock, key);
	port_irq_raise(&wire->irq);
}

void wire_stall(struct wire *wire, bool stall)
{
	k_spinlock_key_t key = k_spin_lock(&wire->lock);

	wire->stalled = stall;
	k_spin_unlock(&wire->lock, key);
	if (!stall) {
		port_irq_raise(&wire->irq);
	}
}
