/* SPDX-License-Identifier: Apache-2.0 */
/** @file Bytes as frames, and as the payload of one. */
#ifndef GATEWAY_TESTS_TARGET_H_
#define GATEWAY_TESTS_TARGET_H_

#include <stddef.h>
#include <stdint.h>

/* Check what @p data is. Aborts if something does not agree. @return 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* GATEWAY_TESTS_TARGET_H_ */
