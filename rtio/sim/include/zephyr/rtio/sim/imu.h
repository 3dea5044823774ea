/* SPDX-License-Identifier: Apache-2.0 */
/** @file A model of an IMU with the registers of imu6_regs.h, for an I2C or an SPI bus. */
#ifndef ZEPHYR_RTIO_SIM_IMU_H_
#define ZEPHYR_RTIO_SIM_IMU_H_

#include <zephyr/rtio/sim/bus.h>
#include <zephyr/rtio/imu6_regs.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the IMU measures as sample number @p n, from 0. Context: any; the model is locked. */
typedef void (*rtio_sim_imu_motion_t)(uint32_t n, int16_t axes[IMU_AXES]);

struct rtio_sim_imu {
	struct rtio_sim_target target;
	struct k_spinlock lock; /**< guards the rest, but for what is set up */
	struct rtio_sim_timer timer;
	rtio_sim_imu_motion_t motion; /**< set up */
	struct port_irq *irq;         /**< its interrupt line, or NULL; set up */
	uint8_t *fifo;                /**< set up */
	uint32_t depth;               /**< frames of it; set up */
	uint32_t first;               /**< frame of it that is the oldest */
	uint32_t count;               /**< frames in it */
	uint32_t at;                  /**< bytes of the oldest that have been read since START */
	uint32_t samples;             /**< that were taken */
	uint32_t lost;                /**< of those, that found the FIFO full */
	uint32_t clock_ahead;         /**< what its clock shows at the moment 0 of ours */
	int64_t due;                  /**< when the next sample is taken */
	uint32_t reg;                 /**< the register that comes next */
	bool addressed;               /**< the number of a register has come since START */
	bool spi_read;
	uint8_t status;
	uint8_t control;
	uint8_t range;
	uint8_t watermark;
	uint16_t period;
	uint8_t frozen[6]; /**< COUNT and CLOCK as of when STATUS was read */
	uint8_t latest[IMU_SAMPLE_SIZE];
	uint32_t swallow_irqs; /**< fault: interrupts that do not come */
};

/** What the IMU measures unless told otherwise: axis i of sample n is n * 10 + i - 300. */
void rtio_sim_imu_ramp(uint32_t n, int16_t axes[IMU_AXES]);

/** Make an IMU of *@p imu, with @p fifo, of IMU_FRAME_SIZE bytes for each of @p depth frames. */
void rtio_sim_imu_init(struct rtio_sim_imu *imu, uint8_t *fifo, uint32_t depth,
		       struct port_irq *irq);

/** Take a sample now, whether it runs or not. Context: any. */
void rtio_sim_imu_sample(struct rtio_sim_imu *imu);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_IMU_H_ */
