/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Requests: what they say, and how they are prepared.
 *
 * Unless something else is said. Context: any, of whoever has the entry. Blocks: never. Cost:
 * constant.
 */
#ifndef ZEPHYR_RTIO_SQE_H_
#define ZEPHYR_RTIO_SQE_H_

#include <kernel/timeout_q.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/mpsc_lockfree.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rtio;
struct rtio_sqe;
struct rtio_iodev_sqe;

/* Priorities: 0 is the lowest, 255 the highest. */
#define RTIO_PRIO_LOW 0U
#define RTIO_PRIO_NORM 127U
#define RTIO_PRIO_HIGH 255U

/* Operations. */
#define RTIO_OP_NOP 0
#define RTIO_OP_RX (RTIO_OP_NOP + 1)
#define RTIO_OP_TX (RTIO_OP_RX + 1)
#define RTIO_OP_TINY_TX (RTIO_OP_TX + 1)
#define RTIO_OP_CALLBACK (RTIO_OP_TINY_TX + 1)
#define RTIO_OP_TXRX (RTIO_OP_CALLBACK + 1)
#define RTIO_OP_DELAY (RTIO_OP_TXRX + 1)
#define RTIO_OP_I2C_RECOVER (RTIO_OP_DELAY + 1)
#define RTIO_OP_I2C_CONFIGURE (RTIO_OP_I2C_RECOVER + 1)
#define RTIO_OP_I3C_RECOVER (RTIO_OP_I2C_CONFIGURE + 1)
#define RTIO_OP_I3C_CONFIGURE (RTIO_OP_I3C_RECOVER + 1)
#define RTIO_OP_I3C_CCC (RTIO_OP_I3C_CONFIGURE + 1)
#define RTIO_OP_AWAIT (RTIO_OP_I3C_CCC + 1)
#define RTIO_OP_CMD (RTIO_OP_AWAIT + 1)

/** Flag of a request: the next one starts when this one has succeeded, and fails when it fails. */
#define RTIO_SQE_CHAINED BIT(0)
/** Flag: this one and the next go to the iodev of the first, as one. */
#define RTIO_SQE_TRANSACTION BIT(1)
/** Flag: memory for what is read comes from the context's pool. */
#define RTIO_SQE_MEMPOOL_BUFFER BIT(2)
/** Flag: withdrawn by rtio_sqe_cancel() before it was submitted. */
#define RTIO_SQE_CANCELED BIT(3)
/** Flag: starts again after each success, until it fails or is cancelled. */
#define RTIO_SQE_MULTISHOT BIT(4)
/** Flag: its end is not put into the completion queue. */
#define RTIO_SQE_NO_RESPONSE BIT(5)
/** Flag: a part of another request; set by rtio_split(). */
#define RTIO_SQE_PART BIT(14)
/** Flag: has a deadline; set by rtio_sqe_set_deadline(). */
#define RTIO_SQE_DEADLINE BIT(15)

/* How it is transferred, as the policy of an executor has it (policy.h); RTIO_TRANSFER_... */
#define RTIO_IODEV_TRANSFER_MASK GENMASK(31, 30)
#define RTIO_IODEV_TRANSFER_GET(f) FIELD_GET(RTIO_IODEV_TRANSFER_MASK, f)

/* What a device on a bus does about this request. */
#define RTIO_IODEV_I2C_STOP BIT(1)
#define RTIO_IODEV_I2C_RESTART BIT(2)
#define RTIO_IODEV_I2C_10_BITS BIT(3)
#define RTIO_IODEV_I3C_STOP BIT(1)
#define RTIO_IODEV_I3C_RESTART BIT(2)
#define RTIO_IODEV_I3C_HDR BIT(3)
#define RTIO_IODEV_I3C_NBCH BIT(4)
#define RTIO_IODEV_I3C_HDR_MODE_MASK GENMASK(15, 8)
#define RTIO_IODEV_I3C_HDR_MODE_SET(m) FIELD_PREP(RTIO_IODEV_I3C_HDR_MODE_MASK, m)
#define RTIO_IODEV_I3C_HDR_MODE_GET(f) FIELD_GET(RTIO_IODEV_I3C_HDR_MODE_MASK, f)
#define RTIO_IODEV_I3C_HDR_CMD_MASK GENMASK(22, 16)
#define RTIO_IODEV_I3C_HDR_CMD_CODE_SET(c) FIELD_PREP(RTIO_IODEV_I3C_HDR_CMD_MASK, c)
#define RTIO_IODEV_I3C_HDR_CMD_CODE_GET(f) FIELD_GET(RTIO_IODEV_I3C_HDR_CMD_MASK, f)

