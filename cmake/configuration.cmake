# SPDX-License-Identifier: Apache-2.0
#
# The library, once per configuration.

# packet_io_sources([IF <condition>]   a CMake condition over CONFIG_ options, such as CONFIG_POLL
#                   [INCLUDE dir...]   public include folders
#                   [SOURCES file...]
#                   [APART file...]    more sources: an object file of their own in every library (see TOGETHER)
#                   [MODULE file...]   more sources: of what each program and shared library that uses
#                                      the library brings along (see kernel/src/module.c)
#                   [OPTIONS opt...]   for compiling and linking, here and in what links the library
#                   [LIBRARIES lib...])  to link with it
#
# Each part says with this, once, what it adds to a library. A configuration then takes what
# its options ask for.
function(packet_io_sources)
	cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "IF;INCLUDE;SOURCES;APART;MODULE;OPTIONS;LIBRARIES")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	foreach(what IN ITEMS INCLUDE SOURCES APART MODULE)
		list(TRANSFORM arg_${what} PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
	endforeach()

	get_property(pieces GLOBAL PROPERTY PACKET_IO_PIECES)
	list(LENGTH pieces piece)
	set_property(GLOBAL APPEND PROPERTY PACKET_IO_PIECES ${piece})
	# A part is a folder of the root, and what is below it.
	cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY "${packet_io_SOURCE_DIR}" OUTPUT_VARIABLE arg_PART)
	string(REGEX REPLACE "/.*" "" arg_PART "${arg_PART}")
	foreach(what IN ITEMS PART IF INCLUDE SOURCES APART MODULE OPTIONS LIBRARIES)
		set_property(GLOBAL PROPERTY PACKET_IO_PIECE_${piece}_${what} "${arg_${what}}")
	endforeach()
endfunction()

# packet_io_configuration(<target>
#     [CONF file...]     configuration fragments, a later one overriding an earlier one
#     [USER]             then PACKET_IO_CONF_FILE and what was chosen in the menu
#     [OPTIONS opt...]   for compiling the library
#     [TOGETHER]         the sources of a part are compiled as one, which takes half of the time: not where size
#                        counts, or tests put another object file in the place of one
#     [EXCEPT part...])  but those of these parts
#
# A static library of every part, built as the Kconfig defaults and the fragments say. What
# links it sees the public headers and, without including it, <zephyr/autoconf.h>. Two
# configurations that come out the same share one library; two in which the options are the same that the code
# of a part looks at share that part.
function(packet_io_configuration target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "USER;TOGETHER" "" "CONF;OPTIONS;EXCEPT")
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

	file(READ "${dir}/include/zephyr/autoconf.h" content)
	string(SHA256 content "${content};${arg_OPTIONS};${arg_EXCEPT}")
	get_property(same GLOBAL PROPERTY PACKET_IO_CONFIGURATION_${content})
	if(same)
		add_library(${target} ALIAS ${same})
		return()
	endif()
	set_property(GLOBAL PROPERTY PACKET_IO_CONFIGURATION_${content} ${target})

	add_library(${target} STATIC EXCLUDE_FROM_ALL)
	set_target_properties(${target} PROPERTIES
		PACKET_IO_CONFIG_DIR "${dir}"
		LINKER_LANGUAGE C
		ARCHIVE_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/lib")
	target_compile_options(${target} PRIVATE ${arg_OPTIONS})
	_packet_io_fill(${target} "${dir}" "")
	if(PACKET_IO_BOARD)
		packet_io_board(${target})
	endif()
	_packet_io_compile(${target} "${arg_TOGETHER}" "${arg_EXCEPT}" "${arg_OPTIONS}")
endfunction()

# Make @p target, a library, of the parts that the configuration in @p dir asks for; @p which is
# SOURCES, APART, MODULE or several. Whatever it is, the target has PACKET_IO_PARTS, and of each
# PACKET_IO_SOURCES_<part> and PACKET_IO_APART_<part>.
function(_packet_io_fill target dir which)
	include("${dir}/config.cmake")
	target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${dir}/include>")
	target_compile_options(${target} PUBLIC "$<BUILD_INTERFACE:SHELL:-imacros zephyr/autoconf.h>")
	target_compile_definitions(${target} PRIVATE PACKET_IO_LIBRARY)
	# What links a shared library need not link what that links.
	set(to_link PUBLIC)
	get_target_property(type ${target} TYPE)
	if(type STREQUAL "SHARED_LIBRARY")
		set(to_link PRIVATE)
	endif()
	get_property(pieces GLOBAL PROPERTY PACKET_IO_PIECES)
	foreach(piece IN LISTS pieces)
		foreach(what IN ITEMS PART IF INCLUDE SOURCES APART MODULE OPTIONS LIBRARIES)
			get_property(${what} GLOBAL PROPERTY PACKET_IO_PIECE_${piece}_${what})
		endforeach()
		string(REPLACE " " ";" IF "${IF}")
		if("${IF}" STREQUAL "" OR (${IF}))
			foreach(what IN LISTS which)
				target_sources(${target} PRIVATE ${${what}})
			endforeach()
			foreach(folder IN LISTS INCLUDE)
				target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${folder}>")
				set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_INCLUDE "${folder}")
			endforeach()
			target_compile_options(${target} PUBLIC ${OPTIONS})
			target_link_options(${target} PUBLIC ${OPTIONS})
			set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_PARTS ${PART})
			set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_SOURCES_${PART} ${SOURCES})
			set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_APART_${PART} ${APART} ${MODULE})
			if(LIBRARIES AND NOT which STREQUAL "MODULE")
				target_link_libraries(${target} ${to_link} ${LIBRARIES})
				set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_LIBRARIES ${LIBRARIES})
			endif()
		endif()
	endforeach()
	_packet_io_own_flags(${target})
	_packet_io_sanitize(${target})
