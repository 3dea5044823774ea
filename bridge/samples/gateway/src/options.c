/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"Usage: gateway --in ENDPOINT --out ENDPOINT [--out ENDPOINT]... [OPTION]...\n"
	"Takes frames from one input, checks them, and passes the good ones on to the outputs. A frame\n"
	"is a payload of 1 to 1024 bytes and its CRC-16, COBS encoded, and a zero behind it.\n"
	"\n"
	"  --in serial:PATH      a serial port; opened again when it goes away\n"
	"       udp:PORT         datagrams, of whole frames\n"
	"       file:PATH        to its end, then the gateway ends\n"
	"  --out tcp:HOST:PORT   connected again when the connection is lost\n"
	"        udp:HOST:PORT   a datagram for each frame\n"
	"        file:PATH       appended to; nothing is lost: the input waits for the file\n"
	"                        (up to 8 outputs; others drop what they have no room for, and count it)\n"
	"  --only BYTE[-BYTE]    the output before this gets those frames whose payload begins with such a\n"
	"                        byte, 0 to 255; others get every frame\n"
	"  --baud RATE           of the serial port, as the system knows them (115200)\n"
	"  --counters SECONDS    between two lines of counters, 0 to 3600; 0: none (1)\n"
	"  --help                this text\n"
	"\n"
	"Ends with Ctrl-C, and says what became of every frame. The exit status is 0 if all went well,\n"
	"1 if not, 2 if the command line is wrong.\n";

__attribute__((noreturn)) static void usage_error(void)
{
	(void)fputs("Try gateway --help.\n", stderr);
	exit(EXIT_USAGE);
}

static unsigned int number(const char *option, const char *text, unsigned int least,
			   unsigned int most)
{
	unsigned long value = strtoul(text, NULL, 10);

	if (text[0] == '\0' || strlen(text) > 9 || text[strspn(text, "0123456789")] != '\0' ||
	    value < least || value > most) {
		(void)fprintf(stderr, "gateway: %s '%s': not a whole number from %u to %u\n",
			      option, text, least, most);
		usage_error();
	}
	return (unsigned int)value;
}

static void parse_endpoint(struct endpoint *endpoint, const char *text, bool input)
{
	const char *wrong = endpoint_parse(endpoint, text, input);

	if (wrong != NULL) {
		(void)fprintf(stderr, "gateway: %s '%s': %s\n", input ? "--in" : "--out", text,
			      wrong);
		usage_error();
	}
}

static void parse_route(struct options *options, const char *text)
{
	struct route *route;

	if (options->out_count == 0) {
		(void)fprintf(stderr, "gateway: --only '%s': it must stand behind an --out\n",
			      text);
		usage_error();
	}
	route = &options->outs[options->out_count - 1].route;
	if (route->some) {
		(void)fprintf(stderr, "gateway: --only '%s': the output before it has one\n", text);
		usage_error();
	}
	if (!route_parse(route, text)) {
		(void)fprintf(
			stderr,
			"gateway: --only '%s': must be BYTE or BYTE-BYTE, from 0 to 255, the lower one first\n",
			text);
		usage_error();
	}
}

static void parse_one(int option, const char *value, struct options *options, unsigned int *baud)
{
	switch (option) {
	case 'i':
		if (options->in.name != NULL) {
			(void)fprintf(stderr, "gateway: --in '%s': there is one input, '%s'\n",
				      value, options->in.name);
			usage_error();
		}
		parse_endpoint(&options->in, value, true);
		break;
	case 'o':
		if (options->out_count == OUTS_MAX) {
			(void)fprintf(stderr, "gateway: --out '%s': there are %d outputs at most\n",
				      value, OUTS_MAX);
			usage_error();
		}
		parse_endpoint(&options->outs[options->out_count++], value, false);
		break;
	case 'r':
		parse_route(options, value);
		break;
	case 'b':
		*baud = number("--baud", value, 50, 4000000);
		break;
	case 'c':
		options->counters_s = number("--counters", value, 0, 3600);
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
	static const struct option long_options[] = {
		{"in", required_argument, NULL, 'i'},
		{"out", required_argument, NULL, 'o'},
		{"only", required_argument, NULL, 'r'},
		{"baud", required_argument, NULL, 'b'},
		{"counters", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	unsigned int baud = 115200;
	int option;

	memset(options, 0, sizeof(*options));
	options->counters_s = 1;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		parse_one(option, optarg, options, &baud);
	}
	if (optind != argc) {
		(void)fprintf(stderr, "gateway: '%s' is one argument too many\n", argv[optind]);
		usage_error();
	}
	if (options->in.name == NULL || options->out_count == 0) {
		(void)fprintf(stderr, "gateway: there must be %s\n",
			      options->in.name == NULL ? "an --in" : "an --out");
		usage_error();
	}
	options->in.baud = baud;
}
