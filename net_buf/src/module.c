/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The object file that the linker puts into each program and shared library that uses buffers: it
 * knows the bounds of that module's pools and registers them, after the port has started and before
 * start-up functions and threads. On a microcontroller pools register themselves.
 */
#include "pool.h"

#ifdef CONFIG_PORT_BARE

__asm__(".global " STRINGIFY(Z_NET_BUF_MODULE) "\n\t" STRINGIFY(Z_NET_BUF_MODULE) " = 0");

#else

STRUCT_SECTION_START_EXTERN(net_buf_pool);
STRUCT_SECTION_END_EXTERN(net_buf_pool);

struct net_buf_module {
	struct net_buf_pool *start;
	struct net_buf_pool *stop;
};

const struct net_buf_module Z_NET_BUF_MODULE = {
	.start = STRUCT_SECTION_START(net_buf_pool),
	.stop = STRUCT_SECTION_END(net_buf_pool),
};

__attribute__((constructor(102))) static void net_buf_module_register(void)
{
	net_buf_register(Z_NET_BUF_MODULE.start, Z_NET_BUF_MODULE.stop);
}

#endif
