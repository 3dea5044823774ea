/* SPDX-License-Identifier: Apache-2.0 */
/** @file The calls about memory for reads, where contexts have none. */
#include "internal.h"

int rtio_sqe_rx_buf(const struct rtio_iodev_sqe *iodev_sqe, uint32_t min_buf_len,
		    uint32_t max_buf_len, uint8_t **buf, uint32_t *buf_len)
{
	ARG_UNUSED(max_buf_len);
	if (iodev_sqe->sqe.op != RTIO_OP_RX) {
		return -EINVAL;
	}
	if (iodev_sqe->sqe.rx.buf == NULL || iodev_sqe->sqe.rx.buf_len < min_buf_len) {
		return -ENOMEM;
	}
	*buf = iodev_sqe->sqe.rx.buf;
	*buf_len = iodev_sqe->sqe.rx.buf_len;
	return 0;
}

int rtio_cqe_get_mempool_buffer(const struct rtio *r, struct rtio_cqe *cqe, uint8_t **buff,
				uint32_t *buff_len)
{
	ARG_UNUSED(r);
	ARG_UNUSED(cqe);
	ARG_UNUSED(buff);
	ARG_UNUSED(buff_len);
	return -ENOTSUP;
}

void rtio_release_buffer(struct rtio *r, void *buff, uint32_t buff_len)
{
	ARG_UNUSED(r);
	ARG_UNUSED(buff);
	ARG_UNUSED(buff_len);
}

size_t rtio_mempool_block_size(const struct rtio *r)
{
	ARG_UNUSED(r);
	return 0;
}

uint32_t rtio_cqe_compute_flags(struct rtio_iodev_sqe *iodev_sqe)
{
	ARG_UNUSED(iodev_sqe);
	return 0;
}
