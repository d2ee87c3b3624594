# Bare `make` tells what there is. Every target makes its own set-up: all it needs is Go, a C and C++ compiler, and git.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-print-directory
.DEFAULT_GOAL := help
export CGO_ENABLED := 1

PACKAGES ?= ./...
TIMEOUT  ?= 60m
FUZZTIME ?= 20s
# Tests of the command that are shorter where the race detector watches: those that ask short().
LONG     := Nights|WhatChanged|Reenrichment
# Tests that write again what is derived.
GENERATED := Committed|Golden|BadConfigurations|Fresh|House
BENCH    ?= .
# What the tests that passed say they show of each warehouse. Only a run of all of them writes it, and ends it when all have passed.
EVIDENCE := bin/evidence.txt
KEEP     := $(if $(filter ./...,$(PACKAGES)),-evidence=$(EVIDENCE))

# The vendor's SDK takes 5 GB of memory and some minutes to compile; `make ci SDK_CONTRACT=no` does without it.
SDK_CONTRACT ?= yes
SDK_DIR      := extractors/genesys/sdkcontract

# So does the analyser of BigQuery's language, which takes 6.4 GB; `make test BQCHECK=no` does without it.
BQCHECK ?= yes
BQ_DIR  := internal/bqcheck
WHOLE   := $(and $(KEEP),$(filter yes,$(BQCHECK)))
# The S3 service of the tests: it checks signatures and honours conditions, as AWS does.
S3_VERSION   := v1.8.0
S3_GATEWAY   := bin/versitygw-$(S3_VERSION)

# The Airflow that the DAGs are tested in: latest, and with AIRFLOW=3.1 the oldest that they run on; `make test AIRFLOW=no` does without.
# Of 3.4 the package index had no more than the second beta when the lock file was made (docs/decisions.md).
AIRFLOW      ?= 3.4
AIRFLOW_3.4  := apache-airflow-core==3.4.0b2 apache-airflow-task-sdk==1.4.0b2
AIRFLOW_3.1  := apache-airflow-core==3.1.8 apache-airflow-task-sdk==1.1.8
AIRFLOW_DIR  := bin/airflow-$(AIRFLOW)
UV           := uv==0.13.9

# The clients of PostgreSQL in Python that trunkline serve --pg is tried with.
PGWIRE_VENV := bin/pgwire-venv

# Microsoft's parser is a preview for developing and testing, under terms of its own (no redistribution): it is installed, never kept here.
POWERBI_PARSER := @microsoft/powerbi-modeling-mcp@0.5.0-beta.13
POWERBI_DIR    := bin/powerbi
DBT_DIR        := bin/dbt

# One tool formats and lints: this golangci-lint contains gofumpt v0.12.0 and gci v0.13.7.
LINT_VERSION := v2.15.0
LINT         := bin/golangci-lint-$(LINT_VERSION)

## demo: three nights of a simulated contact centre, into a warehouse file you can query, and a page that shows it
.PHONY: demo
demo: build
	bin/trunkline demo

## test: every test with the race detector, in random order, the long ones at full length, the DAGs, BigQuery's SQL; a skip without a reason fails
.PHONY: test
test: compilers postgres prometheus chromium $(S3_GATEWAY) $(PGWIRE_VENV)/installed
	@mkdir -p bin $(if $(KEEP),&& rm -f $(EVIDENCE))
	@go run ./internal/testreport $(KEEP) -race -shuffle=on -timeout=$(TIMEOUT) $(PACKAGES)
	@if go list $(PACKAGES) | grep -q '^trunkline/cmd/trunkline$$'; then $(MAKE) long; fi
	@if [ -n "$(WHOLE)" ]; then $(MAKE) bqcheck BQ_KEEP=$(KEEP); fi
	@if [ -n "$(WHOLE)" ]; then go run ./internal/testreport end $(EVIDENCE); fi
	@if [ -n "$(WHOLE)" ]; then go run ./internal/testreport table README.md $(EVIDENCE); fi

# long runs the long tests at full length and, beside them in a test of everything, the DAGs, which mostly wait.
.PHONY: long
long:
	@echo "test: the long tests of the command, at full length$(and $(KEEP),$(filter-out no,$(AIRFLOW)),; and the DAGs beside them)"
	@mkdir -p bin; failed=; dags=; \
	if [ -n "$(and $(KEEP),$(filter-out no,$(AIRFLOW)))" ]; then $(MAKE) dags >bin/dags.log 2>&1 & dags=$$!; fi; \
	go run ./internal/testreport $(KEEP) -shuffle=on -timeout=$(TIMEOUT) -run='$(LONG)' ./cmd/trunkline || failed=yes; \
	if [ -n "$$dags" ]; then wait $$dags || failed=yes; cat bin/dags.log; fi; \
	[ -z "$$failed" ]

