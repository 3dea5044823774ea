/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files of the benchmark share. */
#ifndef BENCH_H_
#define BENCH_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Somebody's way to do a piece of work. */
struct bench_side {
	const char *name;               /**< of the peer; NULL ends a list */
	double (*run)(unsigned long n); /**< do it n times; @return nanoseconds in all */
	double target; /**< most that ours may take, as a multiple of this; 0: none */
	double aim;    /**< and then */
};

#define BENCH_PEERS_MAX 3

/** Buffers of a burst. */
#define BENCH_BURST 32

/** One piece of work, ours and the peers'. */
struct bench_row {
	const char *work;
	double (*run)(unsigned long n); /**< ours */
	unsigned int per_op;            /**< results are divided by this: sinks of a fan-out, say */
	bool threads;                   /**< uses a second thread: instructions are not counted */
	double instructions_target;     /**< 0: none */
	double instructions_aim;
	struct bench_side peers[BENCH_PEERS_MAX + 1];
};

/** The rows of each file; the list ends with work NULL. */
extern const struct bench_row bench_net_buf_rows[];
extern const struct bench_row bench_net_buf_cached_rows[] __attribute__((visibility("default")));
extern const struct bench_row bench_msgq_rows[];
extern const struct bench_row bench_wakeup_rows[];
extern const struct bench_row bench_fanout_rows[];
extern const struct bench_row bench_stream_rows[];
extern const struct bench_row bench_mpsc_rows[];
extern const struct bench_row bench_iob_rows[];
extern const struct bench_row bench_rtio_rows[];
extern const struct bench_row bench_rtio_linux_rows[];

/** A way to do a piece of work of some size, for a curve. */
struct bench_curve_side {
	const char *name; /**< "ours", or of the peer; NULL ends a list */
	/** Do it n times at size x; @return nanoseconds in all, without what a size takes to set up. */
	double (*run)(unsigned int x, unsigned long n);
};

#define BENCH_CURVE_SIDES_MAX 3

/** How the time of a piece of work grows with its size. */
struct bench_curve {
	const char *work;
	const char *x_name;
	const unsigned int *x; /**< the sizes, growing; 0 ends the list */
	bool per_x;            /**< a run does it x times: results are divided by x */
	struct bench_curve_side sides[BENCH_CURVE_SIDES_MAX + 1];
};

/** The curves of each file; the list ends with work NULL. */
extern const struct bench_curve bench_fanout_curves[];
extern const struct bench_curve bench_connection_curves[];
extern const struct bench_curve bench_pool_curves[];

/** Set a peer up. @return false if it cannot be used on this machine (it has said why). */
bool bench_dpdk_start(void);
bool bench_lwip_start(void);
bool bench_ck_start(void);

/** @return nanoseconds of CLOCK_MONOTONIC. */
double bench_now(void);

/** Keep the calling thread on core @p core, counted from 0 among those the process may use. */
void bench_pin(unsigned int core);

/**
 * Run @p producer(n) on this core and @p consumer(n) on the next, started together.
 * @return nanoseconds until both have ended.
 */
double bench_pair(void (*producer)(unsigned long n), void (*consumer)(unsigned long n),
		  unsigned long n);

/** The same, both on this core. */
double bench_pair_on_one_core(void (*first)(unsigned long n), void (*second)(unsigned long n),
			      unsigned long n);

/** A pause for a loop that waits for another core. */
static inline void bench_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Work done with DPDK (peer_dpdk.c). */
double dpdk_mbuf_pair(unsigned long n);
double dpdk_mbuf_cached_pair(unsigned long n);
double dpdk_mbuf_cached_bursts(unsigned long n);
double dpdk_mbuf_cached_two_cores(unsigned long n);

/* Work done with lwIP (peer_lwip.c). */
double lwip_pair(unsigned long n);
double lwip_chain(unsigned long n);
double lwip_copy(unsigned long n);

#endif /* BENCH_H_ */
