/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The object file that the linker puts into each program and shared library that uses the kernel:
 * it knows the bounds of that module's sections, and its constructors bring them to the kernel.
 *
 * The constructors of shared libraries run before the program's, so when the program's runs, every
 * module that was there at start-up is known, and the kernel starts.
 */
#include "module.h"

#ifdef CONFIG_PORT_BARE

/*
 * One program, and one constructor, so that it does not matter in which order the start-up code runs
 * those it finds. The number makes it the first one where the order is kept.
 */

#include <kernel/start.h>
#include <port/bare.h>

__asm__(".global " STRINGIFY(Z_KERNEL_MODULE) "\n\t" STRINGIFY(Z_KERNEL_MODULE) " = 0");

static bool started;

bool kernel_started(void)
{
	return started;
}

void kernel_start(void)
{
	if (!started) {
		started = true;
		port_start();
		kernel_init();
	}
}

__attribute__((constructor(101))) static void kernel_module_start(void)
{
	kernel_start();
}

#else

STRUCT_SECTION_START_EXTERN(init_entry);
STRUCT_SECTION_END_EXTERN(init_entry);
STRUCT_SECTION_START_EXTERN(k_static_thread);
STRUCT_SECTION_END_EXTERN(k_static_thread);

struct kernel_module Z_KERNEL_MODULE = {
	.init_start = STRUCT_SECTION_START(init_entry),
	.init_stop = STRUCT_SECTION_END(init_entry),
	.threads_start = STRUCT_SECTION_START(k_static_thread),
	.threads_stop = STRUCT_SECTION_END(k_static_thread),
};

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* Whether this module is the program: the system tells where the program's headers are. */
static bool is_program(void)
{
	return (uintptr_t)&__ehdr_start + __ehdr_start.e_phoff == getauxval(AT_PHDR);
}

/* 102: after the port's own constructors. The parts above register their sections at 102 too. */
__attribute__((constructor(102))) static void kernel_module_register(void)
{
	kernel_register(&Z_KERNEL_MODULE);
}

__attribute__((constructor(103))) static void kernel_module_init(void)
{
	if (is_program()) {
		kernel_init();
	}
}

/* Last of all: the program's own constructors have run when its threads start. */
__attribute__((constructor)) static void kernel_module_start_threads(void)
{
	if (is_program()) {
		kernel_start_threads();
	}
}

#endif /* CONFIG_PORT_BARE */
