# SPDX-License-Identifier: Apache-2.0
#
# Beside the static library, of the same configuration:
#
#     packet_io::shared   the shared library, for programs and shared libraries
#     packet_io::module   for a shared library of a program that has the static one: what brings the library's
#                         wiring to the program, which supplies the rest
#
# Only for a system that has shared libraries. They are built when something links them, or is installed.

get_target_property(config packet_io PACKET_IO_CONFIG_DIR)

# Until 1.0.0, what changes the interface raises the minor number.
set(PACKET_IO_SOVERSION ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
	string(APPEND PACKET_IO_SOVERSION .${PROJECT_VERSION_MINOR})
endif()

add_library(packet_io_shared SHARED)
_packet_io_fill(packet_io_shared "${config}" "SOURCES;APART;MODULE")
set_target_properties(packet_io_shared PROPERTIES
	OUTPUT_NAME packet_io
	EXPORT_NAME shared
	VERSION ${PROJECT_VERSION}
	SOVERSION ${PACKET_IO_SOVERSION}
	NAMELINK_COMPONENT none
	LIBRARY_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/lib")
target_link_options(packet_io_shared PRIVATE -Wl,-z,defs)

add_library(packet_io_module STATIC)
_packet_io_fill(packet_io_module "${config}" MODULE)
set_target_properties(packet_io_module PROPERTIES
	EXPORT_NAME module
	POSITION_INDEPENDENT_CODE ON
	ARCHIVE_OUTPUT_DIRECTORY "${packet_io_BINARY_DIR}/lib")
# Once more behind it: with --as-needed the linker leaves out a shared library that nobody before it refers to.
target_link_libraries(packet_io_shared INTERFACE
	packet_io_module "$<TARGET_FILE:$<TARGET_NAME:packet_io_shared>>")

foreach(library IN ITEMS shared module)
	add_library(packet_io::${library} ALIAS packet_io_${library})
	if(NOT PACKET_IO_INSTALL)
		set_target_properties(packet_io_${library} PROPERTIES EXCLUDE_FROM_ALL ON)
	endif()
endforeach()
