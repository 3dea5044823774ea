/* SPDX-License-Identifier: Apache-2.0 */
/** @file Park and unpark: a futex that counts tokens. The virtual clock has park_virtual.c. */
#include <zephyr/autoconf.h>

#include <errno.h>

#include <port/port.h>

#include "clock.h"
#include "futex.h"
#include "park.h"

/* The value of tokens while the owner sleeps: here, or elsewhere. */
#define ASLEEP (-1)
#define AWAY   (-2)

bool park_token_take(struct port_parker *parker)
{
	/* Acquire: pairs with the release in park_token_leave(). */
	int32_t tokens = __atomic_load_n(&parker->tokens, __ATOMIC_ACQUIRE);

	while (tokens > 0) {
		if (__atomic_compare_exchange_n(&parker->tokens, &tokens, tokens - 1, true,
						__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
			return true;
		}
	}
	return false;
}

void park_token_leave(struct port_parker *parker)
{
	/* Acquire: pairs with the release in port_park_in(). */
	int32_t tokens = __atomic_load_n(&parker->tokens, __ATOMIC_ACQUIRE);
	int32_t more;
	int32_t fd;

	do {
		more = tokens < 0 ? 1 : tokens + 1;
		/* Relaxed: its owner wrote it before it went away. */
		fd = __atomic_load_n(&parker->fd, __ATOMIC_RELAXED);
		/* Release: pairs with the acquire in park_token_take(). */
	} while (!__atomic_compare_exchange_n(&parker->tokens, &tokens, more, true,
					      __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
	if (tokens == ASLEEP) {
		int saved = errno;

		futex_wake_one(&parker->tokens);
		errno = saved;
	} else if (tokens == AWAY) {
		port_event_set(fd, true);
	}
}

bool park_asleep(const struct port_parker *parker)
{
	return __atomic_load_n(&parker->tokens, __ATOMIC_RELAXED) == ASLEEP;
}

bool park_has_token(const struct port_parker *parker)
{
	return __atomic_load_n(&parker->tokens, __ATOMIC_RELAXED) > 0;
}

void park_doze(struct port_parker *parker, const struct timespec *limit)
{
	int32_t expected = 0;

	if (!__atomic_compare_exchange_n(&parker->tokens, &expected, ASLEEP, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
		return;
	}
	futex_wait_until(&parker->tokens, (uint32_t)ASLEEP, limit);
	expected = ASLEEP;
	(void)__atomic_compare_exchange_n(&parker->tokens, &expected, 0, false, __ATOMIC_RELAXED,
					  __ATOMIC_RELAXED);
}

bool port_park(struct port_parker *parker, int64_t deadline)
{
	int saved = errno;
	struct timespec until;
	bool taken;

	if (deadline != PORT_FOREVER) {
		until = clock_timespec(deadline);
	}
	while (!(taken = park_token_take(parker))) {
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
		if (clock_is_virtual()) {
			taken = park_virtual(parker, deadline);
			break;
		}
#endif
		if (deadline != PORT_FOREVER && port_clock_ticks() >= deadline) {
			break;
		}
		park_doze(parker, deadline != PORT_FOREVER ? &until : NULL);
	}
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	if (clock_is_virtual()) {
		park_virtual_adopt(parker);
	}
#endif
	errno = saved;
	return taken;
}

void port_unpark(struct port_parker *parker)
{
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	if (clock_is_virtual()) {
		unpark_virtual(parker);
		return;
	}
#endif
	park_token_leave(parker);
}

int port_park_in(struct port_parker *parker, struct port_sleep *sleep, int64_t deadline)
{
	int saved = errno;
	int32_t expected = 0;

	if (park_token_take(parker)) {
		return 1;
	}
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	if (clock_is_virtual()) {
		return -ENOTSUP;
	}
#endif
	__atomic_store_n(&parker->fd, sleep->fd, __ATOMIC_RELAXED);
	/* Release: pairs with the acquire in park_token_leave(). */
	if (__atomic_compare_exchange_n(&parker->tokens, &expected, AWAY, false, __ATOMIC_RELEASE,
					__ATOMIC_RELAXED)) {
		sleep->sleep(sleep, deadline);
		expected = AWAY;
		(void)__atomic_compare_exchange_n(&parker->tokens, &expected, 0, false,
						  __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	if (clock_is_virtual()) {
		park_virtual_adopt(parker);
	}
#endif
	errno = saved;
	return park_token_take(parker) ? 1 : 0;
}
