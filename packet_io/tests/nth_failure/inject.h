/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Failures on demand. The linker puts the functions of inject.c before the calls that may fail: they
 * count them, and make one of them, or that one and all behind it, fail as the real one can.
 */
#ifndef PACKET_IO_TESTS_INJECT_H_
#define PACKET_IO_TESTS_INJECT_H_

#include <stdbool.h>
#include <stdint.h>

/** The calls that may fail. */
enum inject_kind {
	INJECT_ALLOC,   /**< net_buf_alloc(): no buffer */
	INJECT_REF,     /**< net_buf_ref(): no more references */
	INJECT_REF_ADD, /**< net_buf_ref_add(): the same, several at once */
	INJECT_PUT,     /**< k_msgq_put(): full */
	INJECT_GET,     /**< k_msgq_get(): empty */
	INJECT_KINDS,
};

/**
 * Count from 0 again, and let call number @p nth fail (1 is the first; 0: none), with @p stay all
 * after it, too.
 */
void inject_begin(uint32_t nth, bool stay);

/** Let nothing fail any more. @return how many calls there were since inject_begin(). */
uint32_t inject_end(void);

/** @return how many calls of @p kind have been made to fail so far in this program. */
uint32_t inject_failures(enum inject_kind kind);

#endif /* PACKET_IO_TESTS_INJECT_H_ */
