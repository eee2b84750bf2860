# The two commands are `make run` and `make test`; `make` alone lists them all.
.DEFAULT_GOAL := help
PYTHON ?= python3
FOLDER ?= demo
PORT ?= 8080
STAFF_PORT ?= 8081
BIN := .venv/bin
CATALOGS := $(wildcard translations/*/LC_MESSAGES/messages.po)

help:  ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/run .venv/words  ## Make a demo safe-point and open its doors (Ctrl-C stops it)
	@exec $(BIN)/fieldref --folder $(FOLDER) demo --port $(PORT) --staff-port $(STAFF_PORT)

test: .venv/test .venv/words  ## Everything CI asks: style, types, imports, strings, tests in a real browser
	@sh tests/programs
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory strings-current
	$(BIN)/pytest -n auto --dist loadgroup

strings: .venv/test  ## Extract the interface's words into translations/
	$(BIN)/pybabel -q extract -F babel.cfg --add-comments=Translators: --strip-comments --keywords=_say \
	    --add-location=never --no-wrap --omit-header --sort-output -o translations/messages.pot .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-wrap --no-fuzzy-matching \
	    --ignore-pot-creation-date --ignore-obsolete

strings-current: strings
	@git diff --exit-code --stat -- translations || { echo "translations/ is not up to date: commit what make strings changed"; exit 1; }

languages: .venv/test .venv/words  ## Print how far each language is (the table in README)
	@$(BIN)/python -m benchmarks.languages

bytes: .venv/run .venv/words  ## Print what each page weighs on its way to a phone
	@$(BIN)/python -m benchmarks.bytes

bench: .venv/test .venv/words  ## Measure the figures that README quotes
	$(BIN)/python -m benchmarks.serve

bench-merge: .venv/run  ## Measure how fast bundles are merged, beside SQLite alone
	@$(BIN)/python -m benchmarks.merge

joining: .venv/run .venv/words  ## 50 phones join at once: how long each waits
	@$(BIN)/python -m benchmarks.joining

lighthouse: .venv/run .venv/words  ## Lighthouse 12 on the pages most people see (needs npm)
	@$(BIN)/python -m benchmarks.lighthouse

soak: .venv/test .venv/words  ## The long runs of the fault and hostile tests
	@sh tests/programs
	FIELDREF_KILLS=200 FIELDREF_POWER_CUTS=100000 FIELDREF_DISK_FAULTS=500 FIELDREF_REQUESTS=5000 \
	    FIELDREF_SEIZED=10000 FIELDREF_REFERRALS=1000 FIELDREF_ODD_REQUESTS=20000 FIELDREF_PACKS=20000 \
	    FIELDREF_MUTATED_BUNDLES=100000 FIELDREF_MUTATED_PAYLOADS=100000 FIELDREF_INTERLEAVINGS=2000 \
	    FIELDREF_WORKBOOKS=5000 FIELDREF_PICTURES=20000 FIELDREF_FORGED=20000 FIELDREF_USED_BOX=100 FIELDREF_SHEETS=1000 \
	    $(BIN)/pytest -s tests/paper/test_camera.py tests/faults tests/hostile tests/exchange/test_pack.py tests/guide/test_spreadsheet.py tests/web/test_scanning.py

wheel: .venv/test  ## Build the sdist and the wheel into dist/
	rm -rf build dist && $(BIN)/python -m build -q

kit: .venv/test  ## A folder for a USB stick that installs without internet, into dist/kit
	rm -rf dist/kit && mkdir -p dist && $(BIN)/python kit/make dist/kit

clean:  ## Remove what was built; the demo's folders stay
	rm -rf build dist .venv *.egg-info

.venv/run: setup.cfg pyproject.toml setup.py
	@$(PYTHON) -m venv .venv || { echo "No virtual environment can be made: sudo apt install python3-venv"; exit 1; }
	@echo "Installing what fieldref needs into .venv (the first time only) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/test: .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

.venv/words: $(CATALOGS) | .venv/run
	@$(BIN)/pybabel -q compile -d translations
	@touch $@

.PHONY: help run test strings strings-current languages bytes bench joining bench-merge lighthouse soak wheel kit clean
