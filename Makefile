# Two commands matter: `make demo` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check test-slow bench docs messages clean

$(READY): pyproject.toml requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit("Palermo needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[portal,documents]' -r requirements-dev.txt
	touch $(READY)

demo: $(READY)  ## build the made-up country; at a terminal, open its public site (Ctrl-C ends it)
	$(BIN)/palermo demo --dir demo-country $$(test -t 1 || echo --no-serve)

test: $(READY)  ## lint, types and the whole test suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: test

test-slow: $(READY)
	$(BIN)/python -m pytest -q -m slow

bench: $(READY)  ## ratios against a plain DuckDB script, in one run
	$(BIN)/python benchmarks/ctdc_account.py

docs: $(READY)  ## rewrite the generated reference pages
	$(BIN)/python docs/generate.py

messages: $(READY)  ## gather what translators translate, and bring the catalogues up to date
	$(BIN)/python docs/messages.py

clean:
	rm -rf $(VENV) demo-country .mypy_cache .ruff_cache .pytest_cache
	find src -name '*.nb[ic]' -delete
