/* SPDX-License-Identifier: Apache-2.0 */
/** @file Completions. */
#ifndef ZEPHYR_RTIO_CQE_H_
#define ZEPHYR_RTIO_CQE_H_

#include <zephyr/rtio/sqe.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a request ended. */
struct rtio_cqe {
	struct mpsc_node q; /**< the context's */
	int32_t result;     /**< 0 or more, or a negative errno value */
	void *userdata;     /**< of the request */
	uint32_t flags;     /**< RTIO_CQE_FLAG_... and what goes with it */
};

/** There is memory of the pool with it, which rtio_release_buffer() takes back. */
#define RTIO_CQE_FLAG_MEMPOOL_BUFFER BIT(0)

#define RTIO_CQE_FLAG_GET(flags) FIELD_GET(GENMASK(7, 0), (flags))
#define RTIO_CQE_FLAG_MEMPOOL_GET_BLK_IDX(flags) FIELD_GET(GENMASK(19, 8), (flags))
#define RTIO_CQE_FLAG_MEMPOOL_GET_BLK_CNT(flags) FIELD_GET(GENMASK(31, 20), (flags))
#define RTIO_CQE_FLAG_PREP_MEMPOOL(blk_idx, blk_cnt)                                               \
	(FIELD_PREP(GENMASK(7, 0), RTIO_CQE_FLAG_MEMPOOL_BUFFER) |                                 \
	 FIELD_PREP(GENMASK(19, 8), (blk_idx)) | FIELD_PREP(GENMASK(31, 20), (blk_cnt)))

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_CQE_H_ */
