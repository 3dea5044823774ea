/* SPDX-License-Identifier: Apache-2.0 */
/** @file The model of the radio. */
#include <zephyr/rtio/sim/radio.h>

static struct rtio_sim_radio *radio_of(struct rtio_sim_target *target)
{
	return CONTAINER_OF(target, struct rtio_sim_radio, target);
}

static uint8_t status_of(const struct rtio_sim_radio *radio)
{
	return (uint8_t)(RADIO_STATUS_ALIVE | (radio->count > 0 ? RADIO_STATUS_SENDING : 0) |
			 (radio->count == RTIO_SIM_RADIO_QUEUE ? RADIO_STATUS_FULL : 0) |
			 (radio->lost_flag ? RADIO_STATUS_LOST : 0));
}

/* The oldest frame goes into the air. Radio locked. */
static void send_first(struct rtio_sim_radio *radio)
{
	uint32_t len = radio->queue[radio->first].len;

	rtio_sim_timer_start(&radio->timer, rtio_sim_now() + (int64_t)radio->air_us +
						    (int64_t)radio->byte_us * len);
}

/* It has arrived. */
static void radio_expired(struct rtio_sim_timer *timer)
{
	struct rtio_sim_radio *radio = CONTAINER_OF(timer, struct rtio_sim_radio, timer);
	uint8_t frame[RTIO_SIM_RADIO_FRAME_MAX];
	k_spinlock_key_t key = k_spin_lock(&radio->lock);
	uint32_t len = radio->queue[radio->first].len;

	if (radio->count == 0) {
		k_spin_unlock(&radio->lock, key);
		return;
	}
	memcpy(frame, radio->queue[radio->first].data, len);
	radio->first = (radio->first + 1) % RTIO_SIM_RADIO_QUEUE;
	radio->count--;
	radio->sent++;
	if (radio->count > 0) {
		send_first(radio);
	}
	k_spin_unlock(&radio->lock, key);
	if (radio->receiver != NULL) {
		radio->receiver(radio->arg, frame, len);
	}
}

static bool radio_start(struct rtio_sim_target *target, bool read)
{
	struct rtio_sim_radio *radio = radio_of(target);

	ARG_UNUSED(read);
	radio->commanded = false;
	radio->len = 0;
	return true;
}

/* Radio locked. */
static void obey(struct rtio_sim_radio *radio, uint8_t command)
{
	radio->command = command;
	if (command == RADIO_RESET) {
		radio->count = MIN(radio->count, 1U);
		radio->lost_flag = false;
	}
}

static uint8_t radio_exchange(struct rtio_sim_target *target, uint8_t byte)
{
	struct rtio_sim_radio *radio = radio_of(target);
	k_spinlock_key_t key = k_spin_lock(&radio->lock);
	uint8_t status = status_of(radio);

	if (!radio->commanded) {
		radio->commanded = true;
		obey(radio, byte);
	} else if (radio->command == RADIO_SEND && radio->len <= RTIO_SIM_RADIO_FRAME_MAX) {
		if (radio->len < RTIO_SIM_RADIO_FRAME_MAX) {
			radio->incoming[radio->len] = byte;
		}
		radio->len++;
	}
	k_spin_unlock(&radio->lock, key);
	return status;
}

static void radio_stop(struct rtio_sim_target *target)
{
	struct rtio_sim_radio *radio = radio_of(target);
	k_spinlock_key_t key = k_spin_lock(&radio->lock);

	if (radio->len > RTIO_SIM_RADIO_FRAME_MAX ||
	    (radio->len > 0 && radio->count == RTIO_SIM_RADIO_QUEUE)) {
		radio->lost++;
		radio->lost_flag = true;
	} else if (radio->len > 0) {
		uint32_t place = (radio->first + radio->count++) % RTIO_SIM_RADIO_QUEUE;

		radio->queue[place].len = radio->len;
		memcpy(radio->queue[place].data, radio->incoming, radio->len);
		if (radio->count == 1) {
			send_first(radio);
		}
	}
	k_spin_unlock(&radio->lock, key);
}

static const struct rtio_sim_target_api radio_api = {
	.start = radio_start,
	.exchange = radio_exchange,
	.stop = radio_stop,
};

void rtio_sim_radio_init(struct rtio_sim_radio *radio, uint32_t air_us, uint32_t byte_us,
			 rtio_sim_radio_receiver_t receiver, void *arg)
{
	memset(radio, 0, sizeof(*radio));
	radio->target.api = &radio_api;
	radio->timer.expired = radio_expired;
	radio->air_us = air_us;
	radio->byte_us = byte_us;
	radio->receiver = receiver;
	radio->arg = arg;
}
