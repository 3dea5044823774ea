#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What Doxygen reads of a file; every line where it was. A header is in the group of its part, with the
# statements for callers in bold. A document has no links to what is not in the reference.
case $1 in
*.md)
	exec sed -E 's/\[([^]]*)\]\([^)]*(samples|\.rst|Kconfig|LICENSE)[^)]*\)/\1/g' "$1"
	;;
esac
part=${1#"$PWD/"}
part=${part%%/*}
exec sed -E -e "1s|\$| /** @part{$part} */|" -e 's|^/\*\* @file (.)|/** @about \1|' -e '$a/** @} */' \
	-e 's/(^ \* |   |\. |\/\*\* )((Ownership|Context|Blocks|Cost)((, (Ownership|Context|Blocks|Cost))*):)/\1<b>\2<\/b>/g' "$1"
