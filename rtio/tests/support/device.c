/* SPDX-License-Identifier: Apache-2.0 */

#include "device.h"

#include <zephyr/irq_offload.h>

struct ending {
	struct rtio_iodev_sqe *s;
	int result;
};

static void end_in_isr(const void *arg)
{
	const struct ending *e = *(const struct ending *const *)arg;

	if (e->result < 0) {
		rtio_iodev_sqe_err(e->s, e->result);
	} else {
		rtio_iodev_sqe_ok(e->s, e->result);
	}
}

static void end(struct device_sim *dev, struct rtio_iodev_sqe *s, int result)
{
	struct ending e = {s, result};
	const struct ending *arg = &e;

	if (dev->in_isr) {
		irq_offload(end_in_isr, &arg);
	} else {
		end_in_isr(&arg);
	}
}

static void submit(struct rtio_iodev_sqe *s)
{
	struct device_sim *dev = CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev,
					      struct device_sim, iodev);
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	uint32_t number = ++dev->started;
	bool keep = dev->later && !rtio_iodev_sqe_is_canceled(s);
	int result = rtio_iodev_sqe_is_canceled(s) ? -ECANCELED : dev->result;
	uint8_t *buf;
	uint32_t len;

	dev->seen[(number - 1) % DEVICE_MAX] = s->sqe.userdata;
	if (keep) {
		dev->held[dev->count++] = s;
	}
	dev->depth++;
	dev->deepest = MAX(dev->deepest, dev->depth);
	k_spin_unlock(&dev->lock, key);
	if (!keep) {
		if (number == dev->fail_at) {
			result = -EIO;
		}
		if (result >= 0 && s->sqe.op == RTIO_OP_RX && dev->bytes != 0) {
			int ret = rtio_sqe_rx_buf(s, dev->bytes, dev->bytes, &buf, &len);

			if (ret == 0) {
				memset(buf, (int)number, dev->bytes);
				result = (int)dev->bytes;
			} else {
				result = ret;
			}
		}
		end(dev, s, result);
	}
	key = k_spin_lock(&dev->lock);
	dev->depth--;
	k_spin_unlock(&dev->lock, key);
}

/* Take @p s, or the oldest if it is NULL, out. @return it, NULL if it is not there. */
static struct rtio_iodev_sqe *take(struct device_sim *dev, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	struct rtio_iodev_sqe *taken = NULL;

	for (uint32_t i = 0; i < dev->count && taken == NULL; i++) {
		if (s != NULL && dev->held[i] != s) {
			continue;
		}
		taken = dev->held[i];
		dev->count--;
		memmove(&dev->held[i], &dev->held[i + 1], (dev->count - i) * sizeof(dev->held[0]));
	}
	k_spin_unlock(&dev->lock, key);
	return taken;
}

static void cancel(struct rtio_iodev_sqe *s)
{
	struct device_sim *dev = CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev,
					      struct device_sim, iodev);

	(void)atomic32_add_relaxed(&dev->asked, 1);
	if (!dev->deaf && take(dev, s) != NULL) {
		end(dev, s, -ECANCELED);
	}
}

static const struct rtio_iodev_api api = {.submit = submit, .cancel = cancel};

void device_init(struct device_sim *dev)
{
	memset(dev, 0, sizeof(*dev));
	dev->iodev.api = &api;
}

bool device_end(struct device_sim *dev, int result)
{
	struct rtio_iodev_sqe *s = take(dev, NULL);

	if (s != NULL) {
		end(dev, s, result);
	}
	return s != NULL;
}

struct rtio_sqe *device_nop(struct rtio *r, struct device_sim *dev, uintptr_t userdata,
			    uint16_t flags)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(r);

	zassert_not_null(sqe);
	rtio_sqe_prep_nop(sqe, &dev->iodev, UINT_TO_POINTER(userdata));
	sqe->flags |= flags;
	return sqe;
}

void expect_cqe(struct rtio *r, uintptr_t userdata, int result)
{
	struct rtio_cqe *cqe = rtio_cqe_consume(r);
	int is;
	uintptr_t of;

	zassert_not_null(cqe, "no completion of %u", (unsigned int)userdata);
	is = cqe->result;
	of = POINTER_TO_UINT(cqe->userdata);
	rtio_cqe_release(r, cqe);
	zassert_equal(of, userdata, "completion of %u instead of %u", (unsigned int)of,
		      (unsigned int)userdata);
	zassert_equal(is, result, "result of %u: %d instead of %d", (unsigned int)of, is, result);
}

void expect_no_cqe(struct rtio *r)
{
	zassert_is_null(rtio_cqe_consume(r));
}

void expect_home(struct rtio *r)
{
	struct rtio_cqe *taken = NULL;
	struct rtio_cqe *cqe;
	uint32_t count = 0;

	zexpect_equal(rtio_sqe_acquirable(r), r->sq_size, "%u of %u requests home",
		      (unsigned int)rtio_sqe_acquirable(r), (unsigned int)r->sq_size);
	zexpect_is_null(rtio_cqe_consume(r), "a completion is left");
	while ((cqe = rtio_cqe_acquire(r)) != NULL) {
		cqe->userdata = taken;
		taken = cqe;
		count++;
	}
	while (taken != NULL) {
		cqe = taken;
		taken = cqe->userdata;
		rtio_cqe_release(r, cqe);
	}
	zexpect_equal(count, r->cq_size, "%u of %u completions home", (unsigned int)count,
		      (unsigned int)r->cq_size);
#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
	zexpect_true(r->block_pool == NULL || r->block_pool->num_used == 0, "a block is left");
#endif
}
