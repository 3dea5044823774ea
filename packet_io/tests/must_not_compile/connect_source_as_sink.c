/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
PACKET_CONNECT(&source, &sink);
#else
PACKET_CONNECT(&source, &other_source);
#endif
