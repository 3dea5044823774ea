/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a client may ask for. All of this looks at the server's copy of an entry and at the server's own
 * knowledge, never at the shared area.
 */
#include "internal.h"

#define SHM_FLAGS_LINK (RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION)

/* Flags that exist but cannot cross the boundary: their answers, or memory, would be of another kind. */
#define FLAGS_NOT_HERE                                                                             \
	(RTIO_SQE_MEMPOOL_BUFFER | RTIO_SQE_MULTISHOT | RTIO_SQE_NO_RESPONSE | RTIO_SQE_CANCELED)

/* Which parts of an entry an operation uses. */
#define USES_TX     BIT(0)
#define USES_RX     BIT(1)
#define USES_TINY   BIT(2)
#define USES_DELAY  BIT(3)
#define USES_CONFIG BIT(4)
#define KNOWN       BIT(5)
#define OFFERED     BIT(6)

static const uint8_t operations[] = {
	[RTIO_OP_NOP] = OFFERED,
	[RTIO_OP_RX] = OFFERED | USES_RX,
	[RTIO_OP_TX] = OFFERED | USES_TX,
	[RTIO_OP_TINY_TX] = OFFERED | USES_TINY,
	[RTIO_OP_CALLBACK] = KNOWN,
	[RTIO_OP_TXRX] = OFFERED | USES_TX | USES_RX,
#ifdef CONFIG_RTIO_DEADLINE
	[RTIO_OP_DELAY] = OFFERED | USES_DELAY,
#else
	[RTIO_OP_DELAY] = KNOWN,
#endif
	[RTIO_OP_I2C_RECOVER] = OFFERED,
	[RTIO_OP_I2C_CONFIGURE] = OFFERED | USES_CONFIG,
	[RTIO_OP_I3C_RECOVER] = KNOWN,
	[RTIO_OP_I3C_CONFIGURE] = KNOWN,
	[RTIO_OP_I3C_CCC] = KNOWN,
	[RTIO_OP_AWAIT] = KNOWN,
};

static int check_name(const struct rtio_shm_server *s, const struct rtio_shm_sqe *e)
{
	const struct rtio_shm_slot *slot;

	if (e->tag >= s->config.entries || e->generation == 0) {
		return -EINVAL;
	}
	slot = &s->config.slots[e->tag];
	return slot->taken || slot->handle != 0 ? -EBUSY : 0;
}

static int check_operation(const struct rtio_shm_sqe *e)
{
	if (e->op >= ARRAY_SIZE(operations)) {
		return -EINVAL;
	}
	return (operations[e->op] & OFFERED) == 0 ? -ENOTSUP : 0;
}

static int check_entry_flags(const struct rtio_shm_sqe *e)
{
	if ((e->flags & FLAGS_NOT_HERE) != 0) {
		return -ENOTSUP;
	}
	if ((e->flags & ~RTIO_SHM_FLAGS) != 0 || (e->flags & SHM_FLAGS_LINK) == SHM_FLAGS_LINK) {
		return -EINVAL;
	}
	if ((e->flags & RTIO_SQE_DEADLINE) == 0) {
		return e->deadline_us != 0 ? -EINVAL : 0;
	}
	if (!IS_ENABLED(CONFIG_RTIO_DEADLINE)) {
		return -ENOTSUP;
	}
	return e->deadline_us > RTIO_SHM_TIMEOUT_MAX_US ? -EINVAL : 0;
}

static int check_iodev(const struct rtio_shm_server *s, const struct rtio_shm_sqe *e)
{
	const struct rtio_shm_iodev *iodev;

	if ((operations[e->op] & USES_DELAY) != 0) {
		return e->iodev != RTIO_SHM_NO_IODEV ? -ENODEV : e->iodev_flags != 0 ? -EINVAL : 0;
	}
	if (e->iodev >= s->config.num_iodevs) {
		return -ENODEV;
	}
	iodev = &s->config.iodevs[e->iodev];
	if ((iodev->ops & BIT(e->op)) == 0) {
		return -EACCES;
	}
	return (e->iodev_flags & ~iodev->iodev_flags) != 0 ? -EINVAL : 0;
}

/* A transaction goes as one to the iodev of its first member, so that has to be everyone's. */
static int check_entry_transaction(const struct rtio_shm_server *s, uint32_t n)
{
	const struct rtio_shm_sqe *e = &s->chain[n];
	bool behind = n > 0 && (s->chain[n - 1].flags & RTIO_SQE_TRANSACTION) != 0;
	bool in_one = behind || (e->flags & RTIO_SQE_TRANSACTION) != 0;

	return (in_one && e->iodev == RTIO_SHM_NO_IODEV) ||
			       (behind && e->iodev != s->chain[n - 1].iodev)
		       ? -EINVAL
		       : 0;
}

