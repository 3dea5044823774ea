/* SPDX-License-Identifier: Apache-2.0 */

#include "sections.h"

STRUCT_SECTION_ITERABLE(odd, other_odd_0) = {2, 0, 0};
STRUCT_SECTION_ITERABLE(odd, other_odd_1) = {2, 1, 0};
static const STRUCT_SECTION_ITERABLE(big, other_big_0) = {2, 0, ""};
static const STRUCT_SECTION_ITERABLE(big, other_big_1) = {2, 1, ""};
static const STRUCT_SECTION_ITERABLE(big, other_big_2) = {2, 2, ""};
