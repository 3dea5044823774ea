/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A simulated bus: a controller that moves the bytes of one request after the other to and from
 * models of devices, in the time that the wires take, and fails where a test wants it to.
 *
 * Requests wait in the order of rtio_iodev_queue. A transaction has the bus for itself. Each of its
 * members is one message, whose bytes move at the end of the time that they take; then either a timer's
 * interrupt goes on (which is what happens on a microcontroller, too), or a thread of the bus. A
 * request that is cancelled ends at once, in the middle of a message, whose bytes have then not moved.
 *
 * What a request ends with: the bytes of the last message, so of a write of an address and a read, what
 * was read; or
 *   -ENXIO      nobody has acknowledged the address
 *   -EIO        a byte was not acknowledged, or a message that is not the last one fell short
 *   -ETIMEDOUT  a line has been held for RTIO_SIM_BUS_TIMEOUT_US
 *   -EBUSY      a line is still held: the bus needs to be recovered
 *   -ENOMEM     there is no memory for what is read
 *   -EINVAL     no such operation on this bus
 *   -ECANCELED  as everywhere
 */
#ifndef ZEPHYR_RTIO_SIM_BUS_H_
#define ZEPHYR_RTIO_SIM_BUS_H_

#include <zephyr/rtio/prio_queue.h>
#include <zephyr/rtio/rtio.h>
#include <zephyr/rtio/sim/timer.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rtio_sim_bus;
struct rtio_sim_target;

/** How long a controller waits for a line that is held. */
#define RTIO_SIM_BUS_TIMEOUT_US 25000

/**
 * A model of a device on a bus: what it does as the wires change. The bus makes one call at a time,
 * with no lock held. Context: ISR, or the thread of the bus.
 */
struct rtio_sim_target_api {
	/** I2C: its address, after a (repeated) START. @return whether it acknowledges. SPI: selected. */
	bool (*start)(struct rtio_sim_target *target, bool read);
	/** I2C: a byte for it. @return whether it acknowledges. */
	bool (*write)(struct rtio_sim_target *target, uint8_t byte);
	/** I2C: a byte from it. */
	uint8_t (*read)(struct rtio_sim_target *target);
	/** SPI: a byte each way. */
	uint8_t (*exchange)(struct rtio_sim_target *target, uint8_t byte);
	/** I2C: STOP. SPI: not selected any more. */
	void (*stop)(struct rtio_sim_target *target);
};

/** What every model begins with. */
struct rtio_sim_target {
	const struct rtio_sim_target_api *api;
	struct rtio_sim_target *next; /**< the bus's */
	uint16_t address;             /**< I2C: address. SPI: number of the chip select */
};

/** What can go wrong. A position is an address (SPI: a selection) or a byte. */
enum rtio_sim_fault {
	RTIO_SIM_FAULT_NONE,
	RTIO_SIM_FAULT_NACK,  /**< it is not acknowledged; of a byte read: the controller fails */
	RTIO_SIM_FAULT_SHORT, /**< the message ends before it; of an address: with no byte */
	RTIO_SIM_FAULT_STUCK, /**< a line is held from here on. I2C: until recovery. SPI: bytes read are 0 */
	RTIO_SIM_FAULT_HANG,  /**< nothing goes on, until the request is cancelled */
	RTIO_SIM_FAULT_NOISE, /**< the lowest bit of a byte flips; not of an address */
};

/** What a kind of bus does. */
struct rtio_sim_bus_wires {
	/** @return nanoseconds that message @p s takes. */
	uint64_t (*duration)(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s);
	/** Move the bytes of message @p s. @return how many; negative errno; RTIO_SIM_HANGS. */
	int (*message)(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s);
	bool held_for_good; /**< while a line is held there can be no STOP */
};
#define RTIO_SIM_HANGS INT32_MIN

/** A bus. Made by rtio_sim_i2c_init() or rtio_sim_spi_init(). */
struct rtio_sim_bus {
	const struct rtio_sim_bus_wires *wires; /**< constant */
	struct rtio_sim_target *targets;        /**< set up before the first request */
	struct rtio_iodev_queue queue;
	struct rtio_sim_timer timer;
	struct k_spinlock lock;      /**< guards phase, stop, head, due and what is armed */
	uint32_t phase;              /**< what happens to head; see bus.c */
	bool stop;                   /**< head is to end */
	struct rtio_iodev_sqe *head; /**< being done; NULL: none */
	int64_t due;                 /**< when its message, or the wait for a line, is over */

