# SPDX-License-Identifier: Apache-2.0
#
# Programs of this project: samples, tests, benchmarks.

# packet_io_executable(<target>
#     CONFIGURATION <library target>
#     SOURCES file...
#     [LIBRARIES lib...] [DEFINITIONS NAME=value...] [COMPILE_OPTIONS opt...] [LINK_OPTIONS opt...])
#
# A program with the warnings of our own code.
function(packet_io_executable target)
	cmake_parse_arguments(PARSE_ARGV 1 arg
		"" "CONFIGURATION" "SOURCES;LIBRARIES;DEFINITIONS;COMPILE_OPTIONS;LINK_OPTIONS")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	add_executable(${target} ${arg_SOURCES})
	_packet_io_own_flags(${target})
	target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
	target_compile_options(${target} PRIVATE ${arg_COMPILE_OPTIONS})
	target_link_options(${target} PRIVATE -Wl,--gc-sections ${arg_LINK_OPTIONS})
	target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} ${arg_CONFIGURATION})
endfunction()

# packet_io_sample(<name> [CONF prj.conf...] SOURCES file... [LIBRARIES lib...])
#
# The program <build>/samples/<name>, configured by its own fragments and then the user's.
function(packet_io_sample name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "CONF;SOURCES;LIBRARIES")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	packet_io_configuration(packet_io_sample_${name} USER CONF ${arg_CONF})
	packet_io_executable(${name} CONFIGURATION packet_io_sample_${name}
		SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES})
	set_target_properties(${name} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/samples")
	if(PACKET_IO_TESTS)
		add_dependencies(check-programs ${name})
	endif()
endfunction()

# packet_io_add_test(<name> COMMAND arg...
#     [LABELS label...] [TIMEOUT seconds] [PROPERTIES name value...])
#
# Has ctest run a command, which can begin with a target, and count a finding of a sanitizer as
# a failure. One labelled "soak" runs only when asked for (ctest -C soak); one labelled "slow"
# is left out of `make check`. On a board, ctest runs the target in its emulator.
function(packet_io_add_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND;LABELS;PROPERTIES")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	if(PACKET_IO_BOARD AND "soak" IN_LIST arg_LABELS)
		return() # those are about threads
	endif()
	set(only)
	# Only what hangs takes that long, also on a machine that is busy with other work.
	set(timeout 300)
	if("soak" IN_LIST arg_LABELS)
		set(only CONFIGURATIONS soak)
		set(timeout 1800)
	endif()
	if(arg_TIMEOUT)
		set(timeout ${arg_TIMEOUT})
	endif()
	set(launcher)
	if(PACKET_IO_SANITIZE)
		math(EXPR timeout "${timeout} * 3")
		# The sanitizers of gcc 12 and clang 14 cannot place their shadow where the kernel
		# randomises addresses by more than its old default.
		set(bits 0)
		if(EXISTS /proc/sys/vm/mmap_rnd_bits)
			file(STRINGS /proc/sys/vm/mmap_rnd_bits bits)
		endif()
		if(bits GREATER 28)
			set(launcher setarch --addr-no-randomize)
		endif()
	endif()

	set(cost) # what takes long begins first
	if("slow" IN_LIST arg_LABELS)
		set(cost COST ${timeout})
	endif()

	list(POP_FRONT arg_COMMAND program)
	if(TARGET ${program})
		if("default" IN_LIST arg_LABELS)
			add_dependencies(check-programs ${program})
		endif()
		set(program "$<TARGET_FILE:${program}>")
		if(PACKET_IO_BOARD)
			set(launcher "${PACKET_IO_PYTHON}" -B "${packet_io_SOURCE_DIR}/tools/qemu/run.py"
				${PACKET_IO_BOARD} --timeout ${timeout})
			math(EXPR timeout "${timeout} + 20")
		endif()
	endif()

	set(name "${PACKET_IO_TEST_PREFIX}${name}")
	add_test(NAME "${name}" COMMAND ${launcher} ${program} ${arg_COMMAND} ${only} COMMAND_EXPAND_LISTS)
	set_tests_properties("${name}" PROPERTIES
		LABELS "${arg_LABELS}"
		TIMEOUT ${timeout}
		ENVIRONMENT_MODIFICATION
		"ASAN_OPTIONS=set:detect_stack_use_after_return=1,strict_string_checks=1;UBSAN_OPTIONS=set:print_stacktrace=1;TSAN_OPTIONS=set:halt_on_error=1,second_deadlock_stack=1,atexit_sleep_ms=50"
		${cost} ${arg_PROPERTIES})
endfunction()

# packet_io_test(<name>
#     [LINUX] [THREADS]              only where there is such a thing: not on boards
#     SOURCES file...
#     [THREAD_SOURCES file...]       on top of it, only where there are threads
#     [CONFIGURATIONS name...]   default: default debug minimal
#     [ARGS arg...]              of the program
#     [LABELS label...] [TIMEOUT seconds] [PROPERTIES name value...]    as packet_io_add_test()
#     [LIBRARIES ...] [DEFINITIONS ...] [COMPILE_OPTIONS ...] [LINK_OPTIONS ...])
#                                                                        as packet_io_executable()
#
# A ztest program, built and run in each of its configurations: the test <name>.<configuration>
# is the program <build>/tests/<configuration>/<name>, linked with packet_io_<configuration>.
# PACKET_IO_TEST_CONFIGURATIONS narrows a tree down to fewer of them; a test that has none of
# those runs in the first of its own, so that no tree leaves a test out.
function(packet_io_test name)
	set(for_test ARGS LABELS PROPERTIES)
	set(for_program SOURCES LIBRARIES DEFINITIONS COMPILE_OPTIONS LINK_OPTIONS)
	cmake_parse_arguments(PARSE_ARGV 1 arg "LINUX;THREADS" "TIMEOUT"
		"CONFIGURATIONS;THREAD_SOURCES;${for_test};${for_program}")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	if(NOT PACKET_IO_BOARD)
		list(APPEND arg_SOURCES ${arg_THREAD_SOURCES})
	elseif(arg_LINUX OR arg_THREADS)
		return()
	endif()
	if(NOT arg_CONFIGURATIONS)
		set(arg_CONFIGURATIONS default debug minimal)
	endif()
	set(program)
	foreach(key IN LISTS for_program)
		list(APPEND program ${key} ${arg_${key}})
	endforeach()

	set(run)
	foreach(configuration IN LISTS arg_CONFIGURATIONS)
		if(configuration IN_LIST PACKET_IO_TEST_CONFIGURATIONS)
			list(APPEND run ${configuration})
		endif()
	endforeach()
	if(NOT run)
		list(GET arg_CONFIGURATIONS 0 run)
	endif()

	foreach(configuration IN LISTS run)
		set(target ${name}.${configuration})
		packet_io_executable(${target} CONFIGURATION packet_io_${configuration} ${program})
		# Programs are optimised once: it takes as long as all the rest of compiling them.
		if(NOT PACKET_IO_BOARD AND NOT configuration STREQUAL "default")
			set_property(TARGET ${target} APPEND PROPERTY COMPILE_OPTIONS -O1)
		endif()
		set_target_properties(${target} PROPERTIES
			OUTPUT_NAME ${name}
			RUNTIME_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/tests/${configuration}")
		if(configuration STREQUAL "default")
			add_dependencies(check-programs ${target})
		endif()
		packet_io_add_test(${target}
			COMMAND ${target} ${arg_ARGS}
			LABELS ${configuration} ${arg_LABELS}
			TIMEOUT ${arg_TIMEOUT}
			PROPERTIES ${arg_PROPERTIES})
	endforeach()
endfunction()

# packet_io_compile_fail_test(<name>
#     SOURCE file
#     EXPECT <regular expression>     that the compiler's output has
#     [CONTROL NAME]                  with this defined, the program must compile
#     [LANGUAGE C|CXX]                default: as the file's name says
#     [DEFINITIONS NAME=value...]
#     [CONFIGURATION name])           default: default
#
# A program that must not compile, warnings not being errors. CONTROL proves that it is the
# fault meant that stops it.
function(packet_io_compile_fail_test name)
	if(PACKET_IO_BOARD)
		return() # the compiler of this machine has said it
	endif()
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE;EXPECT;CONTROL;LANGUAGE;CONFIGURATION" "DEFINITIONS")
	_packet_io_no_rest(${CMAKE_CURRENT_FUNCTION})
	if(NOT arg_CONFIGURATION)
		set(arg_CONFIGURATION default)
	endif()
	cmake_path(ABSOLUTE_PATH arg_SOURCE)
	set(compiler "${CMAKE_C_COMPILER}" -std=gnu11)
	if(arg_LANGUAGE STREQUAL "CXX" OR NOT arg_LANGUAGE AND arg_SOURCE MATCHES "[.]cpp$")
		set(compiler "${CMAKE_CXX_COMPILER}" -std=gnu++17 -x c++)
	endif()
	set(include "$<TARGET_PROPERTY:packet_io_${arg_CONFIGURATION},INTERFACE_INCLUDE_DIRECTORIES>")
	list(TRANSFORM arg_DEFINITIONS PREPEND -D)
	packet_io_add_test(${name}
		COMMAND "${PACKET_IO_PYTHON}" -B "${packet_io_SOURCE_DIR}/tools/compile_fail.py"
			"--expect=${arg_EXPECT}" "--control=${arg_CONTROL}" --
			${compiler} -Wall -Wextra "-I$<JOIN:${include},$<SEMICOLON>-I>" -imacros zephyr/autoconf.h
			${arg_DEFINITIONS} -fsyntax-only "${arg_SOURCE}"
		LABELS ${arg_CONFIGURATION})
endfunction()