/**
 * A function as a request. @p res is the result of what came before it in its chain: if something
 * failed, the first error. It runs in a chain that failed, too, so that it can tidy up.
 * Context: the one in which the request before it ended, or rtio_submit(); no lock is held.
 */
typedef void (*rtio_callback_t)(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0);

/** Called when a request that awaits is signalled. */
typedef void (*rtio_signaled_t)(struct rtio_iodev_sqe *iodev_sqe, void *userdata);

struct rtio_iodev_caps;

/** What every device for requests offers. Constant. */
struct rtio_iodev_api {
	/**
	 * Begin @p iodev_sqe, and let it end, now or later, in any context, by one call of
	 * rtio_iodev_sqe_ok() or rtio_iodev_sqe_err(). A transaction is one such call for all of its
	 * members, which rtio_txn_next() walks through.
	 * Context: that of rtio_submit(), or of the end of what came before. No lock is held.
	 */
	void (*submit)(struct rtio_iodev_sqe *iodev_sqe);
	/**
	 * Asks for @p iodev_sqe, which was cancelled or whose deadline has passed, to end soon:
	 * whoever ends it does so as always, here or later, with -ECANCELED if it was cut short. May
	 * be NULL. May run before or during submit() of the same request, which can then see it with
	 * rtio_iodev_sqe_is_canceled(); @p iodev_sqe is not used for another one meanwhile.
	 * Context: any. No lock is held.
	 */
	void (*cancel)(struct rtio_iodev_sqe *iodev_sqe);
	/** How it can transfer (policy.h). NULL: it says nothing about that. */
	const struct rtio_iodev_caps *caps;
};

/** A device for requests. May be constant. */
struct rtio_iodev {
	const struct rtio_iodev_api *api;
	void *data; /**< the device's own */
};

/** Define an iodev in RAM. */
#define RTIO_IODEV_DEFINE(name, iodev_api, iodev_data)                                             \
	struct rtio_iodev name = {(iodev_api), (iodev_data)}

/** A request. */
struct rtio_sqe {
	uint8_t op;                     /**< RTIO_OP_... */
	uint8_t prio;                   /**< RTIO_PRIO_LOW to RTIO_PRIO_HIGH */
	uint16_t flags;                 /**< RTIO_SQE_... */
	uint32_t iodev_flags;           /**< RTIO_IODEV_... */
	const struct rtio_iodev *iodev; /**< who does it; NULL: the executor */
	void *userdata;                 /**< comes back in the completion */
	union {                         /* by operation */
		struct {
			uint32_t buf_len; /**< bytes */
			const uint8_t *buf;
		} tx;
		struct {
			uint32_t buf_len; /**< bytes */
			uint8_t *buf;     /**< NULL: none yet, from the pool */
		} rx;
		struct {
			uint8_t buf_len; /**< bytes */
			uint8_t buf[7];
		} tiny_tx;
		struct {
			rtio_callback_t callback;
			void *arg0;
		} callback;
		struct {
			uint32_t buf_len; /**< bytes, both ways */
			const uint8_t *tx_buf;
			uint8_t *rx_buf;
		} txrx;
		struct {
			k_timeout_t timeout;
		} delay;
		uint32_t i2c_config;
		struct {
			int type;
			void *config;
		} i3c_config;
		void *ccc_payload;
		struct {
			uint32_t len; /**< bytes */
			void *buf;    /**< what the device knows; it may answer in it */
		} cmd;
		struct {
			uint32_t ok; /**< how far it is; guarded by the context's lock */
			rtio_signaled_t callback;
			void *userdata;
		} await;
	};
#ifdef CONFIG_RTIO_DEADLINE
	k_timeout_t deadline; /**< means something with RTIO_SQE_DEADLINE */
#endif
};

/* What all requests have. */
static inline void z_rtio_sqe_prep(struct rtio_sqe *sqe, uint8_t op, const struct rtio_iodev *iodev,
				   uint8_t prio, void *userdata)
{
	sqe->op = op;
	sqe->prio = prio;
	sqe->flags = 0;
	sqe->iodev_flags = 0;
	sqe->iodev = iodev;
	sqe->userdata = userdata;
}

