/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

#ifdef RIGHT
PACKET_SOURCE_CONNECT(source, other_sink);
#else
PACKET_SOURCE_CONNECT(sink, other_sink);
#endif
