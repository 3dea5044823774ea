#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program that does not end as it should: it is stopped or it is seen how it ended.

    runner.py STATUS WORDS -- COMMAND...
"""

import subprocess
import sys


def main():
    status, words = int(sys.argv[1]), sys.argv[2]
    result = subprocess.run(sys.argv[4:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(result.stdout)
    if result.returncode != status:
        print(f"ended with {result.returncode} instead of {status}")
        return 1
    if "about to end" not in result.stdout or words not in result.stdout:
        print(f"does not say {words}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