static bool is_inside(const struct rtio_shm_server *s, uint32_t offset, uint32_t len)
{
	return offset <= s->config.data_size && len <= s->config.data_size - offset;
}

static int check_buffers(const struct rtio_shm_server *s, const struct rtio_shm_sqe *e)
{
	uint8_t uses = operations[e->op];

	if ((uses & USES_TINY) != 0) {
		if (e->len > sizeof(((struct rtio_sqe *)NULL)->tiny_tx.buf)) {
			return -EINVAL;
		}
	} else if ((uses & (USES_TX | USES_RX)) == 0 && e->len != 0) {
		return -EINVAL;
	}
	if ((uses & USES_TX) == 0 ? e->tx_offset != 0 : !is_inside(s, e->tx_offset, e->len)) {
		return (uses & USES_TX) == 0 ? -EINVAL : -EFAULT;
	}
	if ((uses & USES_RX) == 0 ? e->rx_offset != 0 : !is_inside(s, e->rx_offset, e->len)) {
		return (uses & USES_RX) == 0 ? -EINVAL : -EFAULT;
	}
	return 0;
}

static int check_argument(const struct rtio_shm_sqe *e)
{
	uint8_t uses = operations[e->op];
	bool valid;

	if ((uses & USES_DELAY) != 0) {
		valid = e->arg.delay_us <= RTIO_SHM_TIMEOUT_MAX_US;
	} else if ((uses & USES_CONFIG) != 0) {
		valid = e->arg.bits == e->arg.i2c_config;
	} else if ((uses & USES_TINY) != 0) {
		static const uint8_t zeros[sizeof(e->arg.tiny)];

		valid = memcmp(e->arg.tiny + e->len, zeros, sizeof(zeros) - e->len) == 0;
	} else {
		valid = e->arg.bits == 0;
	}
	return valid && e->unused == 0 ? 0 : -EINVAL;
}

/* Make a request of a checked entry. */
static void make_sqe(const struct rtio_shm_server *s, const struct rtio_shm_sqe *e,
		     struct rtio_sqe *sqe)
{
	const struct rtio_iodev *iodev =
		e->iodev == RTIO_SHM_NO_IODEV ? NULL : s->config.iodevs[e->iodev].iodev;

	memset(sqe, 0, sizeof(*sqe));
	sqe->op = e->op;
	sqe->prio = e->prio;
	sqe->flags = e->flags & SHM_FLAGS_LINK;
	sqe->iodev_flags = e->iodev_flags;
	sqe->iodev = iodev;
	sqe->userdata = &s->config.slots[e->tag];
	switch (e->op) {
	case RTIO_OP_RX:
		sqe->rx.buf = s->data + e->rx_offset;
		sqe->rx.buf_len = e->len;
		break;
	case RTIO_OP_TX:
		sqe->tx.buf = s->data + e->tx_offset;
		sqe->tx.buf_len = e->len;
		break;
	case RTIO_OP_TINY_TX:
		sqe->tiny_tx.buf_len = (uint8_t)e->len;
		memcpy(sqe->tiny_tx.buf, e->arg.tiny, e->len);
		break;
	case RTIO_OP_TXRX:
		sqe->txrx.tx_buf = s->data + e->tx_offset;
		sqe->txrx.rx_buf = s->data + e->rx_offset;
		sqe->txrx.buf_len = e->len;
		break;
#ifdef CONFIG_RTIO_DEADLINE
	case RTIO_OP_DELAY:
		sqe->delay.timeout = K_USEC(e->arg.delay_us);
		break;
#endif
	case RTIO_OP_I2C_CONFIGURE:
		sqe->i2c_config = e->arg.i2c_config;
		break;
	default:
		break;
	}
#ifdef CONFIG_RTIO_DEADLINE
	if ((e->flags & RTIO_SQE_DEADLINE) != 0) {
		rtio_sqe_set_deadline(sqe, K_USEC(e->deadline_us));
	}
#endif
}

int rtio_shm_check(struct rtio_shm_server *s, uint32_t n)
{
	const struct rtio_shm_sqe *e = &s->chain[n];
	struct rtio_shm_slot *slot;
	int ret = check_name(s, e);

	ret = ret == 0 ? check_operation(e) : ret;
	ret = ret == 0 ? check_entry_flags(e) : ret;
	ret = ret == 0 ? check_iodev(s, e) : ret;
	ret = ret == 0 ? check_entry_transaction(s, n) : ret;
	ret = ret == 0 ? check_buffers(s, e) : ret;
	ret = ret == 0 ? check_argument(e) : ret;
	if (ret != 0) {
		return ret;
	}
	make_sqe(s, e, &s->sqes[n]);
	slot = &s->config.slots[e->tag];
	slot->taken = true;
	slot->cancelled = false;
	slot->userdata = e->userdata;
	slot->generation = e->generation;
	return 0;
}
