# Everything a person does here, one word each. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset tour test faults faults-check check fix bench shell lock install

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
EMBEDDED := $(BIN)/python -m ascora.embedded

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: install ## the demonstration: everything started, one address printed, Ctrl-C ends it
	@$(EMBEDDED) demo

demo-reset: install ## throw the demonstration's data away and start it afresh
	@$(EMBEDDED) demo --reset

tour: install ## the whole story over HTTP, checked to the cent (TAMPER=1 must fail)
	@$(EMBEDDED) tour

test: install ## every test, on PostgreSQL and Redis of its own
	@$(BIN)/pytest -n 2 $(ARGS)

faults: install ## the engine under every fault of the bar, real processes and kills, three seeds
	@$(BIN)/python -m tests.faults

faults-check: install ## the test of that test: each belt of the protocol off must be seen
	@$(BIN)/python -m tests.faults check

check: install ## format, lint, contracts, types, templates, settings, branches, locks
	@bash .ci/check

fix: install ## put right what can be put right by a machine
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix . || true
	@$(BIN)/djlint templates --reformat --quiet || true

bench: install ## run the benchmarks, each a ratio measured side by side
	@$(BIN)/python -m benchmarks

shell: install ## a Python shell on the demonstration's data
	@$(EMBEDDED) shell

lock: install ## compile the lock files anew from pyproject.toml
	@bash .ci/lock .

install: .venv/installed node_modules/installed ## .venv and the front-end kit, from the lock files

.venv/installed: requirements-dev.lock
	@bash .ci/install-python "$(PYTHON)"

node_modules/installed: package-lock.json .npmrc requirements-node.lock | .venv/installed
	@bash .ci/install-kit
