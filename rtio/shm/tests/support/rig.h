/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A server with simulated devices, a client in the same process, and turns by hand.
 */
#ifndef RTIO_SHM_TESTS_RIG_H_
#define RTIO_SHM_TESTS_RIG_H_

#include <zephyr/rtio/shm/client.h>
#include <zephyr/rtio/shm/server.h>
#include <zephyr/ztest.h>

#include "../../src/internal.h"
#include "sim.h"

#define RIG_ENTRIES 32U
#define RIG_DATA    6000U /* bytes; not a whole number of pages */

/* Indexes of the devices. */
#define RIG_FULL  0U /* everything */
#define RIG_OTHER 1U /* the same */
#define RIG_READ  2U /* RTIO_OP_RX only, no flags */
#define RIG_COUNT 3U

#define RIG_IODEV_FLAGS (RTIO_IODEV_I2C_STOP | RTIO_IODEV_I2C_RESTART)

extern struct rtio rig_context;
extern struct sim rig_devices[RIG_COUNT];
extern struct rtio_shm_server rig_server;
extern struct rtio_shm_client rig_client;

/* What a server for these devices is made of. */
extern const struct rtio_shm_config rig_config;

/* Open the server, and with a client in this process if @p client. For ZTEST_SUITE(): before, after. */
void rig_open(bool client);
void rig_before(void *fixture);
void rig_after(void *fixture);

/* Close everything; nothing is left of it anywhere. */
void rig_close(void);

/* Close and open again. */
void rig_again(void);

/* Let the client use the server's mapping, so that a thread sanitizer sees one memory. */
void rig_share(void);

/* Turns until there is nothing to do. @return 0, or how it ended. */
int rig_turns(void);

/* Expect the next completion of the client. */
void rig_expect(uint64_t userdata, int result);
void rig_expect_none(void);

/* What a client can do that does not use the library. */
struct rtio_shm_sqe rig_entry(uint8_t op, uint32_t tag, uint64_t userdata);
void rig_put(const struct rtio_shm_sqe *e);
/* The oldest completion. @return whether there is one. */
bool rig_get(struct rtio_shm_cqe *cqe);

/* File descriptors that this process has open, and mappings of an area. */
int rig_count_fds(void);
int rig_count_areas(void);

/* xorshift; never 0. */
uint32_t rig_random(uint32_t *state);

#endif /* RTIO_SHM_TESTS_RIG_H_ */
