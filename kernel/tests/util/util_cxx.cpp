// SPDX-License-Identifier: Apache-2.0

// What the headers do differently in C++.

#include <zephyr/ztest.h>

#include <zephyr/logging/log.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/dlist.h>
#include <zephyr/sys/slist.h>
#include <zephyr/sys/time_units.h>
#include <zephyr/sys/util.h>

LOG_MODULE_REGISTER(util_cxx, LOG_LEVEL_WRN);

ZTEST_SUITE(util_cxx, NULL, NULL, NULL, NULL, NULL);

struct item {
	int value;
	sys_dnode_t dnode;
	sys_snode_t snode;
};

template <class T> static item *owner_of(T *node)
{
	return CONTAINER_OF(node, item, dnode);
}

ZTEST(util_cxx, test_container_of)
{
	item object = {};
	const sys_dnode_t *constant = &object.dnode;
	sys_dnode_t *const fixed = &object.dnode;
	sys_dnode_t &reference = object.dnode;
	void *untyped = &object.dnode;

	zassert_equal_ptr(CONTAINER_OF(&object.dnode, item, dnode), &object);
	zassert_equal_ptr(CONTAINER_OF(constant, item, dnode), &object);
	zassert_equal_ptr(CONTAINER_OF(fixed, item, dnode), &object);
	zassert_equal_ptr(CONTAINER_OF(&reference, item, dnode), &object);
	zassert_equal_ptr(CONTAINER_OF(untyped, item, dnode), &object);
	zassert_equal_ptr(owner_of(&object.dnode), &object);
}

ZTEST(util_cxx, test_arrays)
{
	static item items[3];
	const int numbers[] = {1, 2};

	BUILD_ASSERT(ARRAY_SIZE(numbers) == 2, "known at compile time");
	zassert_equal(ARRAY_SIZE(items), 3);
	zassert_true(IS_ARRAY_ELEMENT(items, &items[2]));
	zassert_equal(ARRAY_INDEX(items, &items[2]), 2);
	zassert_true((SAME_TYPE(items[0].value, numbers[0])));
	zassert_false((SAME_TYPE(items[0], numbers[0])));
}

ZTEST(util_cxx, test_lists)
{
	static sys_dlist_t doubly = SYS_DLIST_STATIC_INIT(&doubly);
	static sys_slist_t singly = SYS_SLIST_STATIC_INIT(&singly);
	static item items[3];
	item *i;
	item *next;
	int sum = 0;

	for (int n = 0; n < 3; n++) {
		items[n].value = n + 1;
		sys_dlist_append(&doubly, &items[n].dnode);
		sys_slist_append(&singly, &items[n].snode);
	}
	SYS_DLIST_FOR_EACH_CONTAINER(&doubly, i, dnode) {
		sum += i->value;
	}
	SYS_SLIST_FOR_EACH_CONTAINER(&singly, i, snode) {
		sum += 10 * i->value;
	}
	zassert_equal(sum, 66);
	SYS_DLIST_FOR_EACH_CONTAINER_SAFE(&doubly, i, next, dnode) {
		sys_dlist_remove(&i->dnode);
	}
	zassert_true(sys_dlist_is_empty(&doubly));
}

ZTEST(util_cxx, test_the_rest)
{
	static ATOMIC_DEFINE(bits, 40);
	uint8_t bytes[8];

	atomic_set_bit(bits, 39);
	zassert_true(atomic_test_bit(bits, 39));
	sys_put_be32(0x01020304, bytes);
	zassert_equal(sys_get_le32(bytes), 0x04030201);
	zassert_equal(sys_cpu_to_be16(sys_be16_to_cpu(0x1234)), 0x1234);
	zassert_equal(k_ms_to_ticks_ceil32(0), 0);
	LOG_WRN("a warning from %s", "C++");
	LOG_HEXDUMP_DBG(bytes, sizeof(bytes), "not compiled in");
	UNALIGNED_PUT(uint16_t{7}, reinterpret_cast<uint16_t *>(bytes + 1));
	zassert_equal(UNALIGNED_GET(reinterpret_cast<const uint16_t *>(bytes + 1)), 7);
}