## evidence: writes the README's table of warehouses from what the last make test of everything has shown
.PHONY: evidence
evidence:
	@go run ./internal/testreport write README.md $(EVIDENCE)

## check: formatting, linters, generated files, and the rules of the house
.PHONY: check
check: compilers $(LINT)
	@echo "check: go.mod"
	@go mod tidy -diff
	@echo "check: formatting"
	@$(LINT) fmt --diff || { echo "not formatted as above: run make fmt" >&2; exit 1; }
	@echo "check: linters"
	@$(LINT) run ./...
	@echo "check: rules of the house"
	@go test -count=1 ./internal/archtest
	@$(MAKE) fresh

## fmt: formats every Go file as check wants it
.PHONY: fmt
fmt: compilers $(LINT)
	@$(LINT) fmt

## bench: the numbers of docs/performance.md, measured here (BENCH=regexp for some of them)
.PHONY: bench
bench: compilers postgres
	@mkdir -p bin
	@go test -run='^$$' -bench='$(BENCH)' -benchmem -p=1 -timeout=90m \
		$$(grep -rl --include='*_test.go' '^func Benchmark' . | grep -v '^\./$(SDK_DIR)/' | xargs -n1 dirname | sort -u) | tee bin/bench.txt
	@echo; awk '/^Benchmark/ { for (i = 3; i < NF; i += 2) if ($$(i + 1) !~ /^(ns|B|allocs)\/op$$|^MB\/s$$/) \
		printf "%-50s %12.2f %s\n", $$1, $$i, $$(i + 1) }' bin/bench.txt

## build: bin/trunkline
.PHONY: build
build: compilers
	@mkdir -p bin
	@echo "build: bin/trunkline (the first time compiles DuckDB's bindings and takes a minute or two)"
	@go build -trimpath -o bin/trunkline ./cmd/trunkline

## ci: what has to pass before a change is taken: check, the demo, every test
.PHONY: ci
ci:
	@$(MAKE) check
	@$(MAKE) demo
	@if [ "$(SDK_CONTRACT)" = yes ]; then $(MAKE) sdk-contract; fi
	@$(MAKE) test

## ci-full: ci, the DAGs in the oldest Airflow that they run on, dbt, and Microsoft's parser of Power BI's models
.PHONY: ci-full
ci-full: ci
	@$(MAKE) dags AIRFLOW=3.1
	@$(MAKE) check-dbt
	@$(MAKE) check-powerbi

## dags: the Airflow DAGs in a real Airflow, which is installed from its lock file (AIRFLOW=3.4 or 3.1)
.PHONY: dags
dags: build $(AIRFLOW_DIR)/installed
	@echo "dags: Airflow $(AIRFLOW)"
	@cd dags && ../$(AIRFLOW_DIR)/bin/python -m pytest -q -p no:cacheprovider

## lock: writes again the lock files of the DAGs' tests
.PHONY: lock
lock: $(AIRFLOW_DIR)/uv
	@$(foreach v,3.4 3.1,printf '%s\n' $(AIRFLOW_$(v)) | $(AIRFLOW_DIR)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file dags/requirements-$(v).lock dags/requirements.in - &&) true

## generate: writes again what is derived: SQL, the data dictionary, the index of errors, golden files
.PHONY: generate
generate: compilers
	@go test -count=1 -timeout=$(TIMEOUT) -run='$(GENERATED)' $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | grep -v '^\./$(SDK_DIR)/' \
		| xargs -n1 dirname | sort -u) -update

## fuzz: every fuzz target for FUZZTIME (20s)
.PHONY: fuzz
fuzz: compilers
	@grep -ro --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file func; do \
		echo "fuzz: $$(dirname $$file) $${func#func }"; \
		go test -run='^$$' -fuzz="^$${func#func }\$$" -fuzztime=$(FUZZTIME) "$$(dirname $$file)"; \
	done

## sdk-contract: Genesys's own Go SDK against the simulated contact centre (5 GB of memory, a few minutes)
.PHONY: sdk-contract
sdk-contract: compilers
	@echo "sdk-contract: Genesys's own Go SDK (the first time compiles a million lines: 2 to 4 minutes)"
	@cd $(SDK_DIR) && go test -p=1 -count=1 -timeout=$(TIMEOUT) ./...

# One compiler at a time, and one that collects its garbage sooner: the analyser's packages are the largest that there are.
## bqcheck: every statement for BigQuery against Google's own analyser of its language (6.4 GB of memory, a few minutes; later seconds)
.PHONY: bqcheck
bqcheck: compilers
	@echo "bqcheck: Google's analyser of BigQuery's SQL (the first time compiles 100 MB of source: 2 to 5 minutes)"
	@mkdir -p bin
	@GOGC=50 go run ./internal/testreport $(BQ_KEEP) -C $(BQ_DIR) -p=1 -count=1 -timeout=$(TIMEOUT) ./...

