/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * lwIP's packet buffers, as Debian builds them: all from malloc().
 *
 * The pool's are for at most 592 bytes here: in liblwip 2.1.3+dfsg1-2 memp.c gets them that small,
 * while pbuf.c takes them for 1,536 and writes behind the end of what malloc() gave.
 */
#include <lwip/init.h>
#include <lwip/pbuf.h>

#include "bench.h"

#define PACKET 1500
#define PART   196
#define CHAIN  8

bool bench_lwip_start(void)
{
	lwip_init();
	return true;
}

static struct pbuf *get(void)
{
	return pbuf_alloc(PBUF_RAW, PART, PBUF_POOL);
}

double lwip_pair(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		(void)pbuf_free(get());
	}
	return bench_now() - begin;
}

double lwip_chain(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		struct pbuf *chain = get();

		for (unsigned int i = 1; i < CHAIN; i++) {
			struct pbuf *head = get();

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
		/* In one piece, as lwIP itself has what it sends. */
		struct pbuf *p = pbuf_alloc(PBUF_RAW, PACKET, PBUF_RAM);

		(void)pbuf_take(p, bytes, PACKET);
		(void)pbuf_copy_partial(p, bytes, PACKET, 0);
		(void)pbuf_free(p);
	}
	return bench_now() - begin;
}
