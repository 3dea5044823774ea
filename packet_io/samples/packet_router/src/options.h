/* SPDX-License-Identifier: Apache-2.0 */
/** @file The command line. */
#ifndef PACKET_ROUTER_OPTIONS_H_
#define PACKET_ROUTER_OPTIONS_H_

#include "capture.h"

#define EXIT_USAGE 2

struct options {
	struct capture_plan capture;
	const char *dir; /**< where the files go */
};

/** Read the command line. Ends the program for --help, and with EXIT_USAGE for what is wrong. */
void options_parse(int argc, char **argv, struct options *options);

#endif /* PACKET_ROUTER_OPTIONS_H_ */
