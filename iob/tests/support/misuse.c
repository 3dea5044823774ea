/* SPDX-License-Identifier: Apache-2.0 */
/** @file Calls that a program must not make: go on behind an announced assertion, and count it. */
#include "misuse.h"

unsigned int misuse_assertions;

void ztest_post_assert_fail_hook(void)
{
	misuse_assertions++;
}
