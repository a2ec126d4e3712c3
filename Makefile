# The menu: “make” explains itself, and continuous integration runs the same recipes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

WORKERS ?= 2
EXAMPLES ?= 500
PRETTIER_FILES = static tests/js bench/*.js bench/*.mjs scripts/bundle.mjs eslint.config.js jsconfig.json package.json

.PHONY: help run test long check format assets bench pictures messages revision lock

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Settings come from the environment or the command line: make run PORT=8080 FRONTLINE_DATA_DIR=/srv/frontline"

run: ## Install what is missing, start the database and the map, and print its address
	@scripts/setup run
	@scripts/with-tools frontline serve || test $$? -eq 130 # ended by Ctrl-C

test: ## Install what is missing, then check and test everything (ARGS goes to pytest, WORKERS says how many at once)
	@scripts/setup test
	@$(MAKE) check
	scripts/with-tools node --test --test-reporter=spec "tests/js/**/*.test.js"
	scripts/with-tools pytest -n $(WORKERS) --dist worksteal $(ARGS)

long: ## Run the checks that take too long for “make test”, and EXAMPLES of each generated case; write bench/results/long.json
	@scripts/setup test
	TEST_EXAMPLES=$(EXAMPLES) scripts/with-tools pytest -n $(WORKERS) --dist worksteal -m "long or hypothesis" -p tests.figures $(ARGS)

check: ## Lint, formatting and types, as the tests ask for them (after “make test” has set up once)
	scripts/with-tools ruff check .
	scripts/with-tools ruff format --check .
	scripts/with-tools mypy
	scripts/with-tools lint-imports
	scripts/with-tools python -m scripts.messages --check
	scripts/with-tools shellcheck --external-sources scripts/setup scripts/with-tools scripts/lib/*.sh docker/make-database.sh .ci/run
	scripts/with-tools tsc --project jsconfig.json
	scripts/with-tools eslint static tests/js bench
	scripts/with-tools prettier --check --log-level warn $(PRETTIER_FILES)

format: ## Put the code into its usual form
	scripts/with-tools ruff check --fix-only .
	scripts/with-tools ruff format .
	scripts/with-tools prettier --write --log-level warn $(PRETTIER_FILES)

assets: ## Copy Leaflet into static/vendor, so that pages load no third party's code, and bundle scripts into static/made
	@scripts/setup assets

bench: ## Measure, with limits and peers in the same run (ARGS: territory, near, accounts, million, search, server; never part of the tests)
	scripts/with-tools python -m bench $(ARGS)

pictures: ## Take pictures of every state of the page: README's, and the rest into build/pictures
	scripts/with-tools python -m scripts.pictures

messages: ## Collect the texts that people see into app/locale, to be translated
	scripts/with-tools python -m scripts.messages

revision: ## Write a migration from what changed in the models: make revision MESSAGE="what changes"
	scripts/with-tools python -m scripts.revision "$(MESSAGE)"

lock: ## Renew the lock files from pyproject.toml and package.json (for maintainers; needs uv and npm)
	uv pip compile pyproject.toml --extra build $(LOCK_OPTIONS) --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev --constraint requirements.lock $(LOCK_OPTIONS) --output-file requirements-dev.lock
	npm install --package-lock-only --ignore-scripts

# No address of an index is written, so that the locks hold wherever packages come from.
LOCK_OPTIONS = --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--no-emit-find-links
