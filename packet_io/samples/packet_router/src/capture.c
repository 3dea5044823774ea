/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include <string.h>

#include <zephyr/sys/atomic.h>

#include "frame.h"
#include "report.h"

/* How often the system hands over what it has captured, and how much it keeps until then. */
#define CAPTURE_TIMEOUT_MS  100
#define CAPTURE_KERNEL_SIZE (8 * 1024 * 1024)

BUILD_ASSERT(FRAME_BUFFERS >= 2 * FRAME_FRAGMENTS_MAX, "the longest frame fits, beside others");

NET_BUF_POOL_DEFINE(frame_pool, FRAME_BUFFERS, FRAME_BUFFER_SIZE, sizeof(struct frame_info), NULL);
PACKET_SOURCE_DEFINE(capture_out);

static pcap_t *pcap;
static struct capture_plan plan;
static enum link_type link_type;
static struct capture_counts counted;
static bool frame_too_long;
static atomic_t stopped;

static const char *source_name(void)
{
	return plan.interface != NULL ? plan.interface : plan.file;
}

/* libpcap's texts begin with the name of the file or interface or not, from case to case. */
static void report_pcap_error(const char *text)
{
	size_t len = strlen(source_name());

	if (strncmp(text, source_name(), len) == 0 && text[len] == ':') {
		report_error("%s", text);
	} else {
		report_error("%s: %s", source_name(), text);
	}
}

static bool find_link_type(int dlt)
{
	static const struct {
		int dlt;
		enum link_type link;
	} known[] = {
		{DLT_EN10MB, LINK_ETHERNET},
		{DLT_LINUX_SLL, LINK_COOKED},
		{DLT_LINUX_SLL2, LINK_COOKED_V2},
		{DLT_RAW, LINK_RAW},
		{DLT_IPV4, LINK_RAW},
		{DLT_IPV6, LINK_RAW},
		{DLT_NULL, LINK_LOOPBACK},
		{DLT_LOOP, LINK_LOOPBACK},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].dlt == dlt) {
			link_type = known[i].link;
			return true;
		}
	}
	return false;
}

static bool open_file(void)
{
	char error[PCAP_ERRBUF_SIZE] = "";

	/* Nanoseconds, so that nothing is lost; a file that has microseconds reads as well. */
	pcap = pcap_open_offline_with_tstamp_precision(plan.file, PCAP_TSTAMP_PRECISION_NANO,
						       error);
	if (pcap == NULL) {
		report_pcap_error(error);
	}
	return pcap != NULL;
}

/* @return whether the interface is open; warnings of libpcap are reported and passed over. */
static bool activate(void)
{
	int ret = pcap_activate(pcap);

	switch (ret) {
	case 0:
		return true;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		report_error("%s: no such interface", plan.interface);
		return false;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		report_error("%s: no permission to capture; it takes root or CAP_NET_RAW",
			     plan.interface);
		return false;
	case PCAP_ERROR_IFACE_NOT_UP:
		report_error("%s: the interface is not up", plan.interface);
		return false;
	default:
		report_pcap_error(ret == PCAP_ERROR || ret == PCAP_WARNING ? pcap_geterr(pcap)
									   : pcap_statustostr(ret));
		return ret > 0;
	}
}

static bool open_interface(void)
{
	char error[PCAP_ERRBUF_SIZE] = "";

	pcap = pcap_create(plan.interface, error);
	if (pcap == NULL) {
		report_pcap_error(error);
		return false;
	}
	(void)pcap_set_snaplen(pcap, FRAME_SIZE_MAX);
	(void)pcap_set_promisc(pcap, 1);
	(void)pcap_set_timeout(pcap, CAPTURE_TIMEOUT_MS);
	(void)pcap_set_buffer_size(pcap, CAPTURE_KERNEL_SIZE);
	(void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	return activate();
}

static bool set_filter(void)
{
	struct bpf_program program;
	bool good;

	if (plan.filter == NULL) {
		return true;
	}
	if (pcap_compile(pcap, &program, plan.filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		report_error("filter '%s': %s", plan.filter, pcap_geterr(pcap));
		return false;
	}
	good = pcap_setfilter(pcap, &program) == 0;
	if (!good) {
		report_error("filter '%s': %s", plan.filter, pcap_geterr(pcap));
	}
	pcap_freecode(&program);
	return good;
}

int capture_open(const struct capture_plan *new_plan)
{
	const char *name;

	plan = *new_plan;
	if (!(plan.interface != NULL ? open_interface() : open_file())) {
		return 1;
	}
	if (!find_link_type(pcap_datalink(pcap))) {
		name = pcap_datalink_val_to_description_or_dlt(pcap_datalink(pcap));
		report_error("%s: frames of link type \"%s\" cannot be routed; Ethernet, Linux "
			     "cooked, raw IP and loopback can",
			     source_name(), name);
		return 1;
	}
	return set_filter() ? 0 : 2;
}

pcap_t *capture_handle(void)
{
	return pcap;
}

enum link_type capture_link_type(void)
{
	return link_type;
}

k_timeout_t capture_patience(void)
{
	return plan.interface != NULL ? K_NO_WAIT : K_FOREVER;
}

/* The one copy of a frame: from libpcap's memory to buffers. @return NULL if there are too few. */
static struct net_buf *copy_frame(const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct net_buf *frame = net_buf_alloc(&frame_pool, capture_patience());

	if (frame == NULL) {
		return NULL;
	}
	*frame_info(frame) = (struct frame_info){
		.seconds = header->ts.tv_sec,
		.fraction = (uint32_t)header->ts.tv_usec,
		.wire_len = header->len,
	};
	if (net_buf_append_bytes(frame, header->caplen, bytes, capture_patience(), NULL, NULL) <
	    header->caplen) {
		net_buf_unref(frame);
		return NULL;
	}
	return frame;
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct net_buf *frame;

	ARG_UNUSED(user);
	/* libpcap promises that this is so; without it, waiting for buffers could last for ever. */
	if (header->caplen > FRAME_SIZE_MAX) {
		frame_too_long = true;
		pcap_breakloop(pcap);
		return;
	}
	counted.frames++;
	counted.bytes += header->caplen;
	frame = copy_frame(header, bytes);
	if (frame == NULL) {
		counted.no_buffer++;
		return;
	}
	(void)packet_source_send_consume(&capture_out, frame, capture_patience());
}

static void read_kernel_counters(void)
{
	struct pcap_stat stat;

	if (plan.interface != NULL && pcap_stats(pcap, &stat) == 0) {
		counted.has_kernel = true;
		counted.by_kernel = stat.ps_drop;
		counted.by_interface = stat.ps_ifdrop;
	}
}

bool capture_run(void)
{
	int ret = pcap_loop(pcap, plan.count > 0 ? plan.count : -1, on_frame, NULL);

	/* A read that capture_stop() has interrupted is no error, whatever libpcap thinks of it. */
	bool failed = ret == PCAP_ERROR && atomic_get(&stopped) == 0;

	if (failed) {
		report_pcap_error(pcap_geterr(pcap));
	} else if (frame_too_long) {
		report_error("%s: a frame is longer than %d bytes", source_name(), FRAME_SIZE_MAX);
	}
	read_kernel_counters();
	return !failed && !frame_too_long;
}

void capture_stop(void)
{
	(void)atomic_set(&stopped, 1);
	pcap_breakloop(pcap);
}

void capture_counts(struct capture_counts *counts)
{
	*counts = counted;
}

void capture_close(void)
{
	pcap_close(pcap);
	pcap = NULL;
}

struct net_buf_pool *capture_pool(void)
{
	return &frame_pool;
}
