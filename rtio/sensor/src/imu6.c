/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The driver of the IMU. A read is two steps, each a transaction on the bus with a callback behind it:
 * how many frames there are, and the frames.
 *
 * The state says who may go on with the current read. While it is "waiting", for an interrupt, whoever
 * makes it "reading" has it; then the one chain under way has it, whose callback starts the next
 * step or ends the read. rtio_imu6's own requests answer nothing; their chain ends with the callback.
 */
#include <zephyr/rtio/imu6.h>
#include <zephyr/rtio/imu6_regs.h>
#include <zephyr/sys/byteorder.h>

#include <errno.h>

#include "imu6_head.h"

#define STATE_IDLE    0U
#define STATE_WAITING 1U
#define STATE_READING 2U

BUILD_ASSERT(RTIO_IMU6_FRAME_SIZE == IMU_FRAME_SIZE, "frames as the device has them");

static void imu6_begin(struct rtio_imu6 *imu, struct rtio_iodev_sqe *s);
static void read_imu_status(struct rtio_imu6 *imu);

/* The current read is over. Context: who has it. */
static void end_read(struct rtio_imu6 *imu, int result)
{
	struct rtio_iodev_sqe *next;
	struct rtio_iodev_sqe *s;
	k_spinlock_key_t key = k_spin_lock(&imu->lock);

	s = imu->current;
	imu->current = NULL;
	imu->state = STATE_IDLE;
	imu->own = 0;
	/* The frames that it did not get may be there: the next read need not wait for an interrupt. */
	imu->pending = imu->pending || result < 0;
	k_spin_unlock(&imu->lock, key);
	next = rtio_iodev_queue_next(&imu->queue);
	if (result < 0) {
		rtio_iodev_sqe_err(s, result);
	} else {
		rtio_iodev_sqe_ok(s, result);
	}
	if (next != NULL) {
		imu6_begin(imu, next);
	}
}

/* ---- its own requests ------------------------------------------------------------------------ */

/* Read from register @p reg on into @p data, then call @p then. Context: who has the current read. */
static void read_registers(struct rtio_imu6 *imu, uint8_t reg, uint8_t *data, uint32_t len,
			   rtio_callback_t then)
{
	int8_t prio = (int8_t)imu->current->sqe.prio;
	uint8_t first = imu->spi ? reg | IMU_SPI_READ : reg;
	struct rtio_sqe *sqes[3];
	k_spinlock_key_t key;
	bool stop;

	/* There are enough for two chains, and there is one, but for what the last has not put home. */
	if (rtio_sqe_acquire_array(imu->r, ARRAY_SIZE(sqes), sqes) != 0) {
		__ASSERT(false, "no request left for the bus");
		end_read(imu, -ENOMEM);
		return;
	}
	rtio_sqe_prep_tiny_write(sqes[0], imu->bus, prio, &first, 1, NULL);
	sqes[0]->flags |= RTIO_SQE_TRANSACTION | RTIO_SQE_NO_RESPONSE;
	rtio_sqe_prep_read(sqes[1], imu->bus, prio, data, len, NULL);
	sqes[1]->flags |= RTIO_SQE_CHAINED | RTIO_SQE_NO_RESPONSE;
	rtio_sqe_prep_callback_no_cqe(sqes[2], then, imu, NULL);

	/* From here on a cancel stops them; one that came before stops us. */
	key = k_spin_lock(&imu->lock);
	stop = imu->stop;
	imu->own = rtio_sqe_handle(sqes[0]);
	k_spin_unlock(&imu->lock, key);
	if (stop) {
		rtio_sqe_drop_all(imu->r);
		end_read(imu, -ECANCELED);
		return;
	}
	(void)rtio_submit(imu->r, 0);
}

/* It does not go on. */
static void fail(struct rtio_imu6 *imu, int error)
{
	if (!imu->spi && (error == -EBUSY || error == -ETIMEDOUT)) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(imu->r);

		if (sqe != NULL) {
			rtio_sqe_prep_i2c_recover(sqe, imu->bus, (int8_t)RTIO_PRIO_HIGH, NULL);
			sqe->flags |= RTIO_SQE_NO_RESPONSE;
			(void)rtio_submit(imu->r, 0);
		}
	}
	end_read(imu, error);
}

/* ---- the steps of a read --------------------------------------------------------------------- */

