# SPDX-License-Identifier: Apache-2.0
#
# The library, once per configuration.

# packet_io_sources([IF <condition>]   a CMake condition over CONFIG_ options, such as CONFIG_POLL
#                   [INCLUDE dir...]   public include folders
#                   [SOURCES file...]
#                   [APART file...]    more sources: an object file of their own in every library (see TOGETHER)
#                   [MODULE file...]   more sources: of what each program and shared library that uses
#                                      the library brings along (see kernel/src/module.c)
#                   [OPTIONS opt...])  for compiling and linking, here and in what links the library
#
# Each part says with this, once, what it adds to a library. A configuration then takes what
# its options ask for.
function(packet_io_sources)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "IF;INCLUDE;SOURCES;APART;MODULE;OPTIONS")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	foreach(what IN ITEMS INCLUDE SOURCES APART MODULE)
		list(TRANSFORM arg_${what} PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
	endforeach()

	get_property(pieces GLOBAL PROPERTY PACKET_IO_PIECES)
	list(LENGTH pieces piece)
	set_property(GLOBAL APPEND PROPERTY PACKET_IO_PIECES ${piece})
	cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME arg_PART)
	foreach(what IN ITEMS PART IF INCLUDE SOURCES APART MODULE OPTIONS)
		set_property(GLOBAL PROPERTY PACKET_IO_PIECE_${piece}_${what} "${arg_${what}}")
	endforeach()
endfunction()

# packet_io_configuration(<target>
#     [CONF file...]   configuration fragments, a later one overriding an earlier one
#     [USER]           then PACKET_IO_CONF_FILE and what was chosen in the menu
#     [TOGETHER])      the sources of a part are compiled together, which takes a third of the time; not where
#                      size counts, or a program puts another source in the place of one
#
# A static library of every part, built as the Kconfig defaults and the fragments say. What
# links it sees the public headers and, without including it, <zephyr/autoconf.h>. Two
# configurations that come out the same share one library.
function(packet_io_configuration target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "USER;TOGETHER" "" "CONF")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	set(fragments ${PACKET_IO_BOARD_FRAGMENTS})
	foreach(file IN LISTS arg_CONF)
		cmake_path(ABSOLUTE_PATH file)
		list(APPEND fragments "${file}")
	endforeach()
	if(arg_USER)
		list(APPEND fragments ${PACKET_IO_USER_FRAGMENTS} "${PACKET_IO_MENU_CONF}")
	endif()

	set(dir "${packet_io_BINARY_DIR}/config/${target}")
	execute_process(
		COMMAND "${PACKET_IO_PYTHON}" -B "${packet_io_SOURCE_DIR}/tools/kconfig/genconfig.py"
			--root "${packet_io_SOURCE_DIR}" --out "${dir}" -- ${fragments}
		RESULT_VARIABLE result
	)
	if(result)
		message(FATAL_ERROR "The configuration of ${target} has errors; they are named above.")
	endif()
	include("${dir}/config.cmake")
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PACKET_IO_CONFIG_INPUTS})

	file(SHA256 "${dir}/include/zephyr/autoconf.h" content)
	get_property(same GLOBAL PROPERTY PACKET_IO_CONFIGURATION_${content})
	if(same)
		add_library(${target} ALIAS ${same})
		return()
	endif()
	set_property(GLOBAL PROPERTY PACKET_IO_CONFIGURATION_${content} ${target})

	add_library(${target} STATIC EXCLUDE_FROM_ALL)
	set_target_properties(${target} PROPERTIES
		PACKET_IO_CONFIG_DIR "${dir}"
		ARCHIVE_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/lib")
	_packet_io_fill(${target} "${dir}" "SOURCES;APART;MODULE")
	if(arg_TOGETHER)
		set_target_properties(${target} PROPERTIES
			UNITY_BUILD ON UNITY_BUILD_MODE GROUP UNITY_BUILD_UNIQUE_ID Z_LOG_FILE)
		target_compile_definitions(${target} PRIVATE _GNU_SOURCE=) # before the first header of the system
		target_compile_options(${target} PRIVATE -Wno-shadow)
	endif()
	if(PACKET_IO_BOARD)
		packet_io_board(${target})
	endif()
endfunction()

# Make @p target, a library, of the parts that the configuration in @p dir asks for; @p which is
# SOURCES, MODULE or both.
function(_packet_io_fill target dir which)
	include("${dir}/config.cmake")
	target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${dir}/include>")
	target_compile_options(${target} PUBLIC "$<BUILD_INTERFACE:SHELL:-imacros zephyr/autoconf.h>")
	target_compile_definitions(${target} PRIVATE PACKET_IO_LIBRARY)
	get_property(pieces GLOBAL PROPERTY PACKET_IO_PIECES)
	foreach(piece IN LISTS pieces)
		foreach(what IN ITEMS PART IF INCLUDE SOURCES APART MODULE OPTIONS)
			get_property(${what} GLOBAL PROPERTY PACKET_IO_PIECE_${piece}_${what})
		endforeach()
		string(REPLACE " " ";" IF "${IF}")
		if("${IF}" STREQUAL "" OR (${IF}))
			foreach(what IN LISTS which)
				target_sources(${target} PRIVATE ${${what}})
			endforeach()
			set_source_files_properties(${SOURCES} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${PART})
			foreach(folder IN LISTS INCLUDE)
				target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${folder}>")
				set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_INCLUDE "${folder}")
			endforeach()
			target_compile_options(${target} PUBLIC ${OPTIONS})
			target_link_options(${target} PUBLIC ${OPTIONS})
		endif()
	endforeach()
	_packet_io_own_flags(${target})
	_packet_io_sanitize(${target})
endfunction()

# The flags of our own code, on top of what the user builds with.
function(_packet_io_own_flags target)
	set_target_properties(${target} PROPERTIES
		C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON
		CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS ON)
	target_compile_options(${target} PRIVATE
		-Wall -Wextra -Wpointer-arith -Wvla
		$<$<COMPILE_LANGUAGE:C>:-Wshadow>
		$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
		$<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
		$<$<BOOL:${PACKET_IO_WERROR}>:-Werror>
		-fno-common -ffunction-sections -fdata-sections)
endfunction()

# PACKET_IO_SANITIZE, for a library and all that links it.
function(_packet_io_sanitize target)
	set(flags)
	if(PACKET_IO_SANITIZE STREQUAL "address")
		set(flags -fsanitize=address,undefined -fno-sanitize-recover=all)
	elseif(PACKET_IO_SANITIZE STREQUAL "thread")
		set(flags -fsanitize=thread)
	elseif(NOT PACKET_IO_SANITIZE STREQUAL "")
		message(FATAL_ERROR "PACKET_IO_SANITIZE=${PACKET_IO_SANITIZE}: allowed are address, thread and nothing")
	endif()
	if(flags)
		target_compile_options(${target} PUBLIC ${flags} -O1 -fno-omit-frame-pointer)
		target_link_options(${target} PUBLIC ${flags})
	endif()
endfunction()

# Stops at arguments that a function does not know.
macro(_packet_io_no_rest function)
	if(DEFINED arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "${function}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
	endif()
endmacro()
