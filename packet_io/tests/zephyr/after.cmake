# SPDX-License-Identifier: Apache-2.0
#
# What each test does after that: its sources, and those that all tests share.

file(GLOB sources src/*.c)
target_sources(app PRIVATE ${sources} "${CMAKE_CURRENT_LIST_DIR}/../support/packets.c")
target_include_directories(app PRIVATE "${CMAKE_CURRENT_LIST_DIR}/../support")

# Older versions have no symbol at the end of all buffer pools.
file(STRINGS "${ZEPHYR_BASE}/include/zephyr/linker/common-ram.ld" no_end REGEX "_net_buf_pool_list = \\.;")
if(no_end)
	zephyr_linker_sources(DATA_SECTIONS "${CMAKE_CURRENT_LIST_DIR}/pools.ld")
endif()