static void have_frames(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg)
{
	struct rtio_imu6 *imu = arg;
	uint32_t frames = res < 0 ? 0 : (uint32_t)res / IMU_FRAME_SIZE;
	k_spinlock_key_t key;

	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	if (res < 0 || frames == 0) {
		fail(imu, res < 0 ? res : -EIO);
		return;
	}
	/* What a short transfer has left is there as if it had not been asked for. */
	imu->left += imu->frames - frames;
	imu6_head_put(imu->buf, imu, frames);
	if (imu->left >= imu->watermark) {
		key = k_spin_lock(&imu->lock);
		imu->pending = true;
		k_spin_unlock(&imu->lock, key);
	}
	end_read(imu, (int)RTIO_IMU6_BUF_SIZE(frames));
}

/* There is not enough yet: wait for the next interrupt. */
static void wait_on(struct rtio_imu6 *imu)
{
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	bool again = imu->pending;
	bool stop = imu->stop;

	imu->own = 0;
	if (!stop) {
		imu->pending = false;
		imu->state = again ? STATE_READING : STATE_WAITING;
	}
	k_spin_unlock(&imu->lock, key);
	if (stop) {
		end_read(imu, -ECANCELED);
	} else if (again) {
		read_imu_status(imu);
	}
}

static void have_status(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg)
{
	struct rtio_imu6 *imu = arg;
	struct rtio_iodev_sqe *s = imu->current;
	uint32_t count = sys_get_le16(&imu->head[IMU_REG_COUNT - IMU_REG_STATUS]);
	uint32_t len;
	int ret;

	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	if (res != (int)sizeof(imu->head)) {
		fail(imu, res < 0 ? res : -EIO);
		return;
	}
	imu->overrun = (imu->head[0] & IMU_STATUS_OVERRUN) != 0 || imu->overrun;
	if (count < imu->watermark && (s->sqe.iodev_flags & RTIO_SENSOR_NOW) == 0) {
		wait_on(imu);
		return;
	}
	ret = rtio_sqe_rx_buf(s, RTIO_IMU6_BUF_SIZE(MIN(count, 1U)), RTIO_IMU6_BUF_SIZE(count),
			      &imu->buf, &len);
	if (ret != 0) {
		fail(imu, ret);
		return;
	}
	imu->frames = MIN(count, (len - RTIO_IMU6_HEAD_SIZE) / IMU_FRAME_SIZE);
	imu->left = count - imu->frames;
	imu6_head_clock(imu);
	if (imu->frames == 0) {
		imu6_head_put(imu->buf, imu, 0);
		end_read(imu, (int)RTIO_IMU6_HEAD_SIZE);
		return;
	}
	read_registers(imu, IMU_REG_FIFO, &imu->buf[RTIO_IMU6_HEAD_SIZE],
		       imu->frames * IMU_FRAME_SIZE, have_frames);
}

static void read_imu_status(struct rtio_imu6 *imu)
{
	read_registers(imu, IMU_REG_STATUS, imu->head, sizeof(imu->head), have_status);
}

/* ---- requests, cancels, interrupts ----------------------------------------------------------- */

static void imu6_begin(struct rtio_imu6 *imu, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	bool go = imu->pending || (s->sqe.iodev_flags & RTIO_SENSOR_NOW) != 0;
	/* A cancel that came before it could find it here has marked it. */
	bool stop = rtio_iodev_sqe_is_canceled(s);

	imu->current = s;
	imu->stop = stop;
	imu->state = go || stop ? STATE_READING : STATE_WAITING;
	if (go && !stop) {
		imu->pending = false;
	}
	k_spin_unlock(&imu->lock, key);
	if (stop) {
		end_read(imu, -ECANCELED);
	} else if (go) {
		read_imu_status(imu);
	}
}

static void imu6_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_imu6 *imu = s->sqe.iodev->data;

	if (s->sqe.op != RTIO_OP_RX) {
		rtio_iodev_sqe_err(s, -EINVAL);
	} else if (rtio_iodev_queue_put(&imu->queue, s)) {
		imu6_begin(imu, s);
	}
}

