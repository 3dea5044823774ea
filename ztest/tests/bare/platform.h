/* SPDX-License-Identifier: Apache-2.0 */

/** @file What the tests may ask of the pretended platform. */

#ifndef BARE_PLATFORM_H_
#define BARE_PLATFORM_H_

#include <stdbool.h>

/** Call @p routine as an interrupt would. */
void bare_interrupt(void (*routine)(void));

/** @return whether interrupts are masked. */
bool bare_masked(void);

#endif /* BARE_PLATFORM_H_ */
