/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files of Packet I/O share. */
#ifndef PACKET_IO_INTERNAL_H_
#define PACKET_IO_INTERNAL_H_

#include <errno.h>

#include <zephyr/packet_io/packet_io.h>

#include "compat.h"

/** A timeout shared by several waits: what was asked for, and when it ends. */
struct packet_wait {
	k_timeout_t timeout;
	compat_timepoint_t end; /* valid if timeout is neither K_NO_WAIT nor K_FOREVER */
};

/** One packet on its way to several sinks. */
struct packet_delivery {
	struct net_buf *buf;
	const struct packet_wait *wait;
	/*
	 * References that this call may give away: 1 at first if it consumes the caller's, else 0.
	 * More are taken in one step for all queued sinks that are left.
	 */
	uint32_t held;
	uint32_t consume; /* 1 if it does, else 0 */
};

/** Start the clock of a wait. */
static inline void packet_wait_begin(struct packet_wait *wait, k_timeout_t timeout)
{
	wait->timeout = timeout;
	if (!K_TIMEOUT_EQ(timeout, K_NO_WAIT) && !K_TIMEOUT_EQ(timeout, K_FOREVER)) {
		wait->end = compat_timepoint(timeout);
	}
}

/** @return what is left of a wait. */
k_timeout_t packet_wait_left(const struct packet_wait *wait);

/**
 * Deliver to one sink. @p left: sinks that are still to be served, this one included.
 * @return as packet_sink_deliver(). After 0 with delivery->held 0 and consume, buf must not be
 * touched any more: the last reference went to the sink.
 */
int packet_deliver(struct packet_delivery *delivery, struct packet_sink *sink, uint32_t left);

/** Send one packet; arguments were checked. @return sinks that took it. */
int packet_send_one(struct packet_source *src, struct net_buf *buf, bool consume,
		    const struct packet_wait *wait);

/** @return whether there is a queue, and of events: a copy of another size would run over their end. */
static inline bool packet_is_event_queue(const struct k_msgq *msgq)
{
	__ASSERT(msgq == NULL || msgq->msg_size == sizeof(struct packet_event),
		 "the queue of a sink must be one of struct packet_event");
	return msgq != NULL && msgq->msg_size == sizeof(struct packet_event);
}

/** @return whether @p buf may be sent. */
static inline bool packet_is_sendable(const struct net_buf *buf)
{
	return buf != NULL && compat_ref_get(buf) != 0;
}

#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS

/**
 * A walk over a source's runtime connections that does not hold the lock while it looks at one.
 * It lives on the walker's stack and is known to the source, so that a connection which is removed
 * meanwhile is stepped over. Connections added after its start are not visited: they stand behind
 * the last one to visit.
 */
struct packet_sender {
	struct packet_sender *next;         /* in source->senders */
	struct packet_connection *upcoming; /* visited next; NULL at the end */
	struct packet_connection *last;     /* the last to visit; means nothing at the end */
	struct packet_connection *current;  /* being visited; only compared, it may be gone */
	k_tid_t thread;                     /* who walks */
};

/** Start a walk. */
void packet_walk_begin(struct packet_source *src, struct packet_sender *walk);

/** @return the sink of the next connection, NULL at the end; *@p conn (may be NULL): which one. */
struct packet_sink *packet_walk_next(struct packet_source *src, struct packet_sender *walk,
				     struct packet_connection **conn);

/** End a walk, at its end or before. */
void packet_walk_end(struct packet_source *src, struct packet_sender *walk);

/** @return whether there is something to walk over, without taking the lock. */
static inline bool packet_has_runtime(const struct packet_source *src)
{
	return compat_peek(&src->runtime_count) != 0;
}

#else

static inline bool packet_has_runtime(const struct packet_source *src)
{
	ARG_UNUSED(src);
	return false;
}

#endif /* CONFIG_PACKET_IO_RUNTIME_OBSERVERS */

/** What one program or shared library defines at file scope. */
struct packet_io_module {
#ifdef CONFIG_PORT_POSIX /* elsewhere only wire.c looks at them */
	const struct packet_wire *wires_start;
	const struct packet_wire *wires_stop;
#endif
	struct packet_source *const *sources_start;
	struct packet_source *const *sources_stop;
	struct packet_sink *const *sinks_start;
	struct packet_sink *const *sinks_stop;
	struct packet_io_module *next; /* in the order of registration */
};

#ifdef CONFIG_PORT_POSIX
/*
 * Named after the options that change structures: a program does not start with a shared library
 * of another configuration, and the loader's message says which option it is.
 */
#define packet_io_register UTIL_CAT(Z_PACKET_IO_MODULE, _register)
#endif

/** Linux: add @p module, before the wiring is done. Later its wires are refused, with a message. */
void packet_io_register(struct packet_io_module *module);

/** @return the first of the modules, linked by next. They never change after start-up. */
const struct packet_io_module *packet_io_modules(void);

#endif /* PACKET_IO_INTERNAL_H_ */
