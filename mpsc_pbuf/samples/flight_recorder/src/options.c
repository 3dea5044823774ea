/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"Usage: flight_recorder [OPTION]... DIR\n"
	"       flight_recorder -r [-v] DIR\n"
	"Threads and an interrupt log records into one ring, the oldest of which are overwritten when\n"
	"the disk is too slow; a consumer writes them to files in DIR. First it says what earlier runs,\n"
	"however they ended, have left there; with -r it says only that.\n"
	"\n"
	"  -t SECONDS  end after so long (otherwise with Ctrl-C)\n"
	"  -n RECORDS  end when each thread has made so many\n"
	"  -p THREADS  that make records, 1 to 32 (4)\n"
	"  -b BYTES    of the ring, 1024 to 1073741824 (65536)\n"
	"  -s BYTES    of a file, then the next one begins, 1024 to 1073741824 (1048576)\n"
	"  -k FILES    to keep, 1 to 1000000 (8)\n"
	"  -w MS       that the consumer waits after each batch, as a slow disk would, up to 10000 (0)\n"
	"  -y          have each batch on the disk before the next (fsync)\n"
	"  -r          only read back\n"
	"  -v          a line for each record, once it is in the file, or that is read back\n"
	"  --help      this text\n"
	"\n"
	"The exit status is 0 if all went well, 1 if not, 2 if the command line is wrong.\n";

__attribute__((noreturn)) static void usage_error(void)
{
	(void)fputs("Try flight_recorder --help.\n", stderr);
	exit(EXIT_USAGE);
}

static uint32_t number(char option, const char *text, uint32_t least, uint32_t most)
{
	unsigned long value;

	errno = 0;
	value = strtoul(text, NULL, 10);
	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    value < least || value > most) {
		(void)fprintf(stderr,
			      "flight_recorder: -%c: '%s' is not a whole number from %u to %u\n",
			      option, text, least, most);
		usage_error();
	}
	return (uint32_t)value;
}

static void parse_one(int option, const char *value, struct options *options)
{
	const uint32_t gib = 1U << 30;

	switch (option) {
	case 't':
		options->seconds = number('t', value, 1, 1000000);
		break;
	case 'n':
		options->per_thread = number('n', value, 1, 1000000000);
		break;
	case 'p':
		options->threads = number('p', value, 1, 32);
		break;
	case 'b':
		options->ring_bytes = number('b', value, 1024, gib);
		break;
	case 's':
		options->file_bytes = number('s', value, 1024, gib);
		break;
	case 'k':
		options->files = number('k', value, 1, 1000000);
		break;
	case 'w':
		options->wait_ms = number('w', value, 0, 10000);
		break;
	case 'y':
		options->sync = true;
		break;
	case 'r':
		options->read = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case 'h':
		(void)fputs(help, stdout);
		exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
	default:
		usage_error();
	}
}

void options_parse(struct options *options, int argc, char *argv[])
{
	static const struct option long_options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option;

	*options = (struct options){
		.threads = 4, .ring_bytes = 65536, .file_bytes = 1048576, .files = 8};
	while ((option = getopt_long(argc, argv, "t:n:p:b:s:k:w:yrv", long_options, NULL)) != -1) {
		parse_one(option, optarg, options);
	}
	if (optind != argc - 1) {
		(void)fputs("flight_recorder: one directory is needed\n", stderr);
		usage_error();
	}
	options->dir = argv[optind];
}
