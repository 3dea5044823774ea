/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
PACKET_SOURCE_CONNECT(source, sink);
#else
PACKET_SOURCE_CONNECT(source, other_source);
#endif
