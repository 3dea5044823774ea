/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Frames of no sense at all: good ones with bytes changed, cut off, doubled and mixed. Whatever
 * comes, nothing is read that is not there (a sanitizer looks on), the answer does not depend on
 * how the frame is cut into fragments, and more bytes at its end do not take an answer back.
 */
#include <string.h>

#include <zephyr/ztest.h>

#include "build.h"

#define ROUNDS 100000

static uint32_t random_state;

static uint32_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static size_t below(size_t limit)
{
	return limit > 0 ? next_random() % limit : 0;
}

static void check_home(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_true(buffers_are_home());
}

ZTEST_SUITE(classify_mutants, NULL, NULL, NULL, check_home, NULL);

static void make_good(struct bytes *b, size_t kind)
{
	static const uint8_t last[] = {TCP, UDP, ICMP};
	uint8_t protocol = last[below(sizeof(last))];

	b->len = 0;
	add_ethernet(b, kind & 1 ? TYPE_VLAN : TYPE_IPV6);
	if (kind & 1) {
		add_tag(b, kind & 2 ? TYPE_IPV4 : TYPE_IPV6);
	}
	if (kind & 1 && kind & 2) {
		add_ipv4(b, kind & 4 ? AH : protocol, (uint8_t)(5 + below(11)), 0);
		add_ah(b, protocol, (uint8_t)below(8));
	} else {
		add_ipv6(b, 0);
		add_extension(b, 44, (uint8_t)below(3));
		add_fragment(b, kind & 4 ? 60 : AH, (uint16_t)below(2), below(2) != 0);
		add_ah(b, 60, (uint8_t)below(8));
		add_extension(b, protocol, (uint8_t)below(3));
	}
	add_zeros(b, below(40));
}

/* Numbers that tend to be special. */
static uint8_t special_byte(void)
{
	static const uint8_t special[] = {0,    1,    4,  6,  17,  43,  44,  51,   60,   0x08,
					  0x45, 0x60, 64, 80, 127, 128, 254, 0x81, 0x86, 0xff};

	return special[below(sizeof(special))];
}

static void mutate(struct bytes *b)
{
	for (size_t changes = below(6); changes > 0 && b->len > 0; changes--) {
		size_t at = below(b->len);
		size_t len = below(b->len - at) + 1;

		switch (below(5)) {
		case 0:
			b->data[at] ^= (uint8_t)(1U << below(8));
			break;
		case 1:
			b->data[at] = special_byte();
			break;
		case 2:
			b->data[at] = (uint8_t)next_random();
			break;
		case 3: /* leave a piece out */
			memmove(b->data + at, b->data + at + len, b->len - at - len);
			b->len -= len;
			break;
		default: /* have a piece twice */
			len = MIN(len, sizeof(b->data) - b->len);
			memmove(b->data + at + len, b->data + at, b->len - at);
			b->len += len;
			break;
		}
	}
}

static void check_one(const struct bytes *b)
{
	enum link_type link = (enum link_type)below(LINK_LOOPBACK + 1);
	enum route whole = route(link, b);
	size_t cut = below(b->len + 1);
	enum route part;

	zassert_true(whole == ROUTE_TCP || whole == ROUTE_UDP || whole == ROUTE_OTHER);
	zassert_equal(whole, route_of(link, b->data, b->len, 2 + below(7)));
	part = route_of(link, b->data, cut, 1 + below(8));
	zassert_true(part == whole || part == ROUTE_OTHER);
}

ZTEST(classify_mutants, test_mutants)
{
	static struct bytes b;
	size_t tcp = 0;

	random_state = 2463534242U;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t before = random_state;

		make_good(&b, below(8));
		mutate(&b);
		check_one(&b);
		zassert_true(buffers_are_home(), "round %u, state %u", round, before);
		tcp += route(LINK_ETHERNET, &b) == ROUTE_TCP;
	}
	/* Enough of them still make sense for the rest to be near it. */
	zassert_true(tcp > ROUNDS / 20 && tcp < ROUNDS / 2, "%zu", tcp);
}
