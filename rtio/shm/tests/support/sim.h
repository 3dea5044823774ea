/* SPDX-License-Identifier: Apache-2.0 */
/** @file A device that trusts nobody: it looks whether what it is given lies in the shared data. */
#ifndef RTIO_SHM_TESTS_SIM_H_
#define RTIO_SHM_TESTS_SIM_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/rtio.h>

#define SIM_HELD  64
#define SIM_STORE 256

/** Keeps what is written, and gives it back to who reads. */
struct sim {
	struct rtio_iodev iodev;
	bool later;         /* requests stay until sim_end(); else they end in submit() */
	bool deaf;          /* does not stop what is cancelled */
	const uint8_t *low; /* where buffers may lie */
	const uint8_t *high;
	struct k_spinlock lock; /* guards the rest */
	uint32_t started;
	uint32_t members; /* of transactions and single requests */
	uint32_t outside; /* buffers, or other things, that should not have come here */
	uint32_t asked;   /* calls of cancel() */
	uint32_t count;
	struct rtio_iodev_sqe *held[SIM_HELD];
	uint32_t config;      /* of the last RTIO_OP_I2C_CONFIGURE */
	uint32_t iodev_flags; /* of the last request */
	uint8_t prio;
	uint8_t tiny_len;
	uint8_t store[SIM_STORE];
};

void sim_init(struct sim *dev);

/* End the oldest request held. @return whether there was one. */
bool sim_end(struct sim *dev, int result);

#endif /* RTIO_SHM_TESTS_SIM_H_ */
