# Kabar's commands. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Any Python 3.11; where `python3.11` is not its name, say PYTHON=…
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# pip takes the CUDA build of torch, some gigabytes, unless this names PyTorch's index of CPU builds.
TORCH_INDEX_URL ?=

RUN := .venv/bin/python
SQL_FOLDERS := warehouse webhook sources ml expectations pipeline dashboards bot demo benchmarks
export PYTHONPATH := $(CURDIR)

.PHONY: help setup demo up down test translations lint lint-style lint-types lint-sql bench soak clean kpis score secrets

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/installed ## Make the environment (.venv); the other commands call it themselves

.venv/installed: requirements/base.txt requirements/training.txt requirements/development.txt requirements/language_model.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Kabar needs Python 3.11; name yours with PYTHON=…")'
	@echo "Making the environment in .venv; the first time takes some minutes"
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --disable-pip-version-check --progress-bar off --quiet --no-compile \
		$(if $(TORCH_INDEX_URL),--extra-index-url $(TORCH_INDEX_URL)) -r requirements/development.txt
	.venv/bin/pip install --disable-pip-version-check --quiet --no-compile --no-deps -r requirements/language_model.txt
	@# On all cores, which pip does not; templates of packages that are no Python do not matter, to pip neither.
	.venv/bin/python -m compileall -qq -j 0 .venv/lib || true
	@touch .venv/installed

demo: setup ## Two months of a made-up shop, from signed messages to KPIs and a picture of them
	@$(RUN) -m demo

up: setup ## Keep everything running: web app, Airflow and its parts; Ctrl-C stops all of it
	@$(RUN) -m dags.supervise.up

down: setup ## Stop what `up` left running, and the embedded Postgres
	@$(RUN) -m dags.supervise.down

kpis: setup ## Validate what landed and build the KPIs; AS_OF=2026-01-31T12:00:00Z looks from then
	@$(RUN) -m pipeline.kpis $(if $(AS_OF),--as-of $(AS_OF))

secrets: ## Make what docker-compose.yml asks for: a random secret each, in docker/secrets; none is made twice
	@docker/make-secrets

score: setup ## Label messages, and tell the sentiment of messages and reviews, that have none yet
	@$(RUN) -m ml.classifier.score
	@$(RUN) -m ml.sentiment score

test: setup ## Run the tests; what was left out is listed at the end, with the reason
	@$(RUN) -m pytest -q -n auto --dist loadgroup --no-loadscope-reorder

soak: setup ## The fault and fuzz runs at full size
	@KABAR_SOAK=1 $(RUN) -m pytest -m soak --timeout 7200 -o faulthandler_timeout=7500

lint: lint-style lint-types lint-sql ## ruff, the type check, sqlfluff; `make -j2 lint` keeps two cores busy

lint-style: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

lint-types: setup
	@.venv/bin/mypy warehouse sources ml expectations pipeline dashboards bot webhook dags translations demo benchmarks

lint-sql: setup
	@.venv/bin/sqlfluff lint --disable-progress-bar --processes 2 dbt
	@.venv/bin/sqlfluff lint --disable-progress-bar --processes 2 --templater placeholder --ignore parsing $(SQL_FOLDERS)

bench: setup ## Measure how fast Kabar is and how well it answers, where there is a simpler way beside that
	@$(RUN) -m benchmarks.webhook
	@$(RUN) -m benchmarks.scoring
	@$(RUN) -m benchmarks.kpi_build
	@$(RUN) -m benchmarks.woocommerce
	@$(RUN) -m benchmarks.reviews
	@$(RUN) -m ml.encoder --if-missing
	@$(RUN) -m benchmarks.retrieval
	@$(RUN) -m benchmarks.topics
	@$(RUN) -m benchmarks.sentiment
	@$(RUN) -m ml.sentiment train --if-missing
	@$(RUN) -m ml.sentiment report
	@$(RUN) -m ml.train --if-missing
	@$(RUN) -m benchmarks.dialogues
	@$(RUN) -m benchmarks.bot
	@$(RUN) -m benchmarks.inbox
	@$(RUN) -m benchmarks.dashboards
	@$(RUN) -m benchmarks.forecast

translations: setup ## Collect texts into translations/; a new language is a copy of a catalogue
	@$(RUN) -m translations

clean: ## Stop everything and remove the environment and all state of the embedded run
	@if [ -x $(RUN) ]; then $(RUN) -m dags.supervise.down; $(RUN) -m warehouse remove || true; fi
	@rm -rf .venv .kabar
