/* SPDX-License-Identifier: Apache-2.0 */
/** @file What stands for the work of a peer that is not installed. */
#ifndef BENCH_PEER_ABSENT_H_
#define BENCH_PEER_ABSENT_H_

/* Never called: measure.c leaves a peer out that did not start. */
#define ABSENT(name)                                                                               \
	double name(unsigned long n)                                                               \
	{                                                                                          \
		(void)n;                                                                           \
		return 0;                                                                          \
	}

#endif /* BENCH_PEER_ABSENT_H_ */
