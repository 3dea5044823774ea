# SPDX-License-Identifier: Apache-2.0
#
# cmake -DPROGRAM=<file> -DEXPECT=<regular expression> -P expect_failure.cmake
#
# Runs a program that must fail, and say why.

execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if("${result}" STREQUAL "0")
	message(FATAL_ERROR "It must fail, and did not.")
endif()
if(NOT "${output}" MATCHES "${EXPECT}")
	message(FATAL_ERROR "It does not say \"${EXPECT}\".")
endif()
