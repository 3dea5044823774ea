/* SPDX-License-Identifier: Apache-2.0 */
#include "parties.h"

int process(void);

int process(void)
{
#ifdef RIGHT
	return packet_event_process(&queue, K_NO_WAIT) +
	       packet_event_process(&other_sink, K_NO_WAIT);
#else
	return packet_event_process(&source, K_NO_WAIT);
#endif
}
