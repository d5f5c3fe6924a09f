# Each target sets up what it needs: a virtual environment with the package in editable mode.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DB ?= healthsim-demo.duckdb

.PHONY: demo test check format bench torture conformance serve bundle clean

demo: $(VENV)/runtime
	$(BIN)/healthsim demo --db $(DB)

test: $(VENV)/development
	$(BIN)/pytest -n 2

check: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/runtime
	$(BIN)/healthsim bench --output bench-results.json

torture: $(VENV)/development
	$(BIN)/pytest -m torture -s tests/torture tests/server

conformance: $(VENV)/development
	$(BIN)/pytest -m outside tests/conformance

serve: $(VENV)/runtime
	$(BIN)/healthsim-mcp

bundle: $(VENV)/runtime
	$(BIN)/python tools/write_bundle.py

clean:
	rm -rf $(VENV) bench-results.json

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/runtime: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/development: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@ $(VENV)/runtime
