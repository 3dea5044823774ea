/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * When to use what: an executor that picks, by size and by what the device can, whether a transfer
 * polls, takes an interrupt for each piece, or is done like DMA; and that does one which is longer than
 * the device's DMA can in parts. It counts what it picked. Not on Zephyr.
 *
 * What these macros define is RAM.
 */
#ifndef ZEPHYR_RTIO_POLICY_H_
#define ZEPHYR_RTIO_POLICY_H_

#include <zephyr/rtio/rtio.h>
#include <zephyr/rtio/split.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ways to transfer, in `iodev_flags` by RTIO_IODEV_TRANSFER_GET(). */
#define RTIO_TRANSFER_ANY 0U
#define RTIO_TRANSFER_POLL 1U
#define RTIO_TRANSFER_INTERRUPT 2U
#define RTIO_TRANSFER_DMA 3U

/** What a device can; constant. */
struct rtio_iodev_caps {
	uint32_t ways;      /**< BIT(RTIO_TRANSFER_...) of those it has */
	uint32_t dma_align; /**< DMA: alignment of buffer and length; a power of two, 0 as 1 */
	uint32_t dma_max;   /**< DMA: bytes at most; 0: any number */
};

/** The limits by which an executor picks; constant. */
struct rtio_policy_limits {
	uint32_t poll_max; /**< transfers of up to this many bytes poll, where the device can */
	uint32_t dma_min;  /**< transfers of at least this many use DMA, where the device can */
};

#define RTIO_POLICY_SPLITS 2
#define RTIO_POLICY_PARTS  4

/** The executor. What it picked is counted; read it at any time. */
struct rtio_executor_policy {
	struct rtio_executor ctx;
	struct rtio_policy_limits limits;
	uint32_t picked
		[4];    /**< by RTIO_TRANSFER_...; those without a length or caps are not counted */
	uint32_t split; /**< transfers done in parts */
	uint32_t splits_used; /**< a bit for each of the next that is in use */
	struct rtio_split splits[RTIO_POLICY_SPLITS];
};

/* begin() and stop() of these executors. */
bool z_rtio_policy_begin(struct rtio_executor *exec, struct rtio_iodev_sqe *iodev_sqe);
bool z_rtio_policy_stop(struct rtio_iodev_sqe *iodev_sqe);

/**
 * Define executor @p name for up to @p concurrency chains, with the limits @p poll_max_bytes and
 * @p dma_min_bytes. The device finds what was picked in the request, and may still do otherwise. Reads
 * and writes of a device whose DMA takes `dma_max` bytes, longer than that, are done in up to
 * RTIO_POLICY_PARTS parts through the same context, where there are requests left for them; else they
 * take interrupts, or whatever way the device has.
 */
#define RTIO_EXECUTOR_POLICY_DEFINE(name, concurrency, poll_max_bytes, dma_min_bytes)              \
	BUILD_ASSERT((concurrency) > 0, "an executor that does nothing");                          \
	struct rtio_executor_policy name = {                                                       \
		Z_RTIO_EXECUTOR(concurrency, false, z_rtio_policy_begin, z_rtio_policy_stop),      \
		{(poll_max_bytes), (dma_min_bytes)},                                               \
		{0, 0, 0, 0},                                                                      \
		0,                                                                                 \
		0,                                                                                 \
		{}}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_POLICY_H_ */
