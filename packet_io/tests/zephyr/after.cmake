# SPDX-License-Identifier: Apache-2.0
#
# What each test does after that: its sources, and those that all tests share.

file(GLOB sources src/*.c)
target_sources(app PRIVATE ${sources} "${CMAKE_CURRENT_LIST_DIR}/../support/packets.c")
target_include_directories(app PRIVATE "${CMAKE_CURRENT_LIST_DIR}/../support")

if(KERNEL_VERSION_MAJOR EQUAL 3 AND KERNEL_VERSION_MINOR LESS 4)
	zephyr_linker_sources(DATA_SECTIONS "${CMAKE_CURRENT_LIST_DIR}/before_3.4/pools.ld")
endif()
