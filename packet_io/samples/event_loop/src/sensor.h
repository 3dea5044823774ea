/* SPDX-License-Identifier: Apache-2.0 */
/** @file A thread that makes a reading each few milliseconds: a line of text in a packet. */
#ifndef SENSOR_H_
#define SENSOR_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/packet_io/packet_io.h>

PACKET_SOURCE_DECLARE(readings);

/** Start it; a reading each @p interval_ms. @return 0 or -errno. */
int sensor_start(uint32_t interval_ms);

/**
 * Stop it. *@p lost_readings is how many found no buffer or no place in the queue.
 * @return how many readings it has made.
 */
uint32_t sensor_stop(uint32_t *lost_readings);

/** @return whether every buffer is home. */
bool sensor_buffers_home(void);

#endif /* SENSOR_H_ */
