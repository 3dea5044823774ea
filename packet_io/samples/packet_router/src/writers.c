/* SPDX-License-Identifier: Apache-2.0 */
#include "writers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "report.h"
#include "worker.h"

#define QUEUE_SIZE 4096
#define STACK_SIZE 16384

struct writer {
	const char *name; /* of the file */
	struct packet_event_queue *queue;
	char path[PATH_MAX];
	struct capture_file file;
	struct worker worker;
};

PACKET_EVENT_QUEUE_DEFINE(tcp_queue, QUEUE_SIZE);
PACKET_EVENT_QUEUE_DEFINE(udp_queue, QUEUE_SIZE);
PACKET_EVENT_QUEUE_DEFINE(other_queue, QUEUE_SIZE);

static struct writer writers[WRITER_COUNT] = {
	{.name = "tcp.pcap", .queue = &tcp_queue},
	{.name = "udp.pcap", .queue = &udp_queue},
	{.name = "other.pcap", .queue = &other_queue},
};

K_THREAD_STACK_ARRAY_DEFINE(writer_stacks, WRITER_COUNT, STACK_SIZE);

static void (*on_failure)(void);

static void write_frame(struct packet_sink *sink, struct net_buf *frame)
{
	struct writer *writer = sink->user_data;

	if (writer->file.error == 0 && capture_file_write(&writer->file, frame) != 0) {
		on_failure();
	}
}

PACKET_SINK_DEFINE_WITH_DATA(tcp_file, write_frame, &tcp_queue_msgq, &writers[0]);
PACKET_SINK_DEFINE_WITH_DATA(udp_file, write_frame, &udp_queue_msgq, &writers[1]);
PACKET_SINK_DEFINE_WITH_DATA(other_file, write_frame, &other_queue_msgq, &writers[2]);

static bool is_same_file(const char *path, const char *source)
{
	struct stat a;
	struct stat b;

	return source != NULL && stat(path, &a) == 0 && stat(source, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool writers_open(const char *dir, const char *source, pcap_t *pcap)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
		report_error("%s: %s", dir, strerror(errno));
		return false;
	}
	for (int i = 0; i < WRITER_COUNT; i++) {
		struct writer *writer = &writers[i];
		int len = snprintf(writer->path, sizeof(writer->path), "%s/%s", dir, writer->name);

		if (len < 0 || len >= (int)sizeof(writer->path)) {
			report_error("%s: %s", dir, strerror(ENAMETOOLONG));
			return false;
		}
		if (is_same_file(writer->path, source)) {
			report_error("%s: it is the file being read", writer->path);
			return false;
		}
		if (!capture_file_open(&writer->file, writer->path, pcap)) {
			return false;
		}
	}
	return true;
}

int writers_start(void (*failed)(void))
{
	on_failure = failed;
	for (int i = 0; i < WRITER_COUNT; i++) {
		int ret = worker_start(&writers[i].worker, writers[i].queue, writer_stacks[i],
				       STACK_SIZE);

		if (ret != 0) {
			return ret;
		}
	}
	return 0;
}

bool writers_stop(void)
{
	bool good = true;

	for (int i = 0; i < WRITER_COUNT; i++) {
		int error;

		worker_stop(&writers[i].worker);
		error = capture_file_close(&writers[i].file);
		if (error != 0) {
			report_error("%s: %s", writers[i].path, strerror(error));
			good = false;
		}
	}
	return good;
}

const struct capture_file *writers_file(int i)
{
	return &writers[i].file;
}
