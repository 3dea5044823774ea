# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts where, and what CPack packs:
#
#     include/packet_io/...          the headers, so that <zephyr/...> never lands in /usr/include
#     lib/libpacket_io.a             for programs
#     lib/libpacket_io.so.N          the same, shared
#     lib/libpacket_io.so            what -lpacket_io finds: the shared one with the next
#     lib/libpacket_io_module.a      what each program and shared library has of it itself: what
#                                    brings its wiring, pools and threads to the library
#     lib/pkgconfig/packet_io.pc, lib/cmake/packet_io/, share/doc/packet_io/config
#
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_target_property(config packet_io PACKET_IO_CONFIG_DIR)
set(headers "${CMAKE_INSTALL_INCLUDEDIR}/packet_io")

foreach(library IN ITEMS packet_io packet_io_shared packet_io_module)
	target_include_directories(${library} INTERFACE "$<INSTALL_INTERFACE:${headers}>")
endforeach()
install(TARGETS packet_io packet_io_shared packet_io_module EXPORT packet_io LIBRARY NAMELINK_SKIP)

# The configuration that the library has goes with the headers: one generated header.
get_target_property(folders packet_io PACKET_IO_INCLUDE)
list(REMOVE_DUPLICATES folders)
foreach(folder IN LISTS folders ITEMS "${config}/include")
	install(DIRECTORY "${folder}/" DESTINATION "${headers}" FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES "${config}/.config" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME config)
install(FILES LICENSE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# -lpacket_io: a script for the linker instead of a link to the shared library, which is last: with --as-needed the
# linker leaves out one that nobody before it refers to, and a file of wires refers to nothing but the module.
set(script "${packet_io_BINARY_DIR}/install/libpacket_io.so")
file(CONFIGURE OUTPUT "${script}" CONTENT
	"/* GNU ld script: what each that uses the shared library has of it itself, and that library. */
INPUT ( libpacket_io_module.a libpacket_io.so.@PACKET_IO_SOVERSION@ )
" @ONLY)
install(FILES "${script}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")

# What else a program links that has the library's archive: of Debian, liburing with its headers' package.
get_target_property(libraries packet_io PACKET_IO_LIBRARIES)
if(NOT libraries)
	set(libraries)
endif()
set(depends libc6-dev)
if("uring" IN_LIST libraries)
	list(APPEND depends liburing-dev)
endif()
list(JOIN depends ", " depends)
list(TRANSFORM libraries PREPEND " -l")
list(JOIN libraries "" libraries)

# Relative to itself, so that the whole can be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
	BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" OUTPUT_VARIABLE up)
set(pc "${packet_io_BINARY_DIR}/install/packet_io.pc")
file(CONFIGURE OUTPUT "${pc}" CONTENT [[
prefix=${pcfiledir}/@up@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@headers@

Name: Packet I/O
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Cflags: -I${includedir} -pthread
Libs: -L${libdir} -lpacket_io -pthread
Libs.private:@libraries@
]] @ONLY)
install(FILES "${pc}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/packet_io")
write_basic_package_version_file("${packet_io_BINARY_DIR}/install/packet_io-config-version.cmake"
	COMPATIBILITY SameMinorVersion)
install(FILES cmake/packet_io-config.cmake "${packet_io_BINARY_DIR}/install/packet_io-config-version.cmake"
	DESTINATION "${package}")
install(EXPORT packet_io NAMESPACE packet_io:: FILE packet_io-targets.cmake DESTINATION "${package}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libpacket-io-dev)
set(CPACK_PACKAGE_CONTACT "Packet I/O <packet-io@example.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${depends}")
set(CPACK_STRIP_FILES OFF)
include(CPack)
