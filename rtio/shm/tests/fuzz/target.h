/* SPDX-License-Identifier: Apache-2.0 */
/** @file A program for a hostile client and its server, as bytes. */
#ifndef RTIO_SHM_TESTS_TARGET_H_
#define RTIO_SHM_TESTS_TARGET_H_

#include <stddef.h>
#include <stdint.h>

/* Run the program in @p data. Aborts if the server does what it must not. @return 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* RTIO_SHM_TESTS_TARGET_H_ */
