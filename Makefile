# Signalbox: what can be done here. `make` alone lists it.

SHELL := /bin/bash
SWIFT ?= swift
# Where builds go, where `install` puts things, and what `demo` and `bench` pass on.
SCRATCH ?= .build
PREFIX ?= /usr/local
ARGS ?=

export SWIFT SCRATCH PREFIX
SIGNALBOX := $(SCRATCH)/release/signalbox

.DEFAULT_GOAL := help
.PHONY: help setup demo test checklist build install bench format lint

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile
	@echo 'Variables: ARGS="--seed 7" for demo and bench, PREFIX=$(PREFIX), SCRATCH=$(SCRATCH)'

setup: ## Install the system packages that are missing
	@.ci/setup

demo: build ## Watch a simulated data centre at work: no server, no root, no configuration
	@SWIFT_BACKTRACE=interactive=no $(SIGNALBOX) demo $(ARGS)

test: setup lint ## Check the style, build, and run every test
	@.ci/test

checklist: ## List what other systems do, with the tests that show it here and their last results
	@.ci/checklist

build: setup ## Build the program, optimised
	$(SWIFT) build -c release --product signalbox --scratch-path $(SCRATCH)

install: build ## Install under PREFIX: program, themes, Demo, manual page, completions
	@.ci/install

bench: build ## Measure the speeds, each beside its raw baseline
	@$(SIGNALBOX) bench $(ARGS)

format: setup ## Format the sources in place
	$(SWIFT) format -i -p -r Package.swift Sources Tests

lint: setup ## Report what the formatter would change or the style forbids
	$(SWIFT) format lint --strict -p -r Package.swift Sources Tests
