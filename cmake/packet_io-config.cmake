# SPDX-License-Identifier: Apache-2.0
#
# find_package(packet_io) gives
#
#     packet_io::packet_io   the static library, for programs
#     packet_io::shared      the shared library, for programs and shared libraries
#     packet_io::module      for a shared library of a program that has the static one: what brings
#                            the library's wiring to the program, which supplies the rest

include("${CMAKE_CURRENT_LIST_DIR}/packet_io-targets.cmake")
