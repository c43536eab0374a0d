# The commands of this project. "make" alone lists them. A new machine needs Python 3.11 or later, pip and make;
# uv is used where it is found. Everything is installed into .venv here, from pinned and hashed requirements.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PORT ?= 8000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1
export PIP_USE_PEP517 := 1

.PHONY: help demo test lint faults lab bench lock clean chromium

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "After demo or test, $(BIN)/msf --help lists what the command line can do."

demo: $(VENV)/.run ## a populated site on this machine, with its sign-ins (PORT=8000 chooses the port)
	@exec $(BIN)/msf demo --port $(PORT)

test: $(VENV)/.test chromium ## every test, on SQLite, PostgreSQL and in a real browser (ARGS="-k word" goes to pytest)
	@exec $(BIN)/python -m pytest -n logical --dist loadgroup $(ARGS)

lint: $(VENV)/.test ## style, types and the contracts between folders
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test ## measure: submissions, reports, statistics beside other libraries, programme pages
	@for file in $$(grep -l '^if __name__' bench/*.py); do $(BIN)/python -m bench.$$(basename $$file .py) $(ARGS); done

faults: $(VENV)/.test ## kill, starve, cut off and race the service on both databases, and count (ARGS="--kills 1000")
	@exec $(BIN)/python -m tests.faults $(ARGS)

lab: $(VENV)/.test ## attack anonymity with copies, logs and keys, and print the table (ARGS="--out FILE --engine sqlite")
	@$(BIN)/python -m tests.lab --runs 50 --engine both --seed 1 $(ARGS)
	@$(BIN)/python -m tests.scoring.random_rounds --rounds 100000 --seed 1

PINNED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	--extra postgres --extra server --group build

lock: ## pin the newest fitting requirements again (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv, which was not found."; exit 1; }
	uv pip compile pyproject.toml $(PINNED) --upgrade --output-file requirements/run.txt
	uv pip compile pyproject.toml $(PINNED) --upgrade --group test --constraint requirements/run.txt \
		--output-file requirements/test.txt

clean: ## remove what was installed and built here; data in instance/ stays
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find msf tests bench migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python here that is new enough. PYTHON=/path/to/python chooses one.
define FIND_PYTHON
found=""; \
for name in $(PYTHON) python3 python python3.14 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
done; \
if [ -z "$$found" ]; then \
	echo "Python 3.11 or later is needed and was not found. Install it, or say where it is: make PYTHON=/path/to/python" >&2; \
	exit 1; \
fi
endef

# A virtual environment works without a pip of its own (some systems package it apart): pip then installs from outside.
$(BIN)/python:
	@$(FIND_PYTHON); \
	if [ -n "$(UV)" ]; then \
		uv venv --quiet --python "$$found" $(VENV); \
	else \
		"$$found" -m venv $(VENV) >/dev/null 2>&1 || "$$found" -m venv --clear --without-pip $(VENV); \
	fi

define INSTALL
if [ -n "$(UV)" ]; then install="uv pip install --quiet --python $(BIN)/python"; \
elif $(BIN)/python -m pip --version >/dev/null 2>&1; then install="$(BIN)/python -m pip install --quiet"; \
else \
	$(FIND_PYTHON); \
	if ! "$$found" -m pip --version >/dev/null 2>&1; then \
		echo "pip is needed and $$found has none. Install it (on Debian: apt install python3-pip python3-venv)." >&2; exit 1; \
	fi; \
	install="$$found -m pip --python $(BIN)/python install --quiet"; \
fi
endef

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the service needs into $(VENV) (up to a minute the first time) ..."
	@$(INSTALL); \
	$$install --require-hashes -r requirements/run.txt; \
	$$install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the service and its tests need into $(VENV) (up to two minutes the first time) ..."
	@$(INSTALL); \
	$$install --require-hashes -r requirements/test.txt; \
	$$install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.run $@

# The browser tests drive a Chromium from the system.
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		if command -v $$name >/dev/null; then exit 0; fi; \
	done; \
	as_root=""; \
	if [ "$$(id -u)" != 0 ]; then as_root="sudo -n"; fi; \
	if ! command -v apt-get >/dev/null || ! $$as_root true 2>/dev/null; then \
		echo "The browser tests need Chromium, which was not found. Install it (on Debian: apt install chromium)." >&2; \
		exit 1; \
	fi; \
	echo "Installing Chromium for the browser tests ..."; \
	$$as_root apt-get -qq update; \
	DEBIAN_FRONTEND=noninteractive $$as_root apt-get -qq install -y --no-install-recommends chromium >/dev/null
