/* SPDX-License-Identifier: Apache-2.0 */
/** @file Unpredictable bits, for boards without a source of them. */
#include "bare.h"

#include <errno.h>

__attribute__((weak)) int port_entropy(void *dst, size_t len)
{
	(void)dst;
	(void)len;
	return -ENOTSUP;
}
