# SPDX-License-Identifier: Apache-2.0
#
# A front door: each target is a line or two that you could type yourself.

export BUILD ?= build
export JOBS ?= $(shell nproc)
export WERROR ?= 0
BOARD ?= mps2_an385

.DEFAULT_GOAL := help
.PHONY: help demo demo-mcu test check soak bench bench-mcu size coverage format lint doc menuconfig clean

help: ## this list
	@echo "Packet I/O. Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
	@echo
	@echo "Variables: BUILD=$(BUILD) (folder to build in), JOBS=$(JOBS), WERROR=$(WERROR) (1: warnings are errors),"
	@echo "BOARD=$(BOARD) (for demo-mcu: $(notdir $(patsubst %/board.json,%,$(wildcard boards/*/board.json)))),"
	@echo "ARGS (for the demo), UPDATE (1: rewrite the tables of cost)."

demo: ## install what is missing, build, and run the sample basic_packet_routing
	@tools/setup.sh demo
	@tools/build.sh plain basic_packet_routing
	"$(BUILD)/samples/basic_packet_routing" $(ARGS)

demo-mcu: ## the same for a pipeline without an operating system, on BOARD in QEMU
	@tools/setup.sh mcu
	@tools/build.sh "$(BOARD)" interrupt_pipeline
	tools/qemu/run.py "$(BOARD)" "$(BUILD)/$(BOARD)/samples/interrupt_pipeline.elf"

test: ## install what is missing, then every test in every configuration, with sanitizers and with clang
	@tools/setup.sh test
	@tools/test.sh

check: ## the quick loop: the default configuration, without the slow tests
	@tools/setup.sh build
	@tools/build.sh plain check-programs
	@ctest --test-dir "$(BUILD)" -L '^default$$' -LE '^slow$$' --no-tests=error --output-on-failure --no-label-summary -j $(JOBS)

soak: ## the tests that take long, in all build trees
	@tools/setup.sh test soak
	@tools/test.sh soak

bench: ## measure this library and its peers side by side; tables and drawings; UPDATE=1: bench/BASELINE.md
	@tools/setup.sh bench
	@tools/build.sh bench
	@bench/run.sh "$(BUILD)/bench" $(if $(UPDATE),--update)

bench-mcu: ## count instructions on a Cortex-M3 and compare with the table; UPDATE=1 rewrites it
	@tools/setup.sh mcu
	@tools/build.sh mps2_an385 bench-mcu

size: ## bytes of code, RAM and stack on each core, compared with the tables; UPDATE=1 rewrites them
	@tools/setup.sh mcu
	@for board in mps2_an385 microbit qemu_riscv32 qemu_riscv32_imc; do tools/build.sh $$board size || exit; done

coverage: ## the branches of packet_io and net_buf that no test takes, compared with those that are named
	@tools/setup.sh test
	@tools/coverage/coverage.sh

format: ## lay out every C file as .clang-format says
	@tools/setup.sh format
	@/usr/bin/python3 -B tools/lint/format.py

lint: ## layout, clang-tidy, cppcheck and the rules of this repository
	@tools/setup.sh lint
	@tools/lint/lint.sh

doc: ## the API reference, in BUILD/doc/html
	@tools/setup.sh doc
	@tools/doc/doc.sh

menuconfig: ## choose options in a menu; kept in BUILD and used by the next build of library and samples
	@tools/setup.sh build
	@tools/build.sh plain menuconfig

clean: ## remove all that was built, and what menuconfig kept
	@if [ "$(BUILD)" = build ] || [ -f "$(BUILD)/CMakeCache.txt" ]; then rm -rf -- "$(BUILD)"; \
	else echo "clean: nothing was built in $(BUILD)"; fi
