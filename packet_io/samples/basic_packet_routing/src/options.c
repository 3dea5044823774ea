/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "receiver_process.h"

#define EXIT_USAGE 2

static const char help[] =
	"Usage: basic_packet_routing [OPTION]...\n"
	"Two sensors send packets through a processor to a TCP peer and a validator.\n"
	"\n"
	"  --connect HOST:PORT  send to this peer (an IPv6 address in brackets), such as nc -l;\n"
	"                       without it, to a receiver of its own that checks every byte\n"
	"  --count N            end after N packets of both sensors together\n"
	"  --rate HZ            rate of sensor1, 0.01 to 1000000 (100); sensor2 has a quarter of it\n"
	"  --duration S         end after S seconds (2, or no limit with --count)\n"
	"  --timeout S          give up when the peer does nothing for S seconds (5)\n"
	"  --quiet              no progress\n"
	"  --help               this text\n"
	"\n"
	"Ends with a table. The exit status is 0 if every packet arrived whole and in order and all\n"
	"buffers came home, 1 if not, 2 if the command line is wrong.\n";

enum {
	OPTION_CONNECT = 256,
	OPTION_COUNT,
	OPTION_RATE,
	OPTION_DURATION,
	OPTION_TIMEOUT,
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{"connect", required_argument, NULL, OPTION_CONNECT},
	{"count", required_argument, NULL, OPTION_COUNT},
	{"rate", required_argument, NULL, OPTION_RATE},
	{"duration", required_argument, NULL, OPTION_DURATION},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"quiet", no_argument, NULL, OPTION_QUIET},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0},
};

__attribute__((format(printf, 1, 2), noreturn)) static void usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("basic_packet_routing: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputs("\nTry basic_packet_routing --help.\n", stderr);
	va_end(args);
	exit(EXIT_USAGE);
}

/* @return thousandths of the number @p text, rounded. */
static int64_t parse_thousandths(const char *option, const char *text, double min, double max)
{
	char *end;
	double value = strtod(text, &end);

	/* No hexadecimal, no names of numbers, no signs. */
	if (text[0] == '\0' || text[strspn(text, "0123456789.")] != '\0' || *end != '\0' ||
	    !(value >= min && value <= max)) {
		usage_error("%s: '%s' is not a number from %g to %.8g", option, text, min, max);
	}
	return (int64_t)(value * 1000 + 0.5);
}

static uint64_t parse_count(const char *option, const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 ||
	    value < 1 || value > UINT32_MAX) {
		usage_error("%s: '%s' is not a whole number from 1 to %lu", option, text,
			    (unsigned long)UINT32_MAX);
	}
	return value;
}

static void parse_one(int option, const char *value, struct options *options)
{
	const char *fault;

	switch (option) {
	case OPTION_CONNECT:
		fault = address_parse(value, &options->address);
		if (fault != NULL) {
			usage_error("--connect: '%s': %s", value, fault);
		}
		options->connect = true;
		break;
	case OPTION_COUNT:
		options->count = parse_count("--count", value);
		break;
	case OPTION_RATE:
		options->millihertz = (uint64_t)parse_thousandths("--rate", value, 0.01, 1e6);
		break;
	case OPTION_DURATION:
		options->duration_ms = parse_thousandths("--duration", value, 0.001, 1e7);
		break;
	case OPTION_TIMEOUT:
		options->timeout_ms = (int)parse_thousandths("--timeout", value, 0.001, 1e6);
		break;
	case OPTION_QUIET:
		options->quiet = true;
		break;
	case OPTION_HELP:
		(void)fputs(help, stdout);
		exit(fflush(stdout) == 0 ? 0 : 1);
	default:
		(void)fputs("Try basic_packet_routing --help.\n", stderr);
		exit(EXIT_USAGE);
	}
}

void options_parse(int argc, char **argv, struct options *options)
{
	int option;

	*options = (struct options){
		.millihertz = 100000,
		.duration_ms = -1,
		.timeout_ms = 5000,
	};
	/* Not one of long_options: those may be shortened, this must not be met by chance. */
	if (argc == 2 && strcmp(argv[1], RECEIVER_OPTION) == 0) {
		options->receiver = true;
		return;
	}
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		parse_one(option, optarg, options);
	}
	if (optind < argc) {
		usage_error("'%s': unknown argument", argv[optind]);
	}
	if (options->duration_ms < 0 && options->count == 0) {
		options->duration_ms = 2000;
	}
}
