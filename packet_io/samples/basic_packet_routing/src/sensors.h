/* SPDX-License-Identifier: Apache-2.0 */
/** @file Two sensors, each a thread that makes records at a rate of its own. */
#ifndef BASIC_PACKET_ROUTING_SENSORS_H_
#define BASIC_PACKET_ROUTING_SENSORS_H_

#include <zephyr/packet_io/packet_io.h>

/** Buffers that each sensor has for its records. */
#define SENSOR_BUFFERS 32U

/** Records out. */
PACKET_SOURCE_DECLARE(sensor1);
PACKET_SOURCE_DECLARE(sensor2);

/** What the sensors are told. */
struct sensors_plan {
	uint64_t millihertz; /**< rate of sensor1; sensor2 makes a quarter of that */
	uint64_t count;     /**< records of both together, then they end; 0: until sensors_stop() */
	void (*done)(void); /**< called by the last sensor that ends, in its thread */
};

/** Start both threads. @return 0, -EAGAIN if the system has no room for them. */
int sensors_start(const struct sensors_plan *plan);

/**
 * Ask both to end and wait until they have.
 * Blocks: while a sensor waits for a buffer to come home.
 */
void sensors_stop(void);

/** @return whether both have made all they were to make. Context: any. */
bool sensors_done(void);

/** @return records that sensor number @p sensor has sent. Context: any. */
uint32_t sensors_sent(uint8_t sensor);

/** @return how often a sensor found all its buffers in use and had to wait. Context: any. */
uint32_t sensors_waits(void);

/** @return the pool of sensor number @p sensor. */
struct net_buf_pool *sensors_pool(uint8_t sensor);

#endif /* BASIC_PACKET_ROUTING_SENSORS_H_ */
