/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What buses have in common: one request after the other, message by message, each in its time.
 *
 * The phase says who may go on with the request that is being done. While it waits for its time
 * ("moving") or for nothing ("hung"), whoever makes the phase "busy" has it: the end of the time, or
 * rtio_cancel(). Who has it ends it or starts the next wait.
 */
#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/sim/bus.h>

#include <errno.h>

#define PHASE_IDLE   0U
#define PHASE_MOVING 1U
#define PHASE_BUSY   2U
#define PHASE_HUNG   3U

static void begin_on_bus(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s);

static const struct rtio_sim_bus_spec *spec_of(const struct rtio_iodev_sqe *s)
{
	return s->sqe.iodev->data;
}

const struct rtio_sim_bus_spec *rtio_sim_bus_spec_of(const struct rtio_sim_bus *bus)
{
	return spec_of(bus->head);
}

void rtio_sim_bus_note(struct rtio_sim_bus *bus, char event)
{
	if (bus->trace != NULL && bus->trace_len + 1 < bus->trace_size) {
		bus->trace[bus->trace_len++] = event;
		bus->trace[bus->trace_len] = '\0';
	}
}

enum rtio_sim_fault rtio_sim_bus_position(struct rtio_sim_bus *bus)
{
	bus->positions++;
	if (bus->fault == RTIO_SIM_FAULT_NONE || bus->positions != bus->fault_at) {
		return RTIO_SIM_FAULT_NONE;
	}
	if (bus->fault == RTIO_SIM_FAULT_STUCK) {
		bus->held = bus->fault_held;
	}
	return bus->fault;
}

struct rtio_sim_target *rtio_sim_bus_find(const struct rtio_sim_bus *bus, uint16_t address)
{
	struct rtio_sim_target *target = bus->targets;

	while (target != NULL && target->address != address) {
		target = target->next;
	}
	return target;
}

uint32_t rtio_sim_bus_len(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s)
{
	switch (s->sqe.op) {
	case RTIO_OP_TX:
		return s->sqe.tx.buf_len;
	case RTIO_OP_TINY_TX:
		return s->sqe.tiny_tx.buf_len;
	case RTIO_OP_TXRX:
		return s->sqe.txrx.buf_len;
	case RTIO_OP_RX:
		/* From the pool, without a length: what the device is said to have. */
		return s->sqe.rx.buf == NULL && s->sqe.rx.buf_len == 0
			       ? rtio_sim_bus_spec_of(bus)->pool_len
			       : s->sqe.rx.buf_len;
	default:
		return 0;
	}
}

void rtio_sim_bus_close(struct rtio_sim_bus *bus)
{
	if (bus->open != NULL && (bus->held == 0 || !bus->wires->held_for_good)) {
		rtio_sim_bus_note(bus, 'P');
		bus->open->api->stop(bus->open);
		bus->open = NULL;
	}
}

/* The request is over, with @p result. Context: who has it. */
static void end_on_bus(struct rtio_sim_bus *bus, int result)
{
	struct rtio_iodev_sqe *next;
	struct rtio_iodev_sqe *s;
	k_spinlock_key_t key;

	rtio_sim_bus_close(bus);
	key = k_spin_lock(&bus->lock);
	s = bus->head;
	bus->head = NULL;
	bus->phase = PHASE_IDLE;
	k_spin_unlock(&bus->lock, key);
	/* Before the answer: who has it may count on an idle bus. */
	next = rtio_iodev_queue_next(&bus->queue);
	if (result < 0) {
		rtio_iodev_sqe_err(s, result);
	} else {
		rtio_iodev_sqe_ok(s, result);
	}
	if (next != NULL) {
		begin_on_bus(bus, next);
	}
}

/* Wait for @p us microseconds. Context: who has the request, and has it no longer. */
static void wait_us(struct rtio_sim_bus *bus, uint64_t us)
{
	int64_t due = rtio_sim_now() + (int64_t)us;
	k_spinlock_key_t key = k_spin_lock(&bus->lock);
	bool stop = bus->stop;

	if (!stop) {
		bus->phase = PHASE_MOVING;
		bus->due = due;
#ifdef CONFIG_MULTITHREADING
		if (bus->thread == NULL) {
			rtio_sim_timer_start(&bus->timer, due);
		}
#else
		rtio_sim_timer_start(&bus->timer, due);
#endif
	}
	k_spin_unlock(&bus->lock, key);
#ifdef CONFIG_MULTITHREADING
	if (!stop && bus->thread != NULL) {
		k_sem_give(&bus->changed);
	}
#endif
	if (stop) {
		end_on_bus(bus, -ECANCELED);
	}
}

static void wait_for_message(struct rtio_sim_bus *bus)
{
	wait_us(bus, DIV_ROUND_UP(bus->wires->duration(bus, bus->member), 1000U));
}

static void begin_on_bus(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&bus->lock);

	bus->head = s;
	bus->phase = PHASE_BUSY;
	/* A cancel that came before it could find it here has marked it. */
	bus->stop = rtio_iodev_sqe_is_canceled(s);
	k_spin_unlock(&bus->lock, key);
	bus->member = s;
	bus->timing_out = false;
	wait_for_message(bus);
}

/* Nothing goes on. */
static void hang(struct rtio_sim_bus *bus)
{
	k_spinlock_key_t key = k_spin_lock(&bus->lock);
	bool stop = bus->stop;

	if (!stop) {
		bus->phase = PHASE_HUNG;
	}
	k_spin_unlock(&bus->lock, key);
	if (stop) {
		end_on_bus(bus, -ECANCELED);
	}
}

