/* SPDX-License-Identifier: Apache-2.0 */
/** @file When to try again: soon at first, then less and less often. */
#ifndef GATEWAY_BACKOFF_H_
#define GATEWAY_BACKOFF_H_

#include <stdint.h>

#define BACKOFF_FIRST_MS 100
#define BACKOFF_LAST_MS  5000

struct backoff {
	uint32_t next_ms; /* 0: it has worked */
	int64_t at;       /* uptime at which to try, ms */
};

/* It failed at uptime @p now. @return in how many ms to try again. */
static inline uint32_t backoff_failed(struct backoff *backoff, int64_t now)
{
	uint32_t wait = backoff->next_ms != 0 ? backoff->next_ms : BACKOFF_FIRST_MS;

	backoff->at = now + wait;
	backoff->next_ms = wait * 2 < BACKOFF_LAST_MS ? wait * 2 : BACKOFF_LAST_MS;
	return wait;
}

static inline void backoff_worked(struct backoff *backoff)
{
	backoff->next_ms = 0;
}

#endif /* GATEWAY_BACKOFF_H_ */