	/* Whoever made the phase "busy" has these. */
	struct rtio_iodev_sqe *member; /**< of head, whose message is next */
	struct rtio_sim_target *open;  /**< started and not stopped; NULL: none */
	bool reading;                  /**< the direction of the last START */
	bool timing_out;               /**< a line is held, and the controller waits */
	uint32_t hz;                   /**< bits in a second */
	uint32_t held; /**< pulses of the clock that free a line that is held; 0: none is */

	/* For tests, between requests. */
	enum rtio_sim_fault fault; /**< comes at the position of that number */
	uint32_t fault_at;
	uint32_t fault_held; /**< pulses that RTIO_SIM_FAULT_STUCK needs to be freed */
	uint32_t positions;  /**< so far */
	char *trace;         /**< what happens on the wires, or NULL; see rtio_sim_bus_trace() */
	uint32_t trace_size;
	uint32_t trace_len;

#ifdef CONFIG_MULTITHREADING
	struct k_thread *thread; /**< serves it; NULL: interrupts do */
	struct k_sem changed;    /**< for the thread: due is new */
#endif
};

/** A device on a bus, for requests: what RTIO_SIM_I2C_IODEV() and RTIO_SIM_SPI_IODEV() define. */
struct rtio_sim_bus_spec {
	struct rtio_sim_bus *bus;
	uint16_t address;
	uint32_t hz;       /**< SPI: bits in a second; 0: the bus's */
	uint32_t pool_len; /**< bytes that a read into memory of the pool asks for */
};

extern const struct rtio_iodev_api rtio_sim_bus_iodev_api;

/** Put @p target on @p bus. Context: before the first request. @return 0, -EALREADY if there is one. */
int rtio_sim_bus_attach(struct rtio_sim_bus *bus, struct rtio_sim_target *target, uint16_t address);

#ifdef CONFIG_MULTITHREADING
/**
 * Have @p thread serve @p bus, from now on and for good, in place of interrupts.
 * Context: thread, before the first request.   @return 0, -EAGAIN if there can be no more threads.
 */
int rtio_sim_bus_serve(struct rtio_sim_bus *bus, struct k_thread *thread, k_thread_stack_t *stack,
		       size_t stack_size);
#endif

/** Let @p fault come once, at position @p at from now on, counted from 1. Context: bus idle. */
void rtio_sim_bus_fault(struct rtio_sim_bus *bus, enum rtio_sim_fault fault, uint32_t at);

/** No fault is to come, and no line is held. Context: bus idle. */
void rtio_sim_bus_heal(struct rtio_sim_bus *bus);

/**
 * Note in @p text, @p size bytes, what happens on the wires, as a string; NULL: no longer. What does not
 * fit is left out.
 *     S START or select, R repeated START, w r x a byte written, read or both, N not acknowledged,
 *     P STOP or deselect, C nine pulses that free the bus
 */
void rtio_sim_bus_trace(struct rtio_sim_bus *bus, char *text, uint32_t size);

/* ---- for the kinds of bus -------------------------------------------------------------------- */

/** Set up what all have in common. @p bus is zeroed. */
void rtio_sim_bus_init(struct rtio_sim_bus *bus, const struct rtio_sim_bus_wires *wires,
		       uint32_t hz);

/** A position has come. @return the fault there. */
enum rtio_sim_fault rtio_sim_bus_position(struct rtio_sim_bus *bus);

/** @return the device at @p address, NULL if there is none. */
struct rtio_sim_target *rtio_sim_bus_find(const struct rtio_sim_bus *bus, uint16_t address);

/** Note @p event. */
void rtio_sim_bus_note(struct rtio_sim_bus *bus, char event);

/** @return the device that @p s, or the transaction that it is of, is for. */
const struct rtio_sim_bus_spec *rtio_sim_bus_spec_of(const struct rtio_sim_bus *bus);

/** @return the bytes that message @p s moves. */
uint32_t rtio_sim_bus_len(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s);

/** STOP, or deselect, if a device is open, and no line is held that would have to move. */
void rtio_sim_bus_close(struct rtio_sim_bus *bus);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_BUS_H_ */
