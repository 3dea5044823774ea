/* SPDX-License-Identifier: Apache-2.0 */
/** @file The model of the IMU. */
#include <zephyr/rtio/sim/imu.h>
#include <zephyr/sys/byteorder.h>

static struct rtio_sim_imu *imu_of(struct rtio_sim_target *target)
{
	return CONTAINER_OF(target, struct rtio_sim_imu, target);
}

static uint32_t device_clock(const struct rtio_sim_imu *imu, int64_t now)
{
	return (uint32_t)now + imu->clock_ahead;
}

void rtio_sim_imu_ramp(uint32_t n, int16_t axes[IMU_AXES])
{
	for (uint32_t i = 0; i < IMU_AXES; i++) {
		axes[i] = (int16_t)(n * 10 + i - 300);
	}
}

/* ---- samples --------------------------------------------------------------------------------- */

static bool at_watermark(const struct rtio_sim_imu *imu)
{
	return imu->watermark != 0 && imu->count >= imu->watermark;
}

/* A sample of the moment @p now. IMU locked. @return whether it interrupts. */
static bool take_frame(struct rtio_sim_imu *imu, int64_t now)
{
	int16_t axes[IMU_AXES];

	imu->motion(imu->samples++, axes);
	for (uint32_t i = 0; i < IMU_AXES; i++) {
		sys_put_le16((uint16_t)axes[i], &imu->latest[2 * i]);
	}
	if (imu->count == imu->depth) {
		imu->lost++;
		imu->status |= IMU_STATUS_OVERRUN;
	} else {
		uint32_t place = (imu->first + imu->count++) % imu->depth;
		uint8_t *frame = &imu->fifo[place * IMU_FRAME_SIZE];

		sys_put_le32(device_clock(imu, now), frame);
		memcpy(&frame[4], imu->latest, IMU_SAMPLE_SIZE);
	}
	if (!at_watermark(imu) || (imu->control & IMU_CONTROL_IRQ) == 0 || imu->irq == NULL) {
		return false;
	}
	if (imu->swallow_irqs > 0) {
		imu->swallow_irqs--;
		return false;
	}
	return true;
}

static void imu_expired(struct rtio_sim_timer *timer)
{
	struct rtio_sim_imu *imu = CONTAINER_OF(timer, struct rtio_sim_imu, timer);
	int64_t now = rtio_sim_now();
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	bool interrupts = false;

	/* As many as are due: a tick can be longer than the period. */
	while ((imu->control & IMU_CONTROL_RUN) != 0 && imu->due <= now) {
		interrupts = take_frame(imu, imu->due) || interrupts;
		imu->due += imu->period;
	}
	if ((imu->control & IMU_CONTROL_RUN) != 0) {
		rtio_sim_timer_start(timer, imu->due);
	}
	k_spin_unlock(&imu->lock, key);
	if (interrupts) {
		port_irq_raise(imu->irq);
	}
}

void rtio_sim_imu_sample(struct rtio_sim_imu *imu)
{
	int64_t now = rtio_sim_now();
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	bool interrupts = take_frame(imu, now);

	k_spin_unlock(&imu->lock, key);
	if (interrupts) {
		port_irq_raise(imu->irq);
	}
}

/* ---- registers ------------------------------------------------------------------------------- */

static void freeze(struct rtio_sim_imu *imu)
{
	sys_put_le16((uint16_t)imu->count, &imu->frozen[0]);
	sys_put_le32(device_clock(imu, rtio_sim_now()), &imu->frozen[2]);
}

static uint8_t read_fifo(struct rtio_sim_imu *imu)
{
	uint8_t byte;

	if (imu->count == 0) {
		return IMU_NO_DATA;
	}
	byte = imu->fifo[imu->first * IMU_FRAME_SIZE + imu->at++];
	if (imu->at == IMU_FRAME_SIZE) {
		imu->at = 0;
		imu->first = (imu->first + 1) % imu->depth;
		imu->count--;
	}
	return byte;
}

static uint8_t read_status(struct rtio_sim_imu *imu)
{
	uint8_t status = imu->status | (at_watermark(imu) ? IMU_STATUS_WATERMARK : 0);

	imu->status = 0;
	freeze(imu);
	return status;
}

