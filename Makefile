SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test format bench docs clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
INPUTS := pyproject.toml constraints.txt

# A stamp stands for work that needs no repeating: it is remade only when what the project depends on changes.
VENV := .venv/.created
INSTALLED := .venv/.installed
TESTED := .venv/.installed-test

run: $(INSTALLED)
	$(BIN)/outlast run geneva --out report --force
	@echo "The report is in $(CURDIR)/report; open report/report.html in a browser."

test: $(TESTED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

format: $(TESTED)
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

bench: $(TESTED)
	$(BIN)/python benchmarks/run.py

docs: $(TESTED)
	$(BIN)/outlast schema | $(BIN)/python docs/write_keys.py
	$(BIN)/python docs/write_gallery.py
	$(BIN)/python -m pytest tests/contract/test_architecture.py tests/contract/test_docs_snippets.py

clean:
	rm -rf .venv report build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "outlast needs Python 3.11 or newer, and \"$(PYTHON)\" is $$($(PYTHON) --version 2>&1)."; \
	  echo "Name another one, for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; \
	  exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

$(INSTALLED): $(VENV) $(INPUTS)
	@echo "Installing outlast into .venv ..."
	@$(PIP) --editable .
	@touch $@

$(TESTED): $(VENV) $(INPUTS)
	@echo "Installing outlast and its test tools into .venv ..."
	@$(PIP) --editable '.[test]'
	@touch $(INSTALLED) $@
