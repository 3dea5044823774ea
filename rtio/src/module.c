/* SPDX-License-Identifier: Apache-2.0 */
/** @file The symbol that says which options the library was built with. */
#include <zephyr/rtio/module.h>

#ifdef CONFIG_PORT_BARE
__asm__(".global " STRINGIFY(Z_RTIO_MODULE) "\n\t" STRINGIFY(Z_RTIO_MODULE) " = 0");
#else
const char Z_RTIO_MODULE = 0;
#endif
