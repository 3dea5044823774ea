/* SPDX-License-Identifier: Apache-2.0 */

/* Mistakes that the compiler must catch, one for each value of FAULT. */

#include <zephyr/sys/slist.h>
#include <zephyr/sys/util.h>

struct part {
	int value;
};

struct whole {
	struct part part;
	sys_snode_t node;
};

size_t use(int *pointer, struct whole *whole)
{
#if defined(FIXED)
	(void)pointer;
	return (size_t)CONTAINER_OF(&whole->part, struct whole, part);
#elif FAULT == 1
	return ARRAY_SIZE(pointer);
#elif FAULT == 2
	return (size_t)CONTAINER_OF(pointer, struct whole, part);
#elif FAULT == 3
	return PART_OF_ARRAY(pointer, whole);
#elif FAULT == 4
	struct whole *item;

	return (size_t)SYS_SLIST_CONTAINER(pointer, item, node);
#elif FAULT == 5
	BUILD_ASSERT(sizeof(int) == 1, "not true");
	return 0;
#endif
}
