/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What lies in the memory that a server of requests shares with its client: doc/shared_memory.md has
 * the picture. Not on Zephyr.
 *
 * Everything is in the byte order of the machine. Offsets are in bytes from the beginning of the area,
 * those of buffers from the beginning of the data. Indexes of the rings count up and wrap at 2^32; an
 * entry's place is its index modulo the number of entries.
 */
#ifndef ZEPHYR_RTIO_SHM_LAYOUT_H_
#define ZEPHYR_RTIO_SHM_LAYOUT_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTIO_SHM_MAGIC   0x6f697472U /* "rtio" */
#define RTIO_SHM_VERSION 1U

/** Most entries of a ring; any power of two up to it will do. */
#define RTIO_SHM_ENTRIES_MAX 4096U

/** Most bytes of data. */
#define RTIO_SHM_DATA_MAX (1U << 30)

/** Longest delay or deadline, in microseconds: about nine years. */
#define RTIO_SHM_TIMEOUT_MAX_US (UINT64_C(1) << 48)

/** Index of no iodev, for RTIO_OP_DELAY. */
#define RTIO_SHM_NO_IODEV UINT32_MAX

/** Flags that a request of a client may have. */
#define RTIO_SHM_FLAGS (RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION | RTIO_SQE_DEADLINE)

/** A request. What an operation does not use is 0. */
struct rtio_shm_sqe {
	uint32_t tag;         /**< below the number of entries; of no other request not answered */
	uint32_t generation;  /**< with the tag the name of the request; not 0 */
	uint8_t op;           /**< RTIO_OP_... */
	uint8_t prio;         /**< RTIO_PRIO_LOW to RTIO_PRIO_HIGH */
	uint16_t flags;       /**< of RTIO_SHM_FLAGS */
	uint32_t iodev_flags; /**< RTIO_IODEV_... */
	uint32_t iodev;       /**< index of the iodev, or RTIO_SHM_NO_IODEV */
	uint32_t len;         /**< bytes of each buffer; of a tiny write, those in arg */
	uint32_t tx_offset;   /**< of the data to be written */
	uint32_t rx_offset;   /**< of where to read to */
	union {
		uint64_t delay_us;   /**< RTIO_OP_DELAY */
		uint32_t i2c_config; /**< RTIO_OP_I2C_CONFIGURE; the other half is 0 */
		uint8_t tiny[8];     /**< RTIO_OP_TINY_TX; at most 7 bytes, the others are 0 */
		uint64_t bits;
	} arg;
	uint64_t deadline_us; /**< from its start; means something with RTIO_SQE_DEADLINE */
	uint64_t userdata;    /**< comes back in the completion */
	uint64_t unused;      /**< 0 */
};

/** A completion. */
struct rtio_shm_cqe {
	uint64_t userdata;   /**< of the request */
	int32_t result;      /**< 0 or more, or a negative errno value */
	uint32_t tag;        /**< of the request */
	uint32_t generation; /**< of the request */
	uint32_t unused[3];
};

/** The first bytes of the area. */
struct rtio_shm_header {
	uint32_t magic; /**< RTIO_SHM_MAGIC; up to chain_max constant */
	uint32_t version;
	uint32_t entries; /**< of each ring, and tags; a power of two */
	uint32_t num_iodevs;
	uint32_t sq_offset;     /**< of the requests */
	uint32_t cq_offset;     /**< of the completions */
	uint32_t cancel_offset; /**< of a word for each tag */
	uint32_t data_offset;   /**< of the data; the last of all */
	uint32_t data_size;     /**< bytes */
	uint32_t chain_max;     /**< requests of a chain */
	uint32_t unused_0[6];

	uint32_t cq_tail;       /**< completions so far; the server's */
	uint32_t server_sleeps; /**< 1: ring the bell; set by the server, cleared by the client */
	int32_t status;         /**< 0, or why the server takes no more requests; the server's */
	uint32_t unused_1[13];

	uint32_t sq_tail;       /**< requests so far; the client's */
	uint32_t cq_head;       /**< completions consumed so far; the client's */
	uint32_t client_sleeps; /**< 1: wake the client; set by the client, cleared by the server */
	uint32_t cancel_count;  /**< words for tags written so far; the client's */
	uint32_t unused_2[12];
};

BUILD_ASSERT(sizeof(struct rtio_shm_sqe) == 64, "a cache line");
BUILD_ASSERT(sizeof(struct rtio_shm_cqe) == 32, "half a cache line");
BUILD_ASSERT(sizeof(struct rtio_shm_header) == 192, "three cache lines");

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SHM_LAYOUT_H_ */
