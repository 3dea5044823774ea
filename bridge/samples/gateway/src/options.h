/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GATEWAY_OPTIONS_H_
#define GATEWAY_OPTIONS_H_

#include "endpoint.h"

#define OUTS_MAX   8
#define EXIT_USAGE 2

struct options {
	struct endpoint in;
	struct endpoint outs[OUTS_MAX];
	unsigned int out_count;
	unsigned int counters_s; /* between two lines of counters; 0: none */
};

/* Parse the command line; ends the program for --help and for what is wrong. */
void options_parse(struct options *options, int argc, char *argv[]);

#endif /* GATEWAY_OPTIONS_H_ */
