/* SPDX-License-Identifier: Apache-2.0 */
/** @file The books about a context for requests. */
#ifndef REQUEST_BOOKS_H_
#define REQUEST_BOOKS_H_

#include <zephyr/rtio/cancel.h>

#include "operations.h"

#define REQUESTS 12 /* of the context */
#define COMPLETIONS 10
#define BLOCKS 6
#define BLOCK_SIZE 8
#define KEPT 4 /* completions that a party has at most */
#define REPEATS BIT(27) /* in the number of a request that is multishot */

/** What one party has done and holds. */
struct request_book {
	struct rtio_cqe *kept[KEPT]; /**< completions it has consumed */
	uint32_t kept_count;
	uint32_t last;       /**< number of its last request */
	uint32_t submitted;  /**< requests */
	uint32_t multishots; /**< of those */
	uint32_t submitted_sum;
	uint32_t got;     /**< ends that it has consumed */
	uint32_t repeats; /**< completions of requests that went on */
	uint32_t got_sum;
	uint32_t blocks;          /**< that it has */
	rtio_sqe_handle_t handle; /**< of the first that it submitted last */
};

extern struct request_book request_books[PARTIES];
extern struct rtio request_ctx;
extern const struct rtio_iodev request_keeper; /**< keeps requests until somebody ends them */
extern struct rtio_iodev_sqe *request_kept[REQUESTS];
extern uint32_t request_kept_count;

/** The entries of all parties in a field of their books, added up. */
#define SUM(field)                                                                                 \
	(request_books[SCENE].field + request_books[MAIN].field + request_books[ISR].field)

/** @return whether @p cqe is not the end of its request. */
static inline bool request_goes_on(const struct rtio_cqe *cqe)
{
	return (POINTER_TO_UINT(cqe->userdata) & REPEATS) != 0 && cqe->result >= 0;
}

/** @return what of books and context does not agree, or NULL. */
const char *request_fault(void);

#endif /* REQUEST_BOOKS_H_ */
