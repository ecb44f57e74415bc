# Svyaz. `make help` lists what there is; every target sets up what it needs.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
STAGE ?= dev
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help run test test-strict test-deep check format package deploy bench invoke dead-letters channel openapi words clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_READY) ## The whole product at http://127.0.0.1:8000 (PORT=…), data kept in .local/
	@$(PY) -m infra.catalogues compile
	@$(PY) -m infra.local.run --port $(PORT)

test: $(DEV_READY) ## All tests but the deep ones
	@$(PY) -m infra.catalogues compile
	@$(PY) -m tests

test-strict: $(DEV_READY) ## Race and crash tests once more, on DynamoDB Local (needs npm and Java)
	@$(PY) -m infra.catalogues compile
	@$(PY) -m tests.strict

test-deep: $(DEV_READY) ## Longer loads and more examples
	@$(PY) -m infra.catalogues compile
	@$(PY) -m tests -m deep --timeout=1800

check: $(DEV_READY) ## Lint, types, who imports whom, catalogues, API document
	@$(PY) -m infra.catalogues compile
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .
	@$(VENV)/bin/lint-imports
	@$(PY) -m infra.catalogues check
	@$(PY) -m infra.openapi --check
	@$(PY) -m infra.rights --check

format: $(DEV_READY) ## Lays out the code
	@$(VENV)/bin/ruff check --fix-only .
	@$(VENV)/bin/ruff format .

package: $(DEV_READY) ## What AWS takes, for STAGE=dev or prod, proved
	@$(PY) -m infra.catalogues compile
	@$(PY) -m infra.package --stage $(STAGE)

deploy: $(DEV_READY) ## Brings a packaged STAGE to AWS: make deploy STAGE=dev ARGS="--mail-from … --operator-mail …"
	@$(PY) -m infra.deploy --stage $(STAGE) $(ARGS)

bench: $(DEV_READY) ## Our figures beside our peers'
	@$(PY) -m infra.catalogues compile
	@$(PY) -m tests.bench

invoke: $(RUN_READY) ## One sample event: make invoke EVENT=events/platform/tick__rate.json
	@$(PY) -m infra.invoke $(EVENT)

dead-letters: $(RUN_READY) ## What queues gave up; REDRIVE=1 sends it back
	@$(PY) -m infra.dead_letters $(if $(REDRIVE),--redrive)

channel: $(RUN_READY) ## A real bot: make channel ARGS="telegram …"
	@$(PY) -m infra.channel $(ARGS)

openapi: $(DEV_READY) ## Writes the API document anew
	@$(PY) -m infra.openapi

words: $(DEV_READY) ## Collects new texts for translation
	@$(PY) -m infra.catalogues update

clean: ## Takes away everything that was made here, data too
	rm -rf $(VENV) .local .package

$(RUN_READY): requirements.txt requirements-local.txt
	@sh infra/setup.sh $(VENV) requirements.txt requirements-local.txt
	@touch $@

$(DEV_READY): $(RUN_READY) requirements-dev.txt
	@sh infra/setup.sh $(VENV) requirements-dev.txt
	@touch $@
