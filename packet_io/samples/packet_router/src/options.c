/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char help[] =
	"Usage: packet_router (-i IFACE | -r FILE) [-f FILTER] [-c COUNT] [-o DIR]\n"
	"Routes frames by protocol into the capture files tcp.pcap, udp.pcap and other.pcap.\n"
	"\n"
	"  -i IFACE   capture live, from this interface (\"any\": all of them), until Ctrl-C\n"
	"  -r FILE    read this capture file (\"-\": standard input)\n"
	"  -f FILTER  only frames that this libpcap filter matches, such as 'port 53'\n"
	"  -c COUNT   end after so many frames\n"
	"  -o DIR     where the files go, replacing older ones; made if it is not there (.)\n"
	"  --help     this text\n"
	"\n"
	"Live, a frame that finds a queue or the pool of buffers full is dropped and counted; from a\n"
	"file none is. Ends with a table. The exit status is 0 if all went well, 1 if not, 2 if the\n"
	"command line or the filter is wrong.\n";

__attribute__((noreturn)) static void usage_error(void)
{
	(void)fputs("Try packet_router --help.\n", stderr);
	exit(EXIT_USAGE);
}

static int parse_count(const char *text)
{
	unsigned long value;

	errno = 0;
	value = strtoul(text, NULL, 10);
	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    value < 1 || value > INT_MAX) {
		report_error("-c: '%s' is not a whole number from 1 to %d", text, INT_MAX);
		usage_error();
	}
	return (int)value;
}

static void parse_one(int option, const char *value, struct options *options)
{
	switch (option) {
	case 'i':
		options->capture.interface = value;
		break;
	case 'r':
		options->capture.file = value;
		break;
	case 'f':
		options->capture.filter = value;
		break;
	case 'c':
		options->capture.count = parse_count(value);
		break;
	case 'o':
		options->dir = value;
		break;
	case 'h':
		(void)fputs(help, stdout);
		exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
	default:
		usage_error();
	}
}

void options_parse(int argc, char **argv, struct options *options)
{
	static const struct option long_options[] = {
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	*options = (struct options){.dir = "."};
	while ((option = getopt_long(argc, argv, "i:r:f:c:o:", long_options, NULL)) != -1) {
		parse_one(option, optarg, options);
	}
	if (optind < argc) {
		report_error("'%s': unknown argument (a filter follows -f, in quotes)",
			     argv[optind]);
		usage_error();
	}
	if ((options->capture.interface == NULL) == (options->capture.file == NULL)) {
		report_error("there must be one of -i IFACE and -r FILE");
		usage_error();
	}
}
