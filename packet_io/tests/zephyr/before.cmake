# SPDX-License-Identifier: Apache-2.0
#
# What each test does before it finds Zephyr: add the configuration that only older versions have,
# and need.

set(version_file "$ENV{ZEPHYR_BASE}/VERSION")
if(EXISTS "${version_file}")
	set(version)
	foreach(key IN ITEMS VERSION_MAJOR VERSION_MINOR)
		file(STRINGS "${version_file}" number REGEX "^${key} *=")
		string(REGEX REPLACE "[^0-9]" "" number "${number}")
		list(APPEND version "${number}")
	endforeach()
	list(JOIN version "." version)
	if(version VERSION_LESS 3.4)
		list(APPEND OVERLAY_CONFIG "${CMAKE_CURRENT_LIST_DIR}/before_3.4/ztest.conf")
	endif()
endif()
