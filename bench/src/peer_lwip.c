/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * lwIP's packet buffers, as Debian builds them: from malloc(), 1500 bytes and some in each.
 */
#include <lwip/init.h>
#include <lwip/pbuf.h>

#include "bench.h"

#define PACKET 1500
#define CHAIN  8

bool bench_lwip_start(void)
{
	lwip_init();
	return true;
}

static struct pbuf *get(unsigned int len)
{
	return pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
}

double lwip_pair(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		(void)pbuf_free(get(196));
	}
	return bench_now() - begin;
}

double lwip_chain(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		struct pbuf *chain = get(196);

		for (unsigned int i = 1; i < CHAIN; i++) {
			struct pbuf *head = get(196);

			pbuf_cat(head, chain);
			chain = head;
		}
		(void)pbuf_free(chain);
	}
	return bench_now() - begin;
}

double lwip_copy(unsigned long n)
{
	static u8_t bytes[PACKET];
	double begin = bench_now();

	while (n-- > 0) {
		struct pbuf *p = get(PACKET);

		(void)pbuf_take(p, bytes, PACKET);
		(void)pbuf_copy_partial(p, bytes, PACKET, 0);
		(void)pbuf_free(p);
	}
	return bench_now() - begin;
}
