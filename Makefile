# Everything a person types. `make run` on a fresh machine needs python3, python3-venv and git, nothing else.
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --only-binary :all:

EXAMPLES ?= 60

.PHONY: run test conformance fuzz lint format lock
.SILENT:

run: $(VENV)/installed-run
	exec $(VENV)/bin/python -m hotdash.up

test: $(VENV)/installed-dev
	VENV=$(VENV) tests/run

# The embedded API, held to the official SDK and its own integration tests: pip fetches them.
conformance: $(VENV)/installed-dev
	HOTDASH_DATA_DIR=$$(mktemp -d) $(VENV)/bin/python -m pytest tests/conformance

# Requests that nobody thought of, from the API's own description; EXAMPLES=2 is the pipeline's size.
fuzz: $(VENV)/installed-dev
	HOTDASH_DATA_DIR=$$(mktemp -d) EXAMPLES=$(EXAMPLES) $(VENV)/bin/python -m pytest -s tests/fuzzing

lint: $(VENV)/installed-dev
	VENV=$(VENV) .ci/gates

format: $(VENV)/installed-dev
	$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .
	$(VENV)/bin/djangofmt templates || true  # its status says that it changed something

# Both lists become locks of exact versions and hashes, for any CPython from 3.11 on Linux.
lock: $(VENV)/installed-dev
	for list in requirements requirements-dev; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --output-file $$list.lock $$list.txt || exit 1; \
	done

# bin/pip is the last thing that venv writes: a virtual environment cut short is made again
$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "hotdash needs Python 3.11 or newer; name one with: make run PYTHON=python3.11"; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "python3-venv is missing. Install it with: sudo apt install python3-venv"; exit 1; }
	echo "Making the virtual environment in $(VENV) ..."
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed-run: requirements.lock | $(VENV)/bin/pip
	echo "Installing what hotdash runs on ..."
	$(PIP) -r requirements.lock
	touch $@

# the longer list holds the shorter one, at the same versions
$(VENV)/installed-dev: requirements-dev.lock requirements.lock | $(VENV)/bin/pip
	echo "Installing what the tests need ..."
	$(PIP) -r requirements-dev.lock
	touch $(VENV)/installed-run $@
