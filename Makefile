# greencert: every task of the project. `make help` lists them.
# Choose the interpreter with PYTHON=python3.12; each version has an environment of its own below .venv/.

PYTHON ?= python3
SUPPORTED := 3.11 3.12 3.13

# A samples folder holds one dossier per file; narrow it with DEMO_DOSSIERS=samples/one.yaml.
DEMO_DOSSIERS ?= $(sort $(wildcard samples/*.yaml))
DEMO_OUT ?= build/demo
BENCHMARKS ?= $(sort $(wildcard benchmarks/bench_*.py))

# The same behaviour under every locale, and nothing from outside in the environment.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
unexport PYTHONPATH
unexport PIP_USER

# durable-rules calls PyEval_CallObject, which Python 3.13 removed; PyObject_CallObject takes the same arguments. Without this it
# builds on 3.13 but does not import. Earlier versions define the name themselves and only warn. (Its setup script overwrites
# CFLAGS, so the flag goes into CPPFLAGS.)
DURABLE_CPPFLAGS := -DPyEval_CallObject=PyObject_CallObject

PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
VENV := .venv/$(or $(PYTHON_VERSION),none)
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
READY := $(VENV)/.ready
PINS := requirements/constraints.txt

# The pinned lines of one package, hashes and all.
pin = awk -v name='$(1)==' '/^[^ \#]/ { wanted = index($$0, name) == 1 } wanted' $(PINS) > $(VENV)/$(1).txt

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench pins clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## assess the sample dossiers and write their reports below build/demo
	@test -n '$(DEMO_DOSSIERS)' || { echo 'samples/ 中没有申报材料 / no dossiers in samples/' >&2; exit 1; }
	@rm -rf '$(DEMO_OUT)'
	$(BIN)/greencert assess $(DEMO_DOSSIERS) -o $(DEMO_OUT)
	@echo
	@echo '评价报告在此 / the reports are here: $(DEMO_OUT)/'
	@find '$(DEMO_OUT)' -type f | LC_ALL=C sort | sed 's/^/  /'

test: lint ## lint, then run every test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 $(PYTEST_ARGS)

lint: $(READY) ## ruff (rules and format) and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## run every benchmarks/bench_*.py
	@test -n '$(BENCHMARKS)' || echo 'no benchmarks/bench_*.py'
	@set -e; for script in $(BENCHMARKS); do echo "== $$script"; $(BIN)/python "$$script"; done

pins: ## renew the pinned versions from pyproject.toml (needs uv on the PATH)
	uv pip compile --quiet pyproject.toml --group build --group dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file $(PINS)

clean: ## remove environments, builds and caches
	rm -rf .venv build dist greencert.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find cli.py commands engine rulesets tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment: every package at its pinned version, from a file whose hash is known. It is made anew when the pins change.
# setuptools comes first, because durable-rules is built from source with it; durable-rules bypasses pip's cache, which may hold a
# build without the flag above.
$(PACKAGES): $(PINS)
	@test -n '$(PYTHON_VERSION)' || { echo '无法运行 PYTHON=$(PYTHON) / cannot run PYTHON=$(PYTHON): name a Python $(SUPPORTED), e.g. PYTHON=python3.12' >&2; exit 1; }
	@test -n '$(filter $(SUPPORTED),$(PYTHON_VERSION))' || { echo '不支持 Python $(PYTHON_VERSION) / Python $(PYTHON_VERSION) is not supported: use one of $(SUPPORTED), e.g. make PYTHON=python3.12' >&2; exit 1; }
	@echo '建立环境 / setting up the environment: $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(call pin,setuptools)
	@$(call pin,durable-rules)
	@$(BIN)/python -m pip install -q --require-hashes -r $(VENV)/setuptools.txt
	@CPPFLAGS='$(CPPFLAGS) $(DURABLE_CPPFLAGS)' $(BIN)/python -m pip install -q --require-hashes --no-deps --no-build-isolation \
		--no-cache-dir --no-binary durable-rules -r $(VENV)/durable-rules.txt
	@$(BIN)/python -m pip install -q --require-hashes --no-build-isolation -r $(PINS)
	@touch $@

# The project itself, editable, with its command.
$(READY): $(PACKAGES) pyproject.toml
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --no-index --editable .
	@touch $@
