# SPDX-License-Identifier: Apache-2.0
#
# What each test does before it finds Zephyr: suites in files of their own are an option in older
# versions, and newer ones refuse the option.

set(ztest "$ENV{ZEPHYR_BASE}/subsys/testsuite/ztest/Kconfig")
set(new_api)
if(EXISTS "${ztest}")
	file(STRINGS "${ztest}" new_api REGEX "^config ZTEST_NEW_API$")
endif()
if(new_api)
	list(APPEND OVERLAY_CONFIG "${CMAKE_CURRENT_LIST_DIR}/ztest_new_api.conf")
endif()
