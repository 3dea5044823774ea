# SPDX-License-Identifier: Apache-2.0
#
# PACKET_IO_BOARD, one of the folders in boards/ that have a board.json. Read before project().

set(PACKET_IO_BOARD "" CACHE STRING "Board to build for; empty: this machine, or what CMAKE_TOOLCHAIN_FILE says")
if(PACKET_IO_BOARD STREQUAL "")
	return()
endif()

file(GLOB boards RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}/boards" "${CMAKE_CURRENT_SOURCE_DIR}/boards/*/board.json")
list(TRANSFORM boards REPLACE "/board.json$" "")
if(NOT PACKET_IO_BOARD IN_LIST boards)
	list(JOIN boards " " boards)
	message(FATAL_ERROR "PACKET_IO_BOARD=${PACKET_IO_BOARD}: there is no such board; there are ${boards}")
endif()

set(PACKET_IO_BOARD_DIR "${CMAKE_CURRENT_SOURCE_DIR}/boards/${PACKET_IO_BOARD}")
file(READ "${PACKET_IO_BOARD_DIR}/board.json" board)
string(JSON PACKET_IO_BOARD_PREFIX GET "${board}" toolchain)
string(JSON PACKET_IO_BOARD_RAM_KIB GET "${board}" ram_kib)

# board_list(<variable> <key>): an array of the file as a list.
function(board_list variable key)
	string(JSON length LENGTH "${board}" ${key})
	math(EXPR last "${length} - 1")
	foreach(i RANGE ${last})
		string(JSON item GET "${board}" ${key} ${i})
		list(APPEND items "${item}")
	endforeach()
	set(${variable} "${items}" PARENT_SCOPE)
endfunction()

board_list(PACKET_IO_BOARD_CPU cpu)
list(APPEND PACKET_IO_BOARD_CPU -ffreestanding)
list(JOIN PACKET_IO_BOARD_CPU " " PACKET_IO_BOARD_FLAGS)
board_list(PACKET_IO_BOARD_SOURCES sources)

find_program(PACKET_IO_BOARD_COMPILER ${PACKET_IO_BOARD_PREFIX}-gcc)
if(NOT PACKET_IO_BOARD_COMPILER)
	message(FATAL_ERROR "${PACKET_IO_BOARD} needs ${PACKET_IO_BOARD_PREFIX}-gcc, which is missing; on Debian: "
		"apt-get install gcc-${PACKET_IO_BOARD_PREFIX}")
endif()
board_list(board_flags libgcc)
execute_process(COMMAND "${PACKET_IO_BOARD_COMPILER}" ${board_flags} -print-libgcc-file-name
	OUTPUT_VARIABLE PACKET_IO_BOARD_LIBGCC OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(CMAKE_TOOLCHAIN_FILE "${CMAKE_CURRENT_SOURCE_DIR}/cmake/toolchain.cmake")
set(CMAKE_C_FLAGS_MINSIZEREL "-Os -g" CACHE STRING "C flags of the default build type of boards")
set(CMAKE_CXX_FLAGS_MINSIZEREL "-Os -g" CACHE STRING "C++ flags of the default build type of boards")
if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE MinSizeRel CACHE STRING "Build type" FORCE)
endif()
