/* SPDX-License-Identifier: Apache-2.0 */
/** @file The calls and constants of today's RTIO, as programs written for it know them. */
#include <zephyr/rtio/rtio.h>
#include <zephyr/rtio/work.h>

#define IS(name, ...)                                                                              \
	BUILD_ASSERT(__builtin_types_compatible_p(__typeof__(&(name)), __VA_ARGS__), #name)

typedef struct rtio *ctx_t;
typedef struct rtio_sqe *sqe_t;
typedef struct rtio_cqe *cqe_t;
typedef struct rtio_iodev_sqe *iodev_sqe_t;
typedef const struct rtio_iodev *iodev_t;

IS(rtio_sqe_prep_nop, void (*)(sqe_t, iodev_t, void *));
IS(rtio_sqe_prep_read, void (*)(sqe_t, iodev_t, int8_t, uint8_t *, uint32_t, void *));
IS(rtio_sqe_prep_read_with_pool, void (*)(sqe_t, iodev_t, int8_t, void *));
IS(rtio_sqe_prep_read_multishot, void (*)(sqe_t, iodev_t, int8_t, void *));
IS(rtio_sqe_prep_write, void (*)(sqe_t, iodev_t, int8_t, const uint8_t *, uint32_t, void *));
IS(rtio_sqe_prep_tiny_write, void (*)(sqe_t, iodev_t, int8_t, const uint8_t *, uint8_t, void *));
IS(rtio_sqe_prep_callback, void (*)(sqe_t, rtio_callback_t, void *, void *));
IS(rtio_sqe_prep_callback_no_cqe, void (*)(sqe_t, rtio_callback_t, void *, void *));
IS(rtio_sqe_prep_transceive,
   void (*)(sqe_t, iodev_t, int8_t, const uint8_t *, uint8_t *, uint32_t, void *));
IS(rtio_sqe_prep_await, void (*)(sqe_t, iodev_t, int8_t, void *));
IS(rtio_sqe_prep_await_iodev, void (*)(sqe_t, iodev_t, int8_t, void *));
IS(rtio_sqe_prep_await_executor, void (*)(sqe_t, int8_t, void *));
#ifdef CONFIG_RTIO_DEADLINE
IS(rtio_sqe_prep_delay, void (*)(sqe_t, k_timeout_t, void *));
#endif
IS(rtio_sqe_prep_i2c_configure, void (*)(sqe_t, iodev_t, int8_t, uint32_t, void *));
IS(rtio_sqe_prep_i2c_recover, void (*)(sqe_t, iodev_t, int8_t, void *));

/* It changes nothing, so it takes constant contexts as well. */
IS(rtio_sqe_acquirable, uint32_t (*)(const struct rtio *));
IS(rtio_sqe_acquire, sqe_t (*)(ctx_t));
IS(rtio_sqe_acquire_array, int (*)(ctx_t, size_t, sqe_t *));
IS(rtio_sqe_drop_all, void (*)(ctx_t));
IS(rtio_sqe_copy_in, int (*)(ctx_t, const struct rtio_sqe *, size_t));
IS(rtio_sqe_copy_in_get_handles, int (*)(ctx_t, const struct rtio_sqe *, sqe_t *, size_t));
IS(rtio_submit, int (*)(ctx_t, uint32_t));
IS(rtio_sqe_cancel, int (*)(sqe_t));
IS(rtio_sqe_signal, void (*)(sqe_t));
IS(rtio_iodev_sqe_await_signal, void (*)(iodev_sqe_t, rtio_signaled_t, void *));

IS(rtio_cqe_consume, cqe_t (*)(ctx_t));
IS(rtio_cqe_consume_block, cqe_t (*)(ctx_t));
IS(rtio_cqe_release, void (*)(ctx_t, cqe_t));
IS(rtio_cqe_acquire, cqe_t (*)(ctx_t));
IS(rtio_cqe_produce, void (*)(ctx_t, cqe_t));
IS(rtio_flush_completion_queue, int (*)(ctx_t));
IS(rtio_cqe_copy_out, int (*)(ctx_t, cqe_t, size_t, k_timeout_t));
IS(rtio_cqe_get_mempool_buffer, int (*)(const struct rtio *, cqe_t, uint8_t **, uint32_t *));
IS(rtio_release_buffer, void (*)(ctx_t, void *, uint32_t));
IS(rtio_mempool_block_size, size_t (*)(const struct rtio *));
IS(rtio_access_grant, void (*)(ctx_t, struct k_thread *));
IS(rtio_access_revoke, void (*)(ctx_t, struct k_thread *));
IS(rtio_pool_acquire, ctx_t (*)(struct rtio_pool *));
IS(rtio_pool_release, void (*)(struct rtio_pool *, ctx_t));

IS(rtio_iodev_sqe_ok, void (*)(iodev_sqe_t, int));
IS(rtio_iodev_sqe_err, void (*)(iodev_sqe_t, int));
IS(rtio_executor_ok, void (*)(iodev_sqe_t, int));
IS(rtio_executor_err, void (*)(iodev_sqe_t, int));
IS(rtio_executor_submit, void (*)(ctx_t));
IS(rtio_cqe_submit, void (*)(ctx_t, int, void *, uint32_t));
IS(rtio_sqe_rx_buf,
   int (*)(const struct rtio_iodev_sqe *, uint32_t, uint32_t, uint8_t **, uint32_t *));
IS(rtio_cqe_compute_flags, uint32_t (*)(iodev_sqe_t));
IS(rtio_txn_next, iodev_sqe_t (*)(const struct rtio_iodev_sqe *));
IS(rtio_chain_next, iodev_sqe_t (*)(const struct rtio_iodev_sqe *));
IS(rtio_iodev_sqe_next, iodev_sqe_t (*)(const struct rtio_iodev_sqe *));
IS(rtio_work_req_alloc, struct rtio_work_req *(*)(void));
IS(rtio_work_req_submit, void (*)(struct rtio_work_req *, iodev_sqe_t, rtio_work_submit_t));
IS(rtio_work_req_used_count_get, uint32_t (*)(void));
IS(rtio_set_executor, void (*)(ctx_t, struct rtio_executor *));

BUILD_ASSERT(RTIO_PRIO_LOW == 0 && RTIO_PRIO_NORM == 127 && RTIO_PRIO_HIGH == 255, "");
BUILD_ASSERT(RTIO_SQE_CHAINED == 1 && RTIO_SQE_TRANSACTION == 2 && RTIO_SQE_MEMPOOL_BUFFER == 4 &&
		     RTIO_SQE_CANCELED == 8 && RTIO_SQE_MULTISHOT == 16 &&
		     RTIO_SQE_NO_RESPONSE == 32,
	     "");
BUILD_ASSERT(RTIO_OP_NOP == 0 && RTIO_OP_RX == 1 && RTIO_OP_TX == 2 && RTIO_OP_TINY_TX == 3 &&
		     RTIO_OP_CALLBACK == 4 && RTIO_OP_TXRX == 5 && RTIO_OP_DELAY == 6 &&
		     RTIO_OP_I2C_RECOVER == 7 && RTIO_OP_I2C_CONFIGURE == 8 &&
		     RTIO_OP_I3C_RECOVER == 9 && RTIO_OP_I3C_CONFIGURE == 10 &&
		     RTIO_OP_I3C_CCC == 11 && RTIO_OP_AWAIT == 12 && RTIO_OP_CMD == 13,
	     "");
BUILD_ASSERT(RTIO_IODEV_I2C_STOP == 2 && RTIO_IODEV_I2C_RESTART == 4 &&
		     RTIO_IODEV_I2C_10_BITS == 8 && RTIO_IODEV_I3C_STOP == 2 &&
		     RTIO_IODEV_I3C_RESTART == 4 && RTIO_IODEV_I3C_HDR == 8 &&
		     RTIO_IODEV_I3C_NBCH == 16 && RTIO_IODEV_I3C_HDR_MODE_SET(3) == 3 << 8 &&
		     RTIO_IODEV_I3C_HDR_CMD_CODE_SET(5) == 5 << 16,
	     "");
BUILD_ASSERT(RTIO_CQE_FLAG_MEMPOOL_BUFFER == 1 &&
		     RTIO_CQE_FLAG_PREP_MEMPOOL(4095U, 4095U) == 0xffffff01 &&
		     RTIO_CQE_FLAG_GET(0xffffff01) == 1 &&
		     RTIO_CQE_FLAG_MEMPOOL_GET_BLK_IDX(0x00105401) == 0x54 &&
		     RTIO_CQE_FLAG_MEMPOOL_GET_BLK_CNT(0x00105401) == 1,
	     "");
