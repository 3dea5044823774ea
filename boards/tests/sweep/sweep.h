/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the tests of the sweep share. */
#ifndef SWEEP_H_
#define SWEEP_H_

#include <stdbool.h>

/** The world is out of balance, so that nothing more can be said about it. */
extern bool sweep_broken;

#endif /* SWEEP_H_ */
