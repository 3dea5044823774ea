/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What RTIO should do, written down plainly: requests by number, in arrays, one context, no memory of
 * its own. The random programs do everything twice, here and on a context, and compare.
 */
#ifndef RTIO_TESTS_REFERENCE_H_
#define RTIO_TESTS_REFERENCE_H_

#include <zephyr/rtio/cancel.h>

#define REQUESTS 320 /* of one program; each is used once */
#define NOBODY   (-1)
#define NEVER    INT64_MAX

enum kind {
	AT_ONCE,  /* ends in submit() */
	HELD,     /* stays with the device */
	READ,     /* stays, and gets a block of the pool when it ends well */
	CALLBACK, /* one of the executor's own operations; the next two as well */
	AWAIT,
	UNKNOWN,
	DELAY, /* another one of those; with deadlines only */
	KINDS
};

enum place {
	UNUSED,
	TAKEN,
	LINKED,
	ACTIVE,
	OVER
};

struct request {
	enum kind kind;
	enum place place;
	uint16_t flags; /* RTIO_SQE_... */
	bool deaf;      /* the device does not do what a cancel asks for */
	bool asked;     /* cancelled */
	bool late;      /* its deadline has passed */
	bool withdrawn;
	bool signalled;
	int result;      /* of one that ends at once */
	int64_t delay;   /* ticks */
	int64_t timeout; /* its deadline, in ticks from when it starts or is held back; NEVER: none */
	int64_t due;     /* its deadline, once that is a moment, or what it took over; NEVER */
	int64_t expires; /* when its timer does; NEVER: it has none */
	uint32_t armed;  /* number of the beginning of that */
	bool too_long;   /* the delay, for the deadline */
	int next;        /* linked behind it, or NOBODY */
	int head; /* the first of the transaction that it is an active member of, else itself */
	rtio_sqe_handle_t handle;
};

/* How something went. */
struct event {
	int number;
	int result;
	bool block; /* with memory of the pool */
};

struct reference {
	struct request request[REQUESTS];
	uint32_t limit; /* chains at once; 0: all */
	uint32_t running;
	int waiting[REQUESTS]; /* heads of chains that the executor holds back, in order */
	uint32_t waits;
	uint32_t cqes;   /* completions there are */
	uint32_t queued; /* and how many of them wait to be consumed */
	uint32_t lost;
	uint32_t blocks; /* free ones of the pool */
	int64_t now;
	uint32_t timers; /* begun so far */
	struct event answers[2 * REQUESTS];
	uint32_t answered; /* how many there were; the last `queued` of them are in the queue */
	struct event starts[4 * REQUESTS]; /* calls of the device and of callbacks, in order */
	uint32_t started;
};

/* The links of what begins with @p first are submitted. Withdrawn ones go, the rest runs. */
void reference_submit(struct reference *m, int first);

/* The device or a signal ends @p n. */
void reference_end(struct reference *m, int n, int result);

/* @return whether something is due already. */
bool reference_is_due(const struct reference *m);

/* Time passes until @p to: what is due by then happens. */
void reference_advance(struct reference *m, int64_t to);

/* As rtio_cancel(), by number. */
int reference_cancel(struct reference *m, int n);

/* As rtio_signal(). */
int reference_signal(struct reference *m, int n);

/* Cancel all, in the order of their entries; held by the device only unless @p all. */
uint32_t reference_cancel_all(struct reference *m, bool all);

/* @return entries in use. */
uint32_t reference_in_use(const struct reference *m);

#endif /* RTIO_TESTS_REFERENCE_H_ */
