/* SPDX-License-Identifier: Apache-2.0 */
/** @file Whether the books about packets, messages and connections, and these, agree. */
#ifndef BALANCE_H_
#define BALANCE_H_

#include "world.h"

/**
 * Compare them, no operation being under way.
 * @return NULL if they agree, otherwise what does not.
 */
const char *balance_fault(void);

#endif /* BALANCE_H_ */
