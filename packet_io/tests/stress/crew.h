/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A crew: threads that each do one piece of work over and over, all at once, for STRESS_MSEC
 * milliseconds. They stop in waves, so that those who make room outlast those who wait for it.
 */
#ifndef PACKET_IO_TESTS_CREW_H_
#define PACKET_IO_TESTS_CREW_H_

#include "packets.h"

#ifndef STRESS_MSEC
#define STRESS_MSEC 500
#endif

#define CREW_MAX   16
#define CREW_WAVES 3

/** One thread of the crew. */
struct crew_member {
	void (*work)(struct crew_member *me); /**< a piece of work; returns soon */
	void *arg;                            /**< for it */
	uint32_t random;                      /**< state of crew_random(); its own */
	uint32_t rounds;                      /**< pieces done; read when crew_run() has returned */
	unsigned int wave;                    /**< with whom it stops */
	struct k_thread thread;
};

/** Hire a thread that stops with @p wave, 0 first. Its work begins in crew_run(). */
struct crew_member *crew_add(unsigned int wave, void (*work)(struct crew_member *me), void *arg);

/** Let all of them work, end them, and forget them. */
void crew_run(void);

/** The same, for as much longer as it takes until *@p seen is not 0: what is rare may need it. 20 s at most. */
void crew_run_until(atomic_t *seen);

/** @return a number from 0 to @p below - 1. */
uint32_t crew_random(struct crew_member *me, uint32_t below);

/** The same for code that several threads and ISRs run at once. */
uint32_t shared_random(uint32_t below);

#endif /* PACKET_IO_TESTS_CREW_H_ */