static uint8_t read_register(struct rtio_sim_imu *imu, uint32_t reg)
{
	switch (reg) {
	case IMU_REG_ID:
		return IMU_ID;
	case IMU_REG_STATUS:
		return read_status(imu);
	case IMU_REG_CONTROL:
		return imu->control;
	case IMU_REG_RANGE:
		return imu->range;
	case IMU_REG_PERIOD:
		return (uint8_t)imu->period;
	case IMU_REG_PERIOD + 1:
		return (uint8_t)(imu->period >> 8);
	case IMU_REG_WATERMARK:
		return imu->watermark;
	case IMU_REG_FIFO:
		return read_fifo(imu);
	default:
		break;
	}
	if (reg >= IMU_REG_COUNT && reg < IMU_REG_COUNT + sizeof(imu->frozen)) {
		return imu->frozen[reg - IMU_REG_COUNT];
	}
	if (reg >= IMU_REG_LATEST && reg < IMU_REG_LATEST + sizeof(imu->latest)) {
		return imu->latest[reg - IMU_REG_LATEST];
	}
	return 0;
}

static void write_control(struct rtio_sim_imu *imu, uint8_t value)
{
	bool ran = (imu->control & IMU_CONTROL_RUN) != 0;

	imu->control = value & (IMU_CONTROL_RUN | IMU_CONTROL_IRQ);
	if ((value & IMU_CONTROL_EMPTY) != 0) {
		imu->count = 0;
		imu->at = 0;
	}
	if ((value & IMU_CONTROL_RUN) == 0) {
		rtio_sim_timer_stop(&imu->timer);
	} else if (!ran && imu->period != 0) {
		imu->due = rtio_sim_now() + imu->period;
		rtio_sim_timer_start(&imu->timer, imu->due);
	}
}

static void write_register(struct rtio_sim_imu *imu, uint32_t reg, uint8_t value)
{
	switch (reg) {
	case IMU_REG_CONTROL:
		write_control(imu, value);
		break;
	case IMU_REG_RANGE:
		imu->range = value & 0x0fU;
		break;
	case IMU_REG_PERIOD:
		imu->period = (uint16_t)((imu->period & 0xff00U) | value);
		break;
	case IMU_REG_PERIOD + 1:
		imu->period = (uint16_t)((imu->period & 0xffU) | (uint32_t)value << 8);
		break;
	case IMU_REG_WATERMARK:
		imu->watermark = value;
		break;
	default:
		break;
	}
}

/* @return the register of this byte. */
static uint32_t next_register(struct rtio_sim_imu *imu)
{
	uint32_t reg = imu->reg;

	if (reg != IMU_REG_FIFO) {
		imu->reg++;
	}
	return reg;
}

/* ---- on the bus ------------------------------------------------------------------------------ */

static bool imu_start(struct rtio_sim_target *target, bool read)
{
	struct rtio_sim_imu *imu = imu_of(target);
	k_spinlock_key_t key = k_spin_lock(&imu->lock);

	imu->addressed = read;
	imu->at = 0;
	k_spin_unlock(&imu->lock, key);
	return true;
}

static bool imu_write_byte(struct rtio_sim_target *target, uint8_t byte)
{
	struct rtio_sim_imu *imu = imu_of(target);
	k_spinlock_key_t key = k_spin_lock(&imu->lock);

	if (!imu->addressed) {
		imu->addressed = true;
		imu->reg = byte;
	} else {
		write_register(imu, next_register(imu), byte);
	}
	k_spin_unlock(&imu->lock, key);
	return true;
}

static uint8_t imu_read_byte(struct rtio_sim_target *target)
{
	struct rtio_sim_imu *imu = imu_of(target);
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	uint8_t byte = read_register(imu, next_register(imu));

	k_spin_unlock(&imu->lock, key);
	return byte;
}

static uint8_t imu_exchange(struct rtio_sim_target *target, uint8_t byte)
{
	struct rtio_sim_imu *imu = imu_of(target);
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	uint8_t answer = 0;

	if (!imu->addressed) {
		imu->addressed = true;
		imu->spi_read = (byte & IMU_SPI_READ) != 0;
		imu->reg = byte & ~IMU_SPI_READ;
	} else if (imu->spi_read) {
		answer = read_register(imu, next_register(imu));
	} else {
		write_register(imu, next_register(imu), byte);
	}
	k_spin_unlock(&imu->lock, key);
	return answer;
}

static void imu_stop(struct rtio_sim_target *target)
{
	ARG_UNUSED(target);
}

static const struct rtio_sim_target_api imu_api = {
	.start = imu_start,
	.write = imu_write_byte,
	.read = imu_read_byte,
	.exchange = imu_exchange,
	.stop = imu_stop,
};

void rtio_sim_imu_init(struct rtio_sim_imu *imu, uint8_t *fifo, uint32_t depth,
		       struct port_irq *irq)
{
	memset(imu, 0, sizeof(*imu));
	imu->target.api = &imu_api;
	imu->timer.expired = imu_expired;
	imu->motion = rtio_sim_imu_ramp;
	imu->irq = irq;
	imu->fifo = fifo;
	imu->depth = depth;
}
