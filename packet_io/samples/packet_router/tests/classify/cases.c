/* SPDX-License-Identifier: Apache-2.0 */
/** @file Frames of every kind, and where they must go. */
#include <zephyr/ztest.h>

#include "build.h"

static void check_home(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_true(buffers_are_home());
}

ZTEST_SUITE(classify_cases, NULL, NULL, NULL, check_home, NULL);

static const struct {
	uint8_t protocol;
	enum route route;
} protocols[] = {
	{TCP, ROUTE_TCP},  {UDP, ROUTE_UDP},  {ICMP, ROUTE_OTHER},
	{50, ROUTE_OTHER}, {59, ROUTE_OTHER}, {132, ROUTE_OTHER},
};

ZTEST(classify_cases, test_links)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		struct bytes ethernet = {.len = 0};
		struct bytes cooked = {.len = 0};
		struct bytes cooked_v2 = {.len = 0};
		struct bytes raw = {.len = 0};

		add_ethernet(&ethernet, TYPE_IPV4);
		add_ipv4(&ethernet, protocols[i].protocol, 5, 0);
		zassert_equal(route(LINK_ETHERNET, &ethernet), protocols[i].route);

		add_zeros(&cooked, 14);
		add_be16(&cooked, TYPE_IPV6);
		add_ipv6(&cooked, protocols[i].protocol);
		zassert_equal(route(LINK_COOKED, &cooked), protocols[i].route);

		add_be16(&cooked_v2, TYPE_IPV4);
		add_zeros(&cooked_v2, 18);
		add_ipv4(&cooked_v2, protocols[i].protocol, 6, 0);
		zassert_equal(route(LINK_COOKED_V2, &cooked_v2), protocols[i].route);

		add_ipv4(&raw, protocols[i].protocol, 15, 0);
		zassert_equal(route(LINK_RAW, &raw), protocols[i].route);
		raw.len = 0;
		add_ipv6(&raw, protocols[i].protocol);
		zassert_equal(route(LINK_RAW, &raw), protocols[i].route);
	}
}

ZTEST(classify_cases, test_loopback_families_in_both_byte_orders)
{
	static const uint8_t v6_families[] = {10, 24, 28, 30};

	for (int big = 0; big < 2; big++) {
		struct bytes b = {.len = 0};

		add_u8(&b, big ? 0 : 2);
		add_zeros(&b, 2);
		add_u8(&b, big ? 2 : 0);
		add_ipv4(&b, UDP, 5, 0);
		zassert_equal(route(LINK_LOOPBACK, &b), ROUTE_UDP);
		b.data[big ? 3 : 0] = 3;
		zassert_equal(route(LINK_LOOPBACK, &b), ROUTE_OTHER);

		for (size_t i = 0; i < sizeof(v6_families); i++) {
			b.len = 0;
			add_u8(&b, big ? 0 : v6_families[i]);
			add_zeros(&b, 2);
			add_u8(&b, big ? v6_families[i] : 0);
			add_ipv6(&b, TCP);
			zassert_equal(route(LINK_LOOPBACK, &b), ROUTE_TCP);
		}
	}
}

ZTEST(classify_cases, test_other_types)
{
	static const uint16_t types[] = {TYPE_ARP, 0x8847, 0x8864, 0x0026, 0xffff, 0};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct bytes b = {.len = 0};

		add_ethernet(&b, types[i]);
		add_ipv4(&b, TCP, 5, 0);
		zassert_equal(route(LINK_ETHERNET, &b), ROUTE_OTHER);
	}
}

ZTEST(classify_cases, test_tags)
{
	static const uint16_t types[] = {TYPE_VLAN, TYPE_QINQ, 0x9100};

	for (size_t outer = 0; outer < ARRAY_SIZE(types); outer++) {
		for (size_t inner = 0; inner < ARRAY_SIZE(types); inner++) {
			struct bytes b = {.len = 0};

			add_ethernet(&b, types[outer]);
			add_tag(&b, types[inner]);
			add_tag(&b, TYPE_IPV6);
			add_ipv6(&b, TCP);
			zassert_equal(route(LINK_ETHERNET, &b), ROUTE_TCP);
		}
	}
}

/* A frame of @p tags tags and @p extensions extension headers before TCP. */
static enum route route_behind(size_t tags, size_t extensions)
{
	struct bytes b = {.len = 0};

	add_ethernet(&b, tags > 0 ? TYPE_VLAN : TYPE_IPV6);
	for (size_t i = 0; i < tags; i++) {
		add_tag(&b, i + 1 < tags ? TYPE_VLAN : TYPE_IPV6);
	}
	add_ipv6(&b, extensions > 0 ? 60 : TCP);
	for (size_t i = 0; i < extensions; i++) {
		add_extension(&b, i + 1 < extensions ? 60 : TCP, 0);
	}
	return route(LINK_ETHERNET, &b);
}

ZTEST(classify_cases, test_number_of_headers_is_bounded)
{
	zassert_equal(route_behind(CLASSIFY_HEADERS_MAX, 0), ROUTE_TCP);
	zassert_equal(route_behind(CLASSIFY_HEADERS_MAX + 1, 0), ROUTE_OTHER);
	zassert_equal(route_behind(0, CLASSIFY_HEADERS_MAX), ROUTE_TCP);
	zassert_equal(route_behind(0, CLASSIFY_HEADERS_MAX + 1), ROUTE_OTHER);
	zassert_equal(route_behind(2, CLASSIFY_HEADERS_MAX - 2), ROUTE_TCP);
	zassert_equal(route_behind(2, CLASSIFY_HEADERS_MAX - 1), ROUTE_OTHER);
}

