/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A model of a radio on SPI that takes frames and sends them, one after the other.
 *
 * The first byte is a command; meanwhile, and with each command, the radio answers its status.
 *     RADIO_SEND    the bytes behind it, 1 to RTIO_SIM_RADIO_FRAME_MAX, are a frame when the radio is
 *                   deselected. It is lost if the queue is full, or if it is too long.
 *     RADIO_STATUS  nothing but the status
 *     RADIO_RESET   forget all frames that are not in the air, and RADIO_STATUS_LOST
 * A frame is in the air for `air_us` microseconds and `byte_us` for each byte, and then with the receiver.
 */
#ifndef ZEPHYR_RTIO_SIM_RADIO_H_
#define ZEPHYR_RTIO_SIM_RADIO_H_

#include <zephyr/rtio/sim/bus.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTIO_SIM_RADIO_FRAME_MAX 64
#define RTIO_SIM_RADIO_QUEUE     4

#define RADIO_STATUS 0x00U
#define RADIO_SEND   0x01U
#define RADIO_RESET  0x02U

#define RADIO_STATUS_SENDING 0x01U /* a frame is in the air */
#define RADIO_STATUS_FULL    0x02U /* there is no room for another */
#define RADIO_STATUS_LOST    0x04U /* one was lost since RADIO_RESET */
#define RADIO_STATUS_ALIVE   0x80U /* always */

/** Has a frame that was sent. Context: ISR. */
typedef void (*rtio_sim_radio_receiver_t)(void *arg, const uint8_t *frame, uint32_t len);

struct rtio_sim_radio {
	struct rtio_sim_target target;
	struct k_spinlock lock; /**< guards the rest, but for what is set up */
	struct rtio_sim_timer timer;
	rtio_sim_radio_receiver_t receiver; /**< set up; may be NULL */
	void *arg;                          /**< of the receiver; set up */
	uint32_t air_us;                    /**< set up */
	uint32_t byte_us;                   /**< set up */
	uint32_t sent;                      /**< frames so far */
	uint32_t lost;                      /**< frames that there was no room for */
	uint32_t first;                     /**< in the queue; it is in the air */
	uint32_t count;                     /**< in the queue */
	bool lost_flag;
	bool commanded; /**< the command has come since the radio was selected */
	uint8_t command;
	uint32_t len; /**< of the frame that comes; more than fits: it is too long */
	uint8_t incoming[RTIO_SIM_RADIO_FRAME_MAX];
	struct {
		uint32_t len;
		uint8_t data[RTIO_SIM_RADIO_FRAME_MAX];
	} queue[RTIO_SIM_RADIO_QUEUE];
};

/** Make a radio of *@p radio. */
void rtio_sim_radio_init(struct rtio_sim_radio *radio, uint32_t air_us, uint32_t byte_us,
			 rtio_sim_radio_receiver_t receiver, void *arg);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_RADIO_H_ */