static void imu6_cancel(struct rtio_iodev_sqe *s)
{
	struct rtio_imu6 *imu = s->sqe.iodev->data;
	rtio_sqe_handle_t own = 0;
	bool mine = false;
	k_spinlock_key_t key;

	if (rtio_iodev_queue_cancel(&imu->queue, s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
		return;
	}
	key = k_spin_lock(&imu->lock);
	if (imu->current == s) {
		imu->stop = true;
		own = imu->own;
		mine = imu->state == STATE_WAITING;
		if (mine) {
			imu->state = STATE_READING;
		}
	}
	k_spin_unlock(&imu->lock, key);
	if (mine) {
		end_read(imu, -ECANCELED);
	} else if (own != 0) {
		(void)rtio_cancel(imu->r, own);
	}
}

const struct rtio_iodev_api rtio_imu6_api = {.submit = imu6_submit, .cancel = imu6_cancel};

void rtio_imu6_interrupt(void *arg)
{
	struct rtio_imu6 *imu = arg;
	k_spinlock_key_t key = k_spin_lock(&imu->lock);
	bool go = imu->state == STATE_WAITING;

	if (go) {
		imu->state = STATE_READING;
	} else {
		imu->pending = true;
	}
	k_spin_unlock(&imu->lock, key);
	if (go) {
		read_imu_status(imu);
	}
}

/* ---- setting it up --------------------------------------------------------------------------- */

/* Do @p count requests as one, beside reads that may be under way. @return the first error, or the last result. */
static int transact(struct rtio_imu6 *imu, struct rtio_sqe *sqes, size_t count)
{
	int result;

	for (size_t i = 0; i + 1 < count; i++) {
		sqes[i].flags |= RTIO_SQE_TRANSACTION;
	}
	result = rtio_sqe_copy_in(imu->r, sqes, count);
	if (result != 0) {
		return result;
	}
	(void)rtio_submit(imu->r, 0);
	for (size_t i = 0; i < count; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_block(imu->r);

		result = result < 0 ? result : cqe->result;
		rtio_cqe_release(imu->r, cqe);
	}
	return result;
}

static int write_registers(struct rtio_imu6 *imu, uint8_t reg, const uint8_t *values, uint8_t len)
{
	struct rtio_sqe sqe;
	uint8_t bytes[7] = {reg};
	int result;

	memcpy(&bytes[1], values, len);
	rtio_sqe_prep_tiny_write(&sqe, imu->bus, (int8_t)RTIO_PRIO_NORM, bytes, (uint8_t)(len + 1),
				 NULL);
	result = transact(imu, &sqe, 1);
	return result < 0 ? result : result == len + 1 ? 0 : -EIO;
}

static int check_identity(struct rtio_imu6 *imu)
{
	uint8_t reg = imu->spi ? IMU_REG_ID | IMU_SPI_READ : IMU_REG_ID;
	struct rtio_sqe sqes[2];
	uint8_t id = 0;
	int result;

	rtio_sqe_prep_tiny_write(&sqes[0], imu->bus, (int8_t)RTIO_PRIO_NORM, &reg, 1, NULL);
	rtio_sqe_prep_read(&sqes[1], imu->bus, (int8_t)RTIO_PRIO_NORM, &id, 1, NULL);
	result = transact(imu, sqes, ARRAY_SIZE(sqes));
	if (result < 0) {
		return result;
	}
	return result == 1 && id == IMU_ID ? 0 : -ENODEV;
}

int rtio_imu6_start(struct rtio_imu6 *imu, const struct rtio_imu6_config *config)
{
	uint8_t control = IMU_CONTROL_EMPTY;
	uint8_t values[4];
	int ret;

	if (config->period_us == 0 || config->acc_range > 3 || config->gyro_range > 3) {
		return -EINVAL;
	}
	imu->ranges = (uint8_t)(config->acc_range | config->gyro_range << 2);
	imu->watermark = MAX(config->watermark, (uint8_t)1);
	imu->overrun = false;
	values[0] = imu->ranges;
	sys_put_le16(config->period_us, &values[1]);
	values[3] = imu->watermark;
	ret = check_identity(imu);
	if (ret == 0) {
		ret = write_registers(imu, IMU_REG_CONTROL, &control, 1);
	}
	if (ret == 0) {
		ret = write_registers(imu, IMU_REG_RANGE, values, sizeof(values));
	}
	control = IMU_CONTROL_RUN | IMU_CONTROL_IRQ;
	return ret != 0 ? ret : write_registers(imu, IMU_REG_CONTROL, &control, 1);
}

int rtio_imu6_stop(struct rtio_imu6 *imu)
{
	uint8_t control = 0;

	return write_registers(imu, IMU_REG_CONTROL, &control, 1);
}