endfunction()

# Have @p target, a configuration, made of object libraries, one a part; those of another one where they would
# come out the same. Their expressions are its PACKET_IO_OBJECTS.
function(_packet_io_compile target together except options)
	get_target_property(parts ${target} PACKET_IO_PARTS)
	list(REMOVE_DUPLICATES parts)
	foreach(part IN LISTS parts)
		get_property(sources TARGET ${target} PROPERTY PACKET_IO_SOURCES_${part})
		get_property(apart TARGET ${target} PROPERTY PACKET_IO_APART_${part})
		if("${sources}${apart}" STREQUAL "")
			continue()
		endif()

		_packet_io_sees(same ${target} ${part} "${sources};${apart};${options}")
		get_property(objects GLOBAL PROPERTY PACKET_IO_OBJECTS_${same})
		if(together AND NOT part IN_LIST except AND NOT objects)
			string(APPEND same _TOGETHER)
			get_property(objects GLOBAL PROPERTY PACKET_IO_OBJECTS_${same})
		endif()
		if(NOT objects)
			set(objects ${target}.${part})
			set_property(GLOBAL PROPERTY PACKET_IO_OBJECTS_${same} ${objects})
			add_library(${objects} OBJECT EXCLUDE_FROM_ALL ${sources} ${apart})
			foreach(what IN ITEMS COMPILE_DEFINITIONS COMPILE_OPTIONS INCLUDE_DIRECTORIES)
				get_property(value TARGET ${target} PROPERTY ${what})
				set_property(TARGET ${objects} PROPERTY ${what} "${value}")
			endforeach()
			_packet_io_own_standards(${objects})
			if(same MATCHES "TOGETHER$")
				_packet_io_together(${objects} "${sources}")
			endif()
		endif()
		target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
		set_property(TARGET ${target} APPEND PROPERTY PACKET_IO_OBJECTS $<TARGET_OBJECTS:${objects}>)
	endforeach()
endfunction()

# Set @p result to what tells how objects of @p part come out in the configuration @p target; the same for
# another one if these are the same. @p more says what else they depend on.
function(_packet_io_sees result target part more)
	_packet_io_options_of_parts()
	get_target_property(dir ${target} PACKET_IO_CONFIG_DIR)
	include("${dir}/config.cmake")
	foreach(option IN LISTS PACKET_IO_OPTIONS_${part})
		if(DEFINED ${option})
			string(APPEND more ";${option}=${${option}}")
		endif()
	endforeach()
	string(SHA256 more "${part};${more}")
	set(${result} ${more} PARENT_SCOPE)
endfunction()

# Have @p sources of @p target compiled as one.
function(_packet_io_together target sources)
	set_target_properties(${target} PROPERTIES
		UNITY_BUILD ON UNITY_BUILD_MODE GROUP UNITY_BUILD_UNIQUE_ID Z_LOG_FILE)
	set_source_files_properties(${sources} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP all)
	target_compile_definitions(${target} PRIVATE _GNU_SOURCE=) # before the first header of the system
	target_compile_options(${target} PRIVATE -Wno-shadow)
endfunction()

# Sets PACKET_IO_OPTIONS_<part> for the caller. A change of a source, if it changes one of these, configures again.
function(_packet_io_options_of_parts)
	set(out "${packet_io_BINARY_DIR}/config/parts.cmake")
	get_property(parts GLOBAL PROPERTY PACKET_IO_ALL_PARTS)
	if(NOT parts)
		get_property(pieces GLOBAL PROPERTY PACKET_IO_PIECES)
		foreach(piece IN LISTS pieces)
			get_property(part GLOBAL PROPERTY PACKET_IO_PIECE_${piece}_PART)
			list(APPEND parts ${part})
		endforeach()
		if(PACKET_IO_BOARD)
			list(APPEND parts boards)
		endif()
		list(REMOVE_DUPLICATES parts)
		set_property(GLOBAL PROPERTY PACKET_IO_ALL_PARTS ${parts})
		set(command "${PACKET_IO_PYTHON}" -B "${packet_io_SOURCE_DIR}/tools/kconfig/parts.py"
			--root "${packet_io_SOURCE_DIR}" --out "${out}" ${parts})
		execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)
		include("${out}")
		set_property(DIRECTORY "${packet_io_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${out}")
		add_custom_command(OUTPUT "${out}" COMMAND ${command} DEPENDS ${PACKET_IO_PARTS_INPUTS} VERBATIM)
		add_custom_target(packet_io_parts DEPENDS "${out}")
	endif()
	include("${out}")
	foreach(part IN LISTS parts)
		set(PACKET_IO_OPTIONS_${part} ${PACKET_IO_OPTIONS_${part}} PARENT_SCOPE)
	endforeach()
endfunction()

function(_packet_io_own_standards target)
	set_target_properties(${target} PROPERTIES
		C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON
		CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS ON)
endfunction()

# The flags of our own code, on top of what the user builds with.
function(_packet_io_own_flags target)
	_packet_io_own_standards(${target})
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
	if(PACKET_IO_COVERAGE)
		# Branches as they are in the source, once for each inline function, counted by all threads.
		target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic -O0 -DALWAYS_INLINE=inline)
		target_link_options(${target} PUBLIC --coverage)
	endif()
endfunction()

# Stops at arguments that a function does not know.
macro(_packet_io_no_rest function)
	if(DEFINED arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "${function}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
	endif()
endmacro()