ZTEST(classify_cases, test_extension_headers)
{
	static const uint8_t kinds[] = {0, 43, 60, 135, 139, 140};

	for (size_t i = 0; i < sizeof(kinds); i++) {
		for (int length = 0; length < 256; length += 51) {
			struct bytes b = {.len = 0};

			add_ipv6(&b, kinds[i]);
			add_extension(&b, AH, (uint8_t)length);
			add_ah(&b, 60, 4);
			add_extension(&b, UDP, 1);
			zassert_equal(route(LINK_RAW, &b), ROUTE_UDP);
			/* In IPv4 these are protocols like any other. */
			b.len = 0;
			add_ipv4(&b, kinds[i], 5, 0);
			add_extension(&b, UDP, (uint8_t)length);
			zassert_equal(route(LINK_RAW, &b), ROUTE_OTHER);
		}
	}
}

ZTEST(classify_cases, test_authentication_header_in_ipv4)
{
	struct bytes b = {.len = 0};

	add_ipv4(&b, AH, 7, 0);
	add_ah(&b, TCP, 255);
	zassert_equal(route(LINK_RAW, &b), ROUTE_TCP);
	b.len = 0;
	add_ipv4(&b, AH, 7, 0x0001);
	add_ah(&b, TCP, 4);
	zassert_equal(route(LINK_RAW, &b), ROUTE_OTHER, "a later fragment does not begin with it");
}

ZTEST(classify_cases, test_ipv4_fragments)
{
	static const uint16_t fragments[] = {0x2000, 0x2001, 0x0001, 0x1fff, 0x4000, 0xffff};

	for (size_t i = 0; i < ARRAY_SIZE(fragments); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(protocols); j++) {
			struct bytes b = {.len = 0};

			add_ipv4(&b, protocols[j].protocol, 5, fragments[i]);
			zassert_equal(route(LINK_RAW, &b), protocols[j].route);
		}
	}
}

static void check_ipv6_fragment(uint16_t offset, bool more, uint8_t protocol, enum route expected)
{
	struct bytes b = {.len = 0};

	add_ipv6(&b, 0);
	add_extension(&b, 44, 2);
	add_fragment(&b, protocol, offset, more);
	zassert_equal(route(LINK_RAW, &b), expected);
	/* What a later fragment begins with is not a header. */
	b.len = 0;
	add_ipv6(&b, 44);
	add_fragment(&b, 60, offset, more);
	add_extension(&b, protocol, 0);
	zassert_equal(route(LINK_RAW, &b), offset == 0 ? expected : ROUTE_OTHER);
}

ZTEST(classify_cases, test_ipv6_fragments)
{
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		for (uint16_t offset = 0; offset < 3; offset++) {
			check_ipv6_fragment(offset, false, protocols[i].protocol,
					    protocols[i].route);
			check_ipv6_fragment(offset, true, protocols[i].protocol,
					    protocols[i].route);
		}
	}
}

ZTEST(classify_cases, test_wrong_versions_and_lengths)
{
	struct bytes b = {.len = 0};

	add_ethernet(&b, TYPE_IPV4);
	add_ipv4(&b, TCP, 5, 0);
	b.data[14] = 0x44; /* four words */
	zassert_equal(route(LINK_ETHERNET, &b), ROUTE_OTHER);
	b.data[14] = 0x65;
	zassert_equal(route(LINK_ETHERNET, &b), ROUTE_OTHER);
	b.len = 0;
	add_ethernet(&b, TYPE_IPV6);
	add_ipv6(&b, TCP);
	b.data[14] = 0x40;
	zassert_equal(route(LINK_ETHERNET, &b), ROUTE_OTHER);
	b.len = 0;
	add_zeros(&b, 64);
	zassert_equal(route(LINK_RAW, &b), ROUTE_OTHER);
	zassert_equal(route((enum link_type)99, &b), ROUTE_OTHER);
}

/* Cut after every byte: TCP once the headers before it are there, and not before. */
static void check_cuts(enum link_type link, const struct bytes *b, size_t needed)
{
	for (size_t len = 0; len <= b->len; len++) {
		for (size_t pieces = 1; pieces <= 8; pieces++) {
			zassert_equal(route_of(link, b->data, len, pieces),
				      len < needed ? ROUTE_OTHER : ROUTE_TCP, "%zu bytes", len);
		}
	}
}

ZTEST(classify_cases, test_cut_anywhere)
{
	struct bytes b = {.len = 0};

	add_ethernet(&b, TYPE_VLAN);
	add_tag(&b, TYPE_IPV4);
	add_ipv4(&b, TCP, 6, 0);
	add_zeros(&b, 20);
	check_cuts(LINK_ETHERNET, &b, 14 + 4 + 20);

	b.len = 0;
	add_ipv6(&b, 43);
	add_extension(&b, 44, 1);
	add_fragment(&b, AH, 0, true);
	add_ah(&b, TCP, 4);
	add_zeros(&b, 20);
	check_cuts(LINK_RAW, &b, 40 + 16 + 8 + 4);
}