/*
 * Each of these makes *@p sqe a new request, whatever it was before. Context: any.
 *
 * Buffers belong to the request until it has ended. Priorities are passed as upstream declares them,
 * signed; RTIO_PRIO_HIGH arrives as 255.
 */

/** Nothing, through @p iodev. */
static inline void rtio_sqe_prep_nop(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
				     void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_NOP, iodev, RTIO_PRIO_LOW, userdata);
}

/** Read up to @p len bytes into @p buf. */
static inline void rtio_sqe_prep_read(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
				      int8_t prio, uint8_t *buf, uint32_t len, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_RX, iodev, (uint8_t)prio, userdata);
	sqe->rx.buf_len = len;
	sqe->rx.buf = buf;
}

/** Read into memory of the context's pool, as much as the iodev wants. */
static inline void rtio_sqe_prep_read_with_pool(struct rtio_sqe *sqe,
						const struct rtio_iodev *iodev, int8_t prio,
						void *userdata)
{
	rtio_sqe_prep_read(sqe, iodev, prio, NULL, 0, userdata);
	sqe->flags = RTIO_SQE_MEMPOOL_BUFFER;
}

/** The same again and again, until it fails or is cancelled: one completion for each time. */
static inline void rtio_sqe_prep_read_multishot(struct rtio_sqe *sqe,
						const struct rtio_iodev *iodev, int8_t prio,
						void *userdata)
{
	rtio_sqe_prep_read_with_pool(sqe, iodev, prio, userdata);
	sqe->flags |= RTIO_SQE_MULTISHOT;
}

/** Write @p len bytes of @p buf. */
static inline void rtio_sqe_prep_write(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
				       int8_t prio, const uint8_t *buf, uint32_t len,
				       void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_TX, iodev, (uint8_t)prio, userdata);
	sqe->tx.buf_len = len;
	sqe->tx.buf = buf;
}

/** Write up to 7 bytes, which are copied. More fail an assertion; with assertions off, 7 are kept. */
static inline void rtio_sqe_prep_tiny_write(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
					    int8_t prio, const uint8_t *tiny_write_data,
					    uint8_t tiny_write_len, void *userdata)
{
	uint8_t len = MIN(tiny_write_len, (uint8_t)sizeof(sqe->tiny_tx.buf));

	__ASSERT(tiny_write_len == len, "a tiny write of %u bytes", tiny_write_len);
	z_rtio_sqe_prep(sqe, RTIO_OP_TINY_TX, iodev, (uint8_t)prio, userdata);
	sqe->tiny_tx.buf_len = len;
	memcpy(sqe->tiny_tx.buf, tiny_write_data, len);
}

/** Call @p callback. */
static inline void rtio_sqe_prep_callback(struct rtio_sqe *sqe, rtio_callback_t callback,
					  void *arg0, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_CALLBACK, NULL, RTIO_PRIO_LOW, userdata);
	sqe->callback.callback = callback;
	sqe->callback.arg0 = arg0;
}

/** Call @p callback, without a completion. */
static inline void rtio_sqe_prep_callback_no_cqe(struct rtio_sqe *sqe, rtio_callback_t callback,
						 void *arg0, void *userdata)
{
	rtio_sqe_prep_callback(sqe, callback, arg0, userdata);
	sqe->flags |= RTIO_SQE_NO_RESPONSE;
}

/** Write @p buf_len bytes and read as many at the same time. */
static inline void rtio_sqe_prep_transceive(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
					    int8_t prio, const uint8_t *tx_buf, uint8_t *rx_buf,
					    uint32_t buf_len, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_TXRX, iodev, (uint8_t)prio, userdata);
	sqe->txrx.buf_len = buf_len;
	sqe->txrx.tx_buf = tx_buf;
	sqe->txrx.rx_buf = rx_buf;
}

/* Begins to wait. The executor finds it in the request, so that programs without have no code of it. */
void z_rtio_await_begin(struct rtio_iodev_sqe *s, void *userdata);

/** Wait for rtio_sqe_signal(), with @p iodev taken meanwhile, or none if it is NULL. */
static inline void rtio_sqe_prep_await(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
				       int8_t prio, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_AWAIT, iodev, (uint8_t)prio, userdata);
	sqe->await.ok = 0;
	sqe->await.callback = z_rtio_await_begin;
	sqe->await.userdata = NULL;
}

