# Everything that is done with Zalenzoeker from the command line. `make` or `make help` prints the lines that begin with ##.

PORT ?= 8000
N ?= 3

BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
WORDS := $(patsubst %.po,%.mo,$(wildcard zalenzoeker/translations/*/LC_MESSAGES/*.po))
ASSETS := $(shell find static -path static/dist -prune -o -type f -print 2>/dev/null)

# A recipe that fails half-way leaves no stamp behind, and the steps of the gate come one after the other.
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test check fix migration words snapshots map bench torture backup restore pictures interop lock assets catalogues

help:
	@sed -n 's/^## \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

## run         the site and its worker on http://127.0.0.1:8000 (PORT=); sets up what is missing; Ctrl-C stops it
run: .venv/.run-ready static/dist/manifest.json $(WORDS)
	@if [ -z "$$PUBLIC_URL" ]; then export DEMO="$${DEMO:-1}"; fi; export PORT="$(PORT)" MALLOC_ARENA_MAX="$${MALLOC_ARENA_MAX:-2}"; exec $(BIN)/python -m zalenzoeker

## test        all tests, N=3 at a time (N=0: in one process; ARGS='-k desk': some of them)
test: .venv/.dev-ready static/dist/manifest.json $(WORDS)
	@$(BIN)/pytest -n $(N) --dist loadgroup $(ARGS)

## check       the gate: lint, format, floors, types, templates, words, then all tests; stops at the first failure
check: .venv/.dev-ready
	@echo "check: lint"; $(BIN)/ruff check --quiet .
	@echo "check: format"; $(BIN)/ruff format --check --quiet . || { echo "Not formatted: run make fix."; exit 1; }
	@echo "check: floors"; $(BIN)/lint-imports >.venv/floors.txt 2>&1 || { cat .venv/floors.txt; exit 1; }
	@echo "check: types"; $(BIN)/mypy --no-error-summary
	@echo "check: templates"; $(BIN)/djlint templates --lint --quiet
	@echo "check: words"; $(MAKE) --no-print-directory catalogues
	@echo "check: tests"; $(MAKE) --no-print-directory test

## fix         format the code and mend what ruff can mend
fix: .venv/.dev-ready
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

## assets      build the style sheets and scripts, if they changed
assets: static/dist/manifest.json
	@:

## migration   write a migration from the tables (NAME=add_closures), to be read before it is kept
migration: .venv/.dev-ready
	@test -n "$(NAME)" || { echo "Say what it does: make migration NAME=add_closures"; exit 1; }
	@$(FLASK) db upgrade && $(FLASK) db migrate -m "$(NAME)"

## words       bring the catalogues up to date with the sentences in code and templates
words: .venv/.dev-ready
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -k _l -c "Translators:" --add-location=file \
		--sort-by-file --project=Zalenzoeker -o var/messages.pot .
	@$(BIN)/pybabel -q update -i var/messages.pot -d zalenzoeker/translations --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --init-missing --locale nl
	@$(MAKE) --no-print-directory catalogues

## snapshots   write the mails and feeds that the tests compare with anew; look at the difference before keeping it
snapshots: .venv/.dev-ready static/dist/manifest.json $(WORDS)
	@UPDATE_SNAPSHOTS=1 $(BIN)/pytest -q -n 0 $(ARGS)

## map         every module with the line that says what is found there
map: .venv/.run-ready
	@$(BIN)/python -c 'import ast, pathlib; [print(f"{path!s:48}", (ast.get_docstring(ast.parse(path.read_text("utf-8"))) \
		or "").partition("\n")[0]) for path in sorted(pathlib.Path("zalenzoeker").rglob("*.py"))]'

## bench       the figures, each beside its baseline
bench: .venv/.dev-ready static/dist/manifest.json $(WORDS)
	@$(BIN)/python -m tests.bench $(ARGS)

## torture     the heavy proofs at full size
torture: .venv/.dev-ready static/dist/manifest.json $(WORDS)
	@TORTURE=full $(BIN)/pytest -n 0 --timeout 0 -m torture $(ARGS)

## interop     other calendar programs read our calendars, and one synchronises with them; for a schedule, not the gate
interop: .venv/.dev-ready static/dist/manifest.json $(WORDS) var/interop/.ready
	@INTEROP=full $(BIN)/pytest -q -n 0 tests/interop $(ARGS)

## backup      one checked file with the whole database and its pictures (TO= names it)
backup: .venv/.run-ready
	@$(FLASK) backup $(TO)

## restore     put back a backup (FROM=var/backups/….)
restore: .venv/.run-ready
	@test -n "$(FROM)" || { echo "Say which: make restore FROM=var/backups/…"; exit 1; }
	@$(FLASK) restore "$(FROM)"

## pictures    screenshots of every page, at 390 and 1280 pixels, in var/pictures
pictures: .venv/.dev-ready static/dist/manifest.json $(WORDS)
	@$(BIN)/python -m tests.pictures $(ARGS)

## lock        write down what requirements/*.in lead to, with hashes (ARGS=--upgrade: take the newest versions)
# The list of the site is held to the versions of the tests' list, so that what is tested is what runs.
lock: .venv/.dev-ready
	@for list in dev run node interop; do \
		$(BIN)/uv pip compile --quiet --universal $(ARGS) --python-version 3.11 --generate-hashes --no-header \
			--no-annotate --no-emit-index-url --no-emit-find-links requirements/$$list.in -o requirements/$$list.txt \
			$$(test $$list = run && echo --constraint requirements/dev.txt) || exit 1; done

# Set-up. Each step leaves a file that make compares with the list it was made from, so that a second run does nothing.

PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all:

.venv/.made:
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$name"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Zalenzoeker needs Python 3.11 or newer and found none; install it, or name it: make PYTHON=/path/to/python3"; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		"$$python" -c 'import sys; print("This Python cannot make a virtual environment. On Debian and Ubuntu: apt install python%d.%d-venv" % sys.version_info[:2])'; \
		exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
		echo "Making a virtual environment in .venv"; "$$python" -m venv --clear .venv || exit 1; \
	fi; \
	touch $@

.venv/.run-ready: requirements/run.txt .venv/.made
	@echo "Installing the Python libraries of the site"
	@$(PIP) -r requirements/run.txt && touch $@

.venv/.dev-ready: requirements/dev.txt .venv/.run-ready
	@echo "Installing the Python libraries of the tests and the gate"
	@$(PIP) -r requirements/dev.txt && touch $@

# npm and node come from a Python package where the machine has none; the virtual environment comes first on the path,
# because npm starts `node` by that name.
node_modules/.ready: package.json package-lock.json .npmrc requirements/node.txt | .venv/.run-ready
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	if ! { npm --version && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; } >/dev/null 2>&1; then \
		echo "Installing Node"; $(PIP) -r requirements/node.txt || exit 1; \
	fi; \
	echo "Installing the libraries of the front end"; \
	npm ci --loglevel=error --no-progress >/dev/null && touch $@

# The calendar programs of `make interop` stay out of the way of everything else.
var/interop/.ready: requirements/interop.txt tests/interop/package.json tests/interop/package-lock.json .npmrc | node_modules/.ready
	@echo "Installing calendar programs in var/interop"
	@rm -rf var/interop && mkdir -p var/interop && $(BIN)/python -m venv var/interop/venv
	@var/interop/venv/$(subst .venv/,,$(PIP)) -r requirements/interop.txt
	@cp .npmrc tests/interop/package.json tests/interop/package-lock.json var/interop/
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix var/interop --loglevel=error --no-progress >/dev/null && touch $@

static/dist/manifest.json: build.mjs node_modules/.ready $(ASSETS)
	@echo "Building style sheets and scripts"
	@PATH="$(CURDIR)/$(BIN):$$PATH" node build.mjs && touch $@

catalogues: $(WORDS)
	@:

%.mo: %.po | .venv/.run-ready
	@$(BIN)/pybabel -q compile -i $< -o $@
