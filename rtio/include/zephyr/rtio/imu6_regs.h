/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Registers of the IMU that rtio/sim has a model of and rtio/sensor a driver: six axes, a FIFO, an interrupt at a watermark. Of our own design.
 *
 * I2C: the first byte written is the number of a register; bytes written behind it, or read, are those
 * of that register and of the following ones. SPI: the first byte is the number, with IMU_SPI_READ to
 * read; the bytes behind it are the registers'. Numbers do not go on behind IMU_REG_FIFO.
 *
 * All that has several bytes has the lowest first. What is not listed reads 0 and cannot be written.
 */
#ifndef ZEPHYR_RTIO_IMU6_REGS_H_
#define ZEPHYR_RTIO_IMU6_REGS_H_

#define IMU_SPI_READ 0x80U

#define IMU_REG_ID     0x00U /* IMU_ID */
#define IMU_REG_STATUS 0x01U /* IMU_STATUS_...; reading it freezes COUNT and CLOCK until it is read again */
#define IMU_REG_COUNT  0x02U /* 2 bytes: frames in the FIFO */
#define IMU_REG_CLOCK  0x04U /* 4 bytes: microseconds, going round */
#define IMU_REG_CONTROL 0x08U /* written: IMU_CONTROL_... */
#define IMU_REG_RANGE  0x09U /* written: bits 1..0 acceleration, 2, 4, 8, 16 g; 3..2 rate, 250, 500, 1000, 2000 degrees/s */
#define IMU_REG_PERIOD 0x0aU /* 2 bytes, written: microseconds from sample to sample */
#define IMU_REG_WATERMARK 0x0cU /* written: frames, 1 to 255 */
#define IMU_REG_LATEST 0x10U /* 12 bytes: the newest sample */
#define IMU_REG_FIFO   0x40U /* the oldest frame, which goes when its last byte has been read */

#define IMU_ID 0x6aU

#define IMU_STATUS_WATERMARK 0x01U /* as many frames as the watermark, or more */
#define IMU_STATUS_OVERRUN   0x02U /* the FIFO was full, and samples are lost; reading it clears it */

#define IMU_CONTROL_RUN   0x01U /* sample */
#define IMU_CONTROL_EMPTY 0x02U /* empty the FIFO; reads 0 */
#define IMU_CONTROL_IRQ   0x04U /* interrupt with each sample that finds the watermark reached */

/* A frame: CLOCK when it was taken, then accelerations along x, y, z, rates around x, y, z, 16 bit, signed. */
#define IMU_FRAME_SIZE 16U
#define IMU_SAMPLE_SIZE 12U
#define IMU_AXES 6U

/* What an empty FIFO reads. */
#define IMU_NO_DATA 0xffU

#endif /* ZEPHYR_RTIO_IMU6_REGS_H_ */
