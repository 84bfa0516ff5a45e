# Two commands matter: `make demo` and `make test`. Both make their own environment in .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
export PIP_DISABLE_PIP_VERSION_CHECK := 1

ifdef CI
FORMAT := ruff format --check
else
FORMAT := ruff format
endif

.PHONY: demo test showcase install format clean

demo: $(VENV)/run.stamp
	$(BIN)/claimcheck run --claim 8 --workspace $(DEMO)

# The committed report from its committed runs, by the templates and verifiers at hand; no run is made.
SHOWCASE := reports/latent_dynamics
showcase: $(VENV)/run.stamp
	rm -rf $(DEMO)/showcase
	$(BIN)/claimcheck extract --quiet --workspace $(DEMO)/showcase >/dev/null
	$(BIN)/claimcheck runs import $(SHOWCASE)/dossier.json --workspace $(DEMO)/showcase
	$(BIN)/claimcheck report --format json,html,md,svg --workspace $(DEMO)/showcase --out $(SHOWCASE)

test: $(VENV)/dev.stamp
	$(BIN)/$(FORMAT) .
	$(BIN)/ruff check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2

install: $(VENV)/dev.stamp

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "claimcheck needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# torch first and by itself: a later range would take another build of it
$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(DEMO) build dist .mypy_cache .pytest_cache .ruff_cache
