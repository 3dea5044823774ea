/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "capture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frame.h"
#include "report.h"

/* What stands before each frame in a capture file; in the byte order of the machine. */
struct record {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t captured_len;
	uint32_t wire_len;
};

bool capture_file_open(struct capture_file *file, const char *path, pcap_t *pcap)
{
	pcap_dumper_t *dumper;

	*file = (struct capture_file){.path = path, .fd = -1};
	/*
	 * libpcap writes the head of the file. The records do not go through its stdio buffer: that
	 * would copy each frame a second time, and report a full disk late or not at all.
	 */
	dumper = pcap_dump_open(pcap, path);
	if (dumper == NULL) {
		report_error("%s", pcap_geterr(pcap));
		return false;
	}
	if (pcap_dump_flush(dumper) != 0 ||
	    (file->fd = fcntl(fileno(pcap_dump_file(dumper)), F_DUPFD_CLOEXEC, 3)) < 0) {
		report_error("%s: %s", path, strerror(errno));
		pcap_dump_close(dumper);
		return false;
	}
	pcap_dump_close(dumper);
	file->size = (off_t)sizeof(struct pcap_file_header);
	return true;
}

/* Write all of @p iov, which it changes. @return 0 or errno. */
static int write_all(int fd, struct iovec *iov, int count)
{
	while (count > 0) {
		ssize_t len = writev(fd, iov, count);

		if (len < 0 && errno == EINTR) {
			continue;
		}
		if (len < 0) {
			return errno;
		}
		while (count > 0 && (size_t)len >= iov->iov_len) {
			len -= (ssize_t)iov->iov_len;
			iov++;
			count--;
		}
		if (count > 0) {
			iov->iov_base = (char *)iov->iov_base + len;
			iov->iov_len -= (size_t)len;
		}
	}
	return 0;
}

int capture_file_write(struct capture_file *file, const struct net_buf *frame)
{
	const struct frame_info *info = frame_info(frame);
	struct record record = {
		.seconds = (uint32_t)info->seconds,
		.fraction = info->fraction,
		.captured_len = (uint32_t)net_buf_frags_len(frame),
		.wire_len = info->wire_len,
	};
	struct iovec iov[1 + FRAME_FRAGMENTS_MAX] = {{&record, sizeof(record)}};
	int count = 1;

	if (file->error != 0) {
		return file->error;
	}
	for (const struct net_buf *frag = frame; frag != NULL; frag = frag->frags) {
		iov[count++] = (struct iovec){frag->data, frag->len};
	}
	file->error = write_all(file->fd, iov, count);
	if (file->error != 0) {
		/* A reader would take half a record for damage. A pipe cannot take it back. */
		(void)!ftruncate(file->fd, file->size);
		return file->error;
	}
	file->frames++;
	file->bytes += record.captured_len;
	file->size += (off_t)(sizeof(record) + record.captured_len);
	return 0;
}

int capture_file_close(struct capture_file *file)
{
	/* Some file systems find out only now that there is no room. */
	if (close(file->fd) != 0 && file->error == 0) {
		file->error = errno;
	}
	file->fd = -1;
	return file->error;
}
