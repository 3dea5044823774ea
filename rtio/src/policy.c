/* SPDX-License-Identifier: Apache-2.0 */
/** @file Picking a way to transfer. */
#include <zephyr/rtio/policy.h>

#include "internal.h"

/* Where the data of @p sqe are, and how many; NULL: it is no transfer with a length. */
static const uint8_t *data_of_request(const struct rtio_sqe *sqe, uint32_t *len)
{
	switch (sqe->op) {
	case RTIO_OP_RX:
		*len = sqe->rx.buf_len;
		return sqe->rx.buf;
	case RTIO_OP_TX:
		*len = sqe->tx.buf_len;
		return sqe->tx.buf;
	case RTIO_OP_TINY_TX:
		*len = sqe->tiny_tx.buf_len;
		return sqe->tiny_tx.buf;
	case RTIO_OP_TXRX:
		*len = sqe->txrx.buf_len;
		return sqe->txrx.tx_buf;
	default:
		return NULL;
	}
}

static bool has(const struct rtio_iodev_caps *caps, uint32_t way)
{
	return (caps->ways & BIT(way)) != 0;
}

/* Whether DMA can take @p len bytes at @p data, but for their number. */
static bool dma_fits(const struct rtio_iodev_caps *caps, const uint8_t *data, uint32_t len)
{
	uint32_t mask = caps->dma_align == 0 ? 0 : caps->dma_align - 1;

	return has(caps, RTIO_TRANSFER_DMA) && ((uintptr_t)data & mask) == 0 && (len & mask) == 0;
}

static uint32_t pick(const struct rtio_policy_limits *limits, const struct rtio_iodev_caps *caps,
		     uint32_t len, bool dma)
{
	if (len <= limits->poll_max && has(caps, RTIO_TRANSFER_POLL)) {
		return RTIO_TRANSFER_POLL;
	}
	if (len >= limits->dma_min && dma) {
		return RTIO_TRANSFER_DMA;
	}
	if (has(caps, RTIO_TRANSFER_INTERRUPT)) {
		return RTIO_TRANSFER_INTERRUPT;
	}
	return has(caps, RTIO_TRANSFER_POLL) ? RTIO_TRANSFER_POLL
	       : dma                         ? RTIO_TRANSFER_DMA
					     : RTIO_TRANSFER_ANY;
}

static void set_way(struct rtio_sqe *sqe, uint32_t way)
{
	sqe->iodev_flags = (sqe->iodev_flags & ~RTIO_IODEV_TRANSFER_MASK) |
			   FIELD_PREP(RTIO_IODEV_TRANSFER_MASK, way);
}

/* Get a split. @return NULL: none is free. */
static struct rtio_split *split_take(struct rtio_executor_policy *policy)
{
	for (uint32_t i = 0; i < RTIO_POLICY_SPLITS; i++) {
		if ((atomic32_or_relaxed(&policy->splits_used, BIT(i)) & BIT(i)) == 0) {
			return &policy->splits[i];
		}
	}
	return NULL;
}

static void split_put(struct rtio_executor_policy *policy, const struct rtio_split *split)
{
	uint32_t bit = BIT((uint32_t)(split - policy->splits));
	uint32_t used = atomic32_load_relaxed(&policy->splits_used);

	/* Acquire and release: who takes it next overwrites what was read. */
	while (!atomic32_cas_acq_rel(&policy->splits_used, &used, used & ~bit)) {
	}
}

static void split_over(struct rtio_split *split)
{
	split_put((struct rtio_executor_policy *)split->owner, split);
}

/* Do a read or a write of @p len bytes in parts. @return whether that is under way. */
static bool in_parts(struct rtio_executor_policy *policy, struct rtio_iodev_sqe *s, uint32_t len,
		     uint32_t max)
{
	struct rtio_sqe parts[RTIO_POLICY_PARTS];
	struct rtio_split *split;
	uint32_t n = 0;

	if (len > (uint64_t)max * RTIO_POLICY_PARTS ||
	    (s->sqe.op != RTIO_OP_RX && s->sqe.op != RTIO_OP_TX)) {
		return false;
	}
	split = split_take(policy);
	if (split == NULL) {
		return false;
	}
	for (uint32_t at = 0; at < len; at += max, n++) {
		struct rtio_sqe *part = &parts[n];

		*part = s->sqe;
		part->flags = at + max < len ? RTIO_SQE_CHAINED : 0;
		set_way(part, RTIO_TRANSFER_DMA);
		if (part->op == RTIO_OP_RX) {
			part->rx.buf += at;
			part->rx.buf_len = MIN(max, len - at);
		} else {
			part->tx.buf += at;
			part->tx.buf_len = MIN(max, len - at);
		}
	}
	split->over = split_over;
	split->owner = policy;
	if (rtio_split(split, s, s->r, parts, n) != 0) {
		split_put(policy, split);
		return false;
	}
	return true;
}

bool z_rtio_policy_stop(struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_PART) == 0 && rtio_cancel_parts_of(s) != 0;
}

bool z_rtio_policy_begin(struct rtio_executor *exec, struct rtio_iodev_sqe *s)
{
	struct rtio_executor_policy *policy = CONTAINER_OF(exec, struct rtio_executor_policy, ctx);
	const struct rtio_iodev_caps *caps = s->sqe.iodev->api->caps;
	uint32_t len = 0;
	const uint8_t *data = data_of_request(&s->sqe, &len);
	uint32_t way;
	bool dma;

	if (caps == NULL || data == NULL || (s->sqe.flags & RTIO_SQE_PART) != 0) {
		return false;
	}
	dma = dma_fits(caps, data, len);
	way = pick(&policy->limits, caps, len, dma);
	if (way == RTIO_TRANSFER_DMA && caps->dma_max != 0 && len > caps->dma_max) {
		if ((s->sqe.flags & (RTIO_SQE_TRANSACTION | RTIO_SQE_MULTISHOT)) == 0 &&
		    in_parts(policy, s, len, caps->dma_max)) {
			(void)atomic32_add_relaxed(&policy->split, 1);
			(void)atomic32_add_relaxed(&policy->picked[RTIO_TRANSFER_DMA], 1);
			if (rtio_iodev_sqe_is_canceled(s)) {
				(void)z_rtio_policy_stop(s); /* before there were parts */
			}
			return true;
		}
		way = pick(&policy->limits, caps, len, false);
	}
	(void)atomic32_add_relaxed(&policy->picked[way], 1);
	set_way(&s->sqe, way);
	return false;
}