## check-powerbi: Microsoft's own parser, its network cut off, and Microsoft's JSON schemas over dashboards/powerbi (Linux; npm and Python)
.PHONY: check-powerbi
check-powerbi: compilers
	@command -v npm >/dev/null && command -v python3 >/dev/null && command -v unshare >/dev/null || { \
		echo "check-powerbi needs npm, python3 with venv, and unshare (Debian: apt-get install npm python3-venv util-linux)." >&2; exit 1; }
	@echo "check-powerbi: installing Microsoft's parser and schemas into $(POWERBI_DIR) (130 MB)"
	@npm install --prefix $(POWERBI_DIR) --no-save --ignore-scripts --no-fund --no-audit --loglevel=error $(POWERBI_PARSER) >/dev/null
	@[ -x $(POWERBI_DIR)/venv/bin/pip ] || python3 -m venv $(POWERBI_DIR)/venv
	@$(POWERBI_DIR)/venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r dashboards/powerbi/testdata/schemas.lock
	@parser=$$(echo $(CURDIR)/$(POWERBI_DIR)/node_modules/@microsoft/powerbi-modeling-mcp-linux-*/dist/powerbi-modeling-mcp); chmod +x $$parser; \
	TRUNKLINE_TEST_POWERBI_PARSER=$$parser \
	TRUNKLINE_TEST_POWERBI_SCHEMAS=$$(echo $(CURDIR)/$(POWERBI_DIR)/venv/lib/python3*/site-packages/powerbi_mcp/validation/schemas) \
	go run ./internal/testreport -count=1 -run=Microsoft ./dashboards/powerbi

## check-dbt: dbt itself over sql/dbt on a demo's warehouse, and the standard's own schema over sql/contract (Python 3.11)
.PHONY: check-dbt
check-dbt: build
	@python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' || { \
		echo "check-dbt needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "check-dbt: installing dbt into $(DBT_DIR) (210 MB)"
	@[ -x $(DBT_DIR)/venv/bin/pip ] || python3 -m venv $(DBT_DIR)/venv
	@$(DBT_DIR)/venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r sql/dbt/testdata/requirements.lock
	@bin/trunkline --quiet demo --dir $(DBT_DIR)/demo --per-day 40 >/dev/null
	@TRUNKLINE_TEST_DBT=$(CURDIR)/$(DBT_DIR)/venv/bin/dbt TRUNKLINE_TEST_DBT_WAREHOUSE=$(CURDIR)/$(DBT_DIR)/demo/published.duckdb \
	TRUNKLINE_TEST_ODCS_SCHEMA=$$(echo $(CURDIR)/$(DBT_DIR)/venv/lib/python3*/site-packages/open_data_contract_standard/schema.json) \
	go run ./internal/testreport -count=1 -run='Dbt|Standard' ./sql/dbt ./sql/contract

## screenshots: writes docs/images from the demo's page; look at them
.PHONY: screenshots
screenshots: compilers chromium
	@go test -count=1 -timeout=$(TIMEOUT) -run='TestPage/parts/screenshots' ./dashboards/web/browsertest -screenshots

## clean: removes what the other targets made
.PHONY: clean
clean:
	rm -rf bin

## help: this list
.PHONY: help
help:
	@echo "trunkline: contact-centre conversations and the customers behind them, in one table you can prove"
	@echo
	@awk -F': ' '/^## / { sub(/^## /, ""); name = $$1; sub(/^[^:]*: /, ""); printf "  make %-13s %s\n", name, $$0 }' $(firstword $(MAKEFILE_LIST))

# fresh fails if `make generate` changes a file: what is derived has to be committed with what it is derived from.
.PHONY: fresh
fresh:
	@echo "check: generated files"
	@mkdir -p bin
	@tree() { cp "$$(git rev-parse --git-path index)" bin/index; \
		GIT_INDEX_FILE=bin/index git add -A; GIT_INDEX_FILE=bin/index git write-tree; rm bin/index; }; \
	before=$$(tree); log=$$($(MAKE) generate 2>&1) || { echo "$$log" >&2; exit 1; }; after=$$(tree); \
	if [ "$$before" != "$$after" ]; then \
		echo "stale, and written again just now: look at the difference and commit it" >&2; \
		git diff --stat "$$before" "$$after" >&2; exit 1; \
	fi

