/* SPDX-License-Identifier: Apache-2.0 */
/** @file The code blocks of documents other than the guide, each in a file of surroundings, in one program. */
#include <zephyr/ztest.h>

ZTEST_SUITE(documents, NULL, NULL, NULL, NULL, NULL);
