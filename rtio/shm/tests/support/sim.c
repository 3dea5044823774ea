/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

static bool is_inside(const struct sim *dev, const uint8_t *buf, uint32_t len)
{
	return buf >= dev->low && buf <= dev->high && len <= (size_t)(dev->high - buf);
}

static void get(struct sim *dev, const uint8_t *buf, uint32_t len)
{
	if (!is_inside(dev, buf, len)) {
		dev->outside++;
		return;
	}
	memcpy(dev->store, buf, MIN(len, SIM_STORE));
}

static void give(struct sim *dev, uint8_t *buf, uint32_t len)
{
	if (!is_inside(dev, buf, len)) {
		dev->outside++;
		return;
	}
	for (uint32_t i = 0; i < len; i += SIM_STORE) {
		memcpy(buf + i, dev->store, MIN(len - i, SIM_STORE));
	}
}

/* Do one request. @return its result. Locked. */
static int transfer(struct sim *dev, const struct rtio_sqe *sqe)
{
	dev->members++;
	dev->iodev_flags = sqe->iodev_flags;
	dev->prio = sqe->prio;
	switch (sqe->op) {
	case RTIO_OP_NOP:
	case RTIO_OP_I2C_RECOVER:
		return 0;
	case RTIO_OP_I2C_CONFIGURE:
		dev->config = sqe->i2c_config;
		return 0;
	case RTIO_OP_RX:
		give(dev, sqe->rx.buf, sqe->rx.buf_len);
		return (int)sqe->rx.buf_len;
	case RTIO_OP_TX:
		get(dev, sqe->tx.buf, sqe->tx.buf_len);
		return (int)sqe->tx.buf_len;
	case RTIO_OP_TINY_TX:
		if (sqe->tiny_tx.buf_len > sizeof(sqe->tiny_tx.buf)) {
			dev->outside++;
			return -EINVAL;
		}
		dev->tiny_len = sqe->tiny_tx.buf_len;
		memcpy(dev->store, sqe->tiny_tx.buf, sqe->tiny_tx.buf_len);
		return sqe->tiny_tx.buf_len;
	case RTIO_OP_TXRX:
		get(dev, sqe->txrx.tx_buf, sqe->txrx.buf_len);
		give(dev, sqe->txrx.rx_buf, sqe->txrx.buf_len);
		return (int)sqe->txrx.buf_len;
	default:
		dev->outside++;
		return -ENOTSUP;
	}
}

static struct sim *sim_of(const struct rtio_iodev_sqe *s)
{
	return CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev, struct sim, iodev);
}

static void submit(struct rtio_iodev_sqe *s)
{
	struct sim *dev = sim_of(s);
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool keep = dev->later && dev->count < SIM_HELD && !rtio_iodev_sqe_is_canceled(s);
	int result = 0;

	dev->started++;
	for (struct rtio_iodev_sqe *m = s; m != NULL; m = rtio_txn_next(m)) {
		if (m->sqe.iodev != &dev->iodev) {
			dev->outside++;
			continue;
		}
		result = transfer(dev, &m->sqe);
	}
	if (keep) {
		dev->held[dev->count++] = s;
	}
	k_spin_unlock(&dev->lock, key);
	if (!keep) {
		rtio_iodev_sqe_ok(s, rtio_iodev_sqe_is_canceled(s) ? -ECANCELED : result);
	}
}

/* Take @p s, or the oldest if it is NULL, out. @return it, NULL if it is not there. */
static struct rtio_iodev_sqe *take(struct sim *dev, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	struct rtio_iodev_sqe *taken = NULL;

	for (uint32_t i = 0; i < dev->count && taken == NULL; i++) {
		if (s == NULL || dev->held[i] == s) {
			taken = dev->held[i];
			dev->count--;
			memmove(&dev->held[i], &dev->held[i + 1],
				(dev->count - i) * sizeof(dev->held[0]));
		}
	}
	k_spin_unlock(&dev->lock, key);
	return taken;
}

static void cancel(struct rtio_iodev_sqe *s)
{
	struct sim *dev = sim_of(s);
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool deaf = dev->deaf;

	dev->asked++;
	k_spin_unlock(&dev->lock, key);
	if (!deaf && take(dev, s) != NULL) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api api = {.submit = submit, .cancel = cancel};

void sim_init(struct sim *dev)
{
	memset(dev, 0, sizeof(*dev));
	dev->iodev.api = &api;
}

bool sim_end(struct sim *dev, int result)
{
	struct rtio_iodev_sqe *s = take(dev, NULL);

	if (s != NULL) {
		rtio_iodev_sqe_ok(s, result);
	}
	return s != NULL;
}
