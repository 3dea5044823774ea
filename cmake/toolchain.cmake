# SPDX-License-Identifier: Apache-2.0
#
# Cross compilers for boards; CMAKE_TOOLCHAIN_FILE of a tree with PACKET_IO_BOARD. CMake reads this
# again for each of its own small test programs.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PACKET_IO_BOARD_FLAGS PACKET_IO_BOARD_PREFIX)

set(CMAKE_C_COMPILER ${PACKET_IO_BOARD_PREFIX}-gcc)
set(CMAKE_CXX_COMPILER ${PACKET_IO_BOARD_PREFIX}-g++)
set(CMAKE_C_FLAGS_INIT "${PACKET_IO_BOARD_FLAGS} -ffreestanding")
set(CMAKE_CXX_FLAGS_INIT
	"${PACKET_IO_BOARD_FLAGS} -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics")
set(CMAKE_EXECUTABLE_SUFFIX_C .elf)
set(CMAKE_EXECUTABLE_SUFFIX_CXX .elf)