/** rtio_sqe_prep_await() with a device, which is not NULL. */
static inline void rtio_sqe_prep_await_iodev(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
					     int8_t prio, void *userdata)
{
	__ASSERT_NO_MSG(iodev != NULL);
	rtio_sqe_prep_await(sqe, iodev, prio, userdata);
}

/** rtio_sqe_prep_await() with none. */
static inline void rtio_sqe_prep_await_executor(struct rtio_sqe *sqe, int8_t prio, void *userdata)
{
	rtio_sqe_prep_await(sqe, NULL, prio, userdata);
}

#ifdef CONFIG_RTIO_DEADLINE
/** Let @p timeout pass. */
static inline void rtio_sqe_prep_delay(struct rtio_sqe *sqe, k_timeout_t timeout, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_DELAY, NULL, RTIO_PRIO_LOW, userdata);
	sqe->delay.timeout = timeout;
}
#endif

#ifdef CONFIG_RTIO_DEADLINE
/**
 * Give a prepared request a deadline: @p timeout from when it starts (absolute ones: that moment), or
 * from when an executor holds it back. In a transaction, that of the first member counts.
 *
 * It covers the request and all that is linked behind it, so at the head of a chain or transaction it
 * is the deadline of the whole. When it passes, what runs is asked to stop and then answers
 * -ETIMEDOUT (or what became of it, if it cannot be stopped), and what has not started answers
 * -ECANCELED.
 */
static inline void rtio_sqe_set_deadline(struct rtio_sqe *sqe, k_timeout_t timeout)
{
	sqe->flags |= RTIO_SQE_DEADLINE;
	sqe->deadline = timeout;
}
#endif

/**
 * Have @p iodev do what the @p len bytes at @p buf say, which only it understands; they stay the
 * request's until it has ended.
 */
static inline void rtio_sqe_prep_cmd(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
				     int8_t prio, void *buf, uint32_t len, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_CMD, iodev, (uint8_t)prio, userdata);
	sqe->cmd.len = len;
	sqe->cmd.buf = buf;
}

/** Set up an I2C controller. */
static inline void rtio_sqe_prep_i2c_configure(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
					       int8_t prio, uint32_t dev_config, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_I2C_CONFIGURE, iodev, (uint8_t)prio, userdata);
	sqe->i2c_config = dev_config;
}

/** Free an I2C bus that hangs. */
static inline void rtio_sqe_prep_i2c_recover(struct rtio_sqe *sqe, const struct rtio_iodev *iodev,
					     int8_t prio, void *userdata)
{
	z_rtio_sqe_prep(sqe, RTIO_OP_I2C_RECOVER, iodev, (uint8_t)prio, userdata);
}

/** A request on its way: what an iodev gets. */
struct rtio_iodev_sqe {
	struct rtio_sqe sqe;
	struct mpsc_node q;          /**< the iodev's from submit() until it ends the request */
	struct rtio_iodev_sqe *next; /**< the next member of its chain or transaction */
	struct rtio *r;              /**< whose it is; constant once used */
	uint32_t status;             /**< where it is; guarded by the context's lock */
	uint32_t generation;         /**< goes up when it goes home; guarded likewise */
	int32_t result; /**< what it ended with, while somebody still holds it; likewise */
#ifdef CONFIG_RTIO_DEADLINE
	struct timeout_node timeout; /**< of its delay or its deadline; guarded by the kernel */
#endif
};

/** @return the next member of the transaction of @p iodev_sqe, NULL behind the last. */
static inline struct rtio_iodev_sqe *rtio_txn_next(const struct rtio_iodev_sqe *iodev_sqe)
{
	return (iodev_sqe->sqe.flags & RTIO_SQE_TRANSACTION) != 0 ? iodev_sqe->next : NULL;
}

/** @return the next request of the chain of @p iodev_sqe, NULL behind the last. */
static inline struct rtio_iodev_sqe *rtio_chain_next(const struct rtio_iodev_sqe *iodev_sqe)
{
	return (iodev_sqe->sqe.flags & RTIO_SQE_CHAINED) != 0 ? iodev_sqe->next : NULL;
}

/** @return what is linked behind @p iodev_sqe in either way. */
static inline struct rtio_iodev_sqe *rtio_iodev_sqe_next(const struct rtio_iodev_sqe *iodev_sqe)
{
	return iodev_sqe->next;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SQE_H_ */