/* The message whose time is over. Context: who has the request. */
static void message(struct rtio_sim_bus *bus)
{
	struct rtio_iodev_sqe *s = bus->member;
	struct rtio_iodev_sqe *next = rtio_txn_next(s);
	uint32_t len = rtio_sim_bus_len(bus, s);
	int result;

	if (rtio_iodev_sqe_is_canceled(s)) {
		end_on_bus(bus, -ECANCELED);
		return;
	}
	result = bus->wires->message(bus, s);
	if (result == RTIO_SIM_HANGS) {
		hang(bus);
	} else if (result == -ETIMEDOUT) {
		bus->timing_out = true;
		wait_us(bus, RTIO_SIM_BUS_TIMEOUT_US);
	} else if (result < 0 || next == NULL) {
		end_on_bus(bus, result);
	} else if ((uint32_t)result < len) {
		end_on_bus(bus, -EIO);
	} else {
		bus->member = next;
		wait_for_message(bus);
	}
}

/* The time may be over. Context: ISR, or the thread of the bus. */
static void look_at_queue(struct rtio_sim_bus *bus)
{
	int64_t now = rtio_sim_now();
	k_spinlock_key_t key = k_spin_lock(&bus->lock);
	bool mine = bus->phase == PHASE_MOVING && bus->due <= now;

	if (mine) {
		bus->phase = PHASE_BUSY;
	}
	k_spin_unlock(&bus->lock, key);
	if (!mine) {
		return;
	}
	if (bus->timing_out) {
		end_on_bus(bus, -ETIMEDOUT);
	} else {
		message(bus);
	}
}

static void bus_expired(struct rtio_sim_timer *timer)
{
	look_at_queue(CONTAINER_OF(timer, struct rtio_sim_bus, timer));
}

static void sim_bus_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_sim_bus *bus = spec_of(s)->bus;

	if (rtio_iodev_queue_put(&bus->queue, s)) {
		begin_on_bus(bus, s);
	}
}

static void sim_bus_cancel(struct rtio_iodev_sqe *s)
{
	struct rtio_sim_bus *bus = spec_of(s)->bus;
	bool mine = false;
	k_spinlock_key_t key;

	if (rtio_iodev_queue_cancel(&bus->queue, s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
		return;
	}
	key = k_spin_lock(&bus->lock);
	if (bus->head == s) {
		bus->stop = true;
		mine = bus->phase != PHASE_BUSY;
		if (mine) {
			bus->phase = PHASE_BUSY;
			rtio_sim_timer_stop(&bus->timer);
		}
	}
	k_spin_unlock(&bus->lock, key);
	if (mine) {
		end_on_bus(bus, -ECANCELED);
	}
}

const struct rtio_iodev_api rtio_sim_bus_iodev_api = {.submit = sim_bus_submit,
						      .cancel = sim_bus_cancel};

/* ---- setting up ------------------------------------------------------------------------------ */

void rtio_sim_bus_init(struct rtio_sim_bus *bus, const struct rtio_sim_bus_wires *wires,
		       uint32_t hz)
{
	memset(bus, 0, sizeof(*bus));
	bus->wires = wires;
	bus->hz = hz;
	bus->fault_held = 1;
	bus->timer.expired = bus_expired;
}

int rtio_sim_bus_attach(struct rtio_sim_bus *bus, struct rtio_sim_target *target, uint16_t address)
{
	if (rtio_sim_bus_find(bus, address) != NULL) {
		return -EALREADY;
	}
	target->address = address;
	target->next = bus->targets;
	bus->targets = target;
	return 0;
}

void rtio_sim_bus_fault(struct rtio_sim_bus *bus, enum rtio_sim_fault fault, uint32_t at)
{
	bus->fault = fault;
	bus->fault_at = bus->positions + at;
}

void rtio_sim_bus_heal(struct rtio_sim_bus *bus)
{
	bus->fault = RTIO_SIM_FAULT_NONE;
	bus->fault_held = 1;
	bus->held = 0;
	rtio_sim_bus_close(bus);
}

void rtio_sim_bus_trace(struct rtio_sim_bus *bus, char *text, uint32_t size)
{
	bus->trace = text;
	bus->trace_size = size;
	bus->trace_len = 0;
	if (text != NULL) {
		text[0] = '\0';
	}
}

#ifdef CONFIG_MULTITHREADING

static void sim_bus_serves(void *p1, void *p2, void *p3)
{
	struct rtio_sim_bus *bus = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		k_spinlock_key_t key = k_spin_lock(&bus->lock);
		bool moving = bus->phase == PHASE_MOVING;
		int64_t due = bus->due;

		k_spin_unlock(&bus->lock, key);
		if (moving && due <= rtio_sim_now()) {
			look_at_queue(bus);
			continue;
		}
		(void)k_sem_take(&bus->changed,
				 moving ? K_TIMEOUT_ABS_TICKS(k_us_to_ticks_ceil64((uint64_t)due))
					: K_FOREVER);
	}
}

int rtio_sim_bus_serve(struct rtio_sim_bus *bus, struct k_thread *thread, k_thread_stack_t *stack,
		       size_t stack_size)
{
	(void)k_sem_init(&bus->changed, 0, 1);
	if (k_thread_create(thread, stack, stack_size, sim_bus_serves, bus, NULL, NULL,
			    K_HIGHEST_THREAD_PRIO, 0, K_NO_WAIT) == NULL) {
		return -EAGAIN;
	}
	bus->thread = thread;
	return 0;
}

#endif