# compilers says what is missing before anything else can fail for it in a stranger way.
.PHONY: compilers
compilers:
	@command -v go >/dev/null || { \
		echo "trunkline is written in Go: install 1.26 or newer from https://go.dev/dl and put it on the PATH." >&2; exit 1; }
	@cc=$$(go env CC); printf 'int main(void) { return 0; }\n' | $$cc -x c - -lstdc++ -o /dev/null 2>/dev/null || { \
		echo "DuckDB is linked in through $$cc, which cannot link a C++ program: install a compiler" >&2; \
		echo "(Debian, Ubuntu: apt install build-essential; Fedora: dnf install gcc-c++; macOS: xcode-select --install)." >&2; exit 1; }

comma := ,

# Programs of others that tests start. On Debian root gets them installed; elsewhere the message says what to do.
# $(call program,is it here?,Debian's packages,what is missing and how it is got elsewhere)
define program
	@found() { $(1); }; \
	found || { [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || { \
		echo "test: installing $(2) (once): apt-get install -y --no-install-recommends $(2)"; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(2) >/dev/null 2>&1 || { \
			apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(2) >/dev/null; }; }; }; \
	found || { echo $(3) >&2; exit 1; }
endef

# postgres makes sure of the server programs of PostgreSQL, of which tests start one for themselves, and of psql.
.PHONY: postgres
postgres:
	$(call program,command -v psql >/dev/null && { for dir in $$(pg_config --bindir 2>/dev/null) /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
			/opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /usr/local/pgsql/bin; do \
			[ ! -x "$$dir/initdb" ] || return 0; done; command -v initdb >/dev/null; },postgresql,\
		"Tests start a private PostgreSQL and ask with psql: install them (Debian$(comma) Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql).")

# prometheus makes sure of promtool and the Pushgateway, by which metrics and alert rules are tried.
.PHONY: prometheus
prometheus:
	$(call program,command -v promtool >/dev/null && command -v prometheus-pushgateway >/dev/null,prometheus prometheus-pushgateway,\
		"Tests try the alert rules with promtool and a real Pushgateway: install them (Debian$(comma) Ubuntu: apt-get install prometheus prometheus-pushgateway; macOS: brew install prometheus$(comma) and the release of prometheus-pushgateway onto the PATH).")

# chromium makes sure of a browser for the tests of the page.
.PHONY: chromium
chromium:
	$(call program,[ -n "$${TRUNKLINE_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome-stable >/dev/null || command -v google-chrome >/dev/null,chromium,\
		"Tests look at the page in a real browser: install one (Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install chromium)$(comma) or name it in TRUNKLINE_TEST_CHROMIUM.")

$(PGWIRE_VENV)/installed: internal/pgwire/testdata/requirements.lock
	@echo "test: installing psycopg and SQLAlchemy into $(PGWIRE_VENV) (once)"
	@python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "The tests of serve --pg need Python 3.11 or newer with venv (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)." >&2; exit 1; }
	@python3 -m venv $(PGWIRE_VENV)
	@$(PGWIRE_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(AIRFLOW_DIR)/installed: dags/requirements-$(AIRFLOW).lock $(AIRFLOW_DIR)/uv
	@echo "dags: installing Airflow $(AIRFLOW) (once; a minute)"
	@$(AIRFLOW_DIR)/uv/bin/uv pip sync --quiet --compile-bytecode --python $(AIRFLOW_DIR)/bin/python --require-hashes $<
	@touch $@

# uv installs in seconds what takes pip minutes. It lies in a folder of its own: what is installed is what the lock file says.
$(AIRFLOW_DIR)/uv:
	@python=; for p in python3 python3.13 python3.12 python3.11; do \
		if $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then python=$$p; break; fi; done; \
	[ -n "$$python" ] || { \
		echo "The DAGs' tests need Python 3.11, 3.12 or 3.13 with venv (Debian, Ubuntu: apt-get install python3 python3-venv;" >&2; \
		echo "Fedora: dnf install python3; macOS: brew install python@3.13). make test AIRFLOW=no does without them." >&2; exit 1; }; \
	rm -rf $(AIRFLOW_DIR) && $$python -m venv $(AIRFLOW_DIR) && $(AIRFLOW_DIR)/bin/pip install --quiet --disable-pip-version-check --target $(AIRFLOW_DIR)/uv $(UV)

$(S3_GATEWAY): | compilers
	@echo "test: building versitygw $(S3_VERSION) (once; a minute)"
	@GOBIN=$(CURDIR)/bin go install github.com/versity/versitygw/cmd/versitygw@$(S3_VERSION)
	@mv bin/versitygw $@

$(LINT): | compilers
	@echo "check: building golangci-lint $(LINT_VERSION) (once; a few minutes)"
	@GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/golangci-lint $@
