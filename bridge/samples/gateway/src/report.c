/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <stdio.h>

#include "input.h"
#include "output.h"

void report_line(uint32_t seconds)
{
	struct input_counters in;

	input_counters_get(&in);
	(void)printf("%u s: %u frames, %u rejected", seconds, in.frames.good,
		     in.frames.bad_crc + in.frames.cut + in.frames.too_long);
	if (in.kernel_dropped + in.skipped != 0) {
		(void)printf(", %u datagrams dropped", in.kernel_dropped + in.skipped);
	}
	for (unsigned int i = 0; i < outputs_count(); i++) {
		struct output_counters out;
		const char *name = output_counters_get(i, in.frames.good, &out);

		(void)printf("; %s%s %u written %u dropped %u lost", name, out.up ? "" : " (down)",
			     out.written, out.dropped, out.lost);
	}
	(void)printf("\n");
	(void)fflush(stdout);
}

bool report_end(const char *input_name)
{
	struct input_counters in;
	bool well = true;

	input_counters_get(&in);
	(void)printf(
		"\ninput frames bad-crc cut too-long reads pauses socket-full datagram-too-long opens\n");
	(void)printf("%s %u %u %u %u %u %u %u %u %u\n", input_name, in.frames.good,
		     in.frames.bad_crc, in.frames.cut, in.frames.too_long, in.reads, in.pauses,
		     in.kernel_dropped, in.skipped, in.opens);
	(void)printf("\noutput written queue-full lost connects unacked-bytes routed\n");
	for (unsigned int i = 0; i < outputs_count(); i++) {
		struct output_counters out;
		const char *name = output_counters_get(i, in.frames.good, &out);

		(void)printf("%s %u %u %u %u %u %u\n", name, out.written, out.dropped, out.lost,
			     out.connects, out.unacked, out.routed);
		well = well && out.written + out.dropped + out.lost == out.routed;
	}
	(void)printf("\n%s, %s\n", well ? "every frame is accounted for" : "FRAMES ARE MISSING",
		     input_all_home() ? "every buffer is home" : "BUFFERS ARE MISSING");
	return well && input_all_home() && fflush(stdout) == 0;
}
