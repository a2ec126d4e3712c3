# Targets for developers. `make help` lists them; continuous integration runs the same ones.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

WORKERS ?= 2
EXAMPLES ?= 500
PRETTIER_FILES = static tests/js bench/*.js bench/*.mjs scripts/bundle.mjs eslint.config.js jsconfig.json package.json

.PHONY: help run test long attack check sbom format assets bench pictures messages revision lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Settings come from the environment or the command line: make run PORT=8080 FRONTLINE_DATA_DIR=/srv/frontline"

run: ## Install what is missing, start the database and the map, and print the address
	@scripts/setup run
	@scripts/with-tools frontline serve || test $$? -eq 130 # 130: Ctrl-C

test: ## Install what is missing, then run all checks and tests (ARGS: arguments of pytest; WORKERS: processes)
	@scripts/setup test
	@$(MAKE) check
	scripts/with-tools node --test --test-reporter=spec "tests/js/**/*.test.js"
	scripts/with-tools pytest -n $(WORKERS) --dist worksteal $(ARGS)

long: ## Run the checks that take too long for “make test”, and EXAMPLES of each generated case; write bench/results/long.json
	@scripts/setup test
	TEST_EXAMPLES=$(EXAMPLES) scripts/with-tools python -m pytest -n $(WORKERS) --dist worksteal -m "long or sampled or hypothesis" -p tests.figures $(ARGS)

attack: ## Attack a server of this machine on loopback, five minutes at most; write docs/security-measured.md
	@scripts/setup test
	scripts/with-tools python -m bench.attack

check: ## Run the linters, formatters and type checkers (run “make test” once before)
	scripts/with-tools ruff check .
	scripts/with-tools ruff format --check .
	scripts/with-tools mypy
	scripts/with-tools lint-imports
	scripts/with-tools python -m scripts.messages --check
	scripts/with-tools shellcheck --external-sources scripts/setup scripts/with-tools scripts/lib/*.sh docker/make-database.sh .ci/run
	scripts/with-tools tsc --project jsconfig.json
	scripts/with-tools eslint static tests/js bench
	scripts/with-tools prettier --check --log-level warn $(PRETTIER_FILES)
	@$(MAKE) sbom

sbom: ## Write build/sbom.cdx.json (CycloneDX) and build/licences.md; fail on a licence that scripts/sbom.toml does not allow
	scripts/with-tools python -m scripts.sbom

format: ## Format the code
	scripts/with-tools ruff check --fix-only .
	scripts/with-tools ruff format .
	scripts/with-tools prettier --write --log-level warn $(PRETTIER_FILES)

assets: ## Copy Leaflet into static/vendor, so that pages load no third party's code, and bundle scripts into static/made
	@scripts/setup assets

bench: ## Measure performance, compared with other programs (ARGS: territory, front, line, near, accounts, million, search, server, import; never part of the tests)
	scripts/with-tools python -m bench $(ARGS)

pictures: ## Take screenshots: the one of README.md, and all states of the page into build/pictures
	scripts/with-tools python -m scripts.pictures

messages: ## Collect the texts of the interface into app/locale, for translation
	scripts/with-tools python -m scripts.messages

revision: ## Write a migration from changes of the models: make revision MESSAGE="what changes"
	scripts/with-tools python -m scripts.revision "$(MESSAGE)"

lock: ## Update the lock files from pyproject.toml and package.json (for maintainers; needs uv and npm)
	uv pip compile pyproject.toml --extra build $(LOCK_OPTIONS) --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev --constraint requirements.lock $(LOCK_OPTIONS) --output-file requirements-dev.lock
	npm install --package-lock-only --ignore-scripts

# The lock files name no package index, so they work with any.
LOCK_OPTIONS = --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--no-emit-find-links
