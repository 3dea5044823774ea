/* SPDX-License-Identifier: Apache-2.0 */
#include "peers.h"

#include <string.h>

#include "bench.h"
#include "peer_uring.h"

/* A library that peers come from: the names of these begin with its prefix. */
struct library {
	const char *prefix;
	bool (*start)(void);
	bool works;
};

static struct library libraries[] = {
	{.prefix = "rte_", .start = bench_dpdk_start},
	{.prefix = "ck_", .start = bench_ck_start},
	{.prefix = "lwIP", .start = bench_lwip_start},
	{.prefix = "liburing", .start = bench_uring_start},
};

#define LIBRARIES (sizeof(libraries) / sizeof(libraries[0]))

void bench_peers_start(void)
{
	bench_pin(0);
	for (size_t i = 0; i < LIBRARIES; i++) {
		libraries[i].works = libraries[i].start();
	}
	bench_pin(0);
}

bool bench_peer_here(const char *name)
{
	for (size_t i = 0; i < LIBRARIES; i++) {
		const struct library *library = &libraries[i];

		if (strncmp(name, library->prefix, strlen(library->prefix)) == 0) {
			return library->works;
		}
	}
	return true;
}
