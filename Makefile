# `make` alone explains itself. Long steps print their name, then their seconds; what they say is in var/log.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
ifeq ($(filter 4.%,$(MAKE_VERSION)),)
$(error GNU make 4 or newer is needed, this is $(MAKE_VERSION). On Debian: apt-get install make)
endif

ADDR  ?= 127.0.0.1:8110
SPEED ?=
CITY  ?=
FROM  ?=
SIZE  ?=
SEED  ?= 0
SHIFTS ?= 50
JOBS  ?= 2

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
STEP    := scripts/step.sh

GO_SOURCES      = $(shell git ls-files --cached --others --exclude-standard -- '*.go' '*.sql' go.mod go.sum 2>/dev/null)
CONSOLE_SOURCES = $(shell find console -type f -not -path '*/node_modules/*' -not -path '*/e2e/*' -not -path '*/test-results/*')

.PHONY: help
help: ## what can be done here (this list)
	@echo "Shuniu: dispatch platform. Needs Go 1.26, Node.js 20 and make; nothing else for build and demo."
	@echo
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 } /^#  +/ { sub(/^# /, ""); print "             " $$0 }' $(firstword $(MAKEFILE_LIST))

##@ Use it

.PHONY: demo
demo: build ## an invented city with its callers on http://127.0.0.1:8110, a fresh day each time
#   CITY=town                        our small river town, with the recorded calls of one day
#   CITY=sf FROM=../shared/data/sf   recorded calls of San Francisco on its streets
#   SEED=7  SIZE=city                another city, a bigger one; each is made once and kept in var/world
#   SPEED=10  ADDR=127.0.0.1:8111    how fast the world runs; where it listens
	@if [ "$(CITY)" = sf ] && [ -z "$(FROM)" ]; then echo "CITY=sf needs the folder of its records: make demo CITY=sf FROM=../shared/data/sf" >&2; exit 2; fi
	@rm -rf var/demo && mkdir -p var
	@exec bin/shuniu demo --addr $(ADDR) --data var/demo $(if $(SPEED),--speed $(SPEED)) $(if $(CITY),--city $(CITY)) $(if $(FROM),--from $(FROM)) $(if $(SIZE),--size $(SIZE)) $(if $(filter-out 0,$(SEED)),--seed $(SEED))

.PHONY: build
build: need bin/shuniu ## bin/shuniu, one file with the console in it

.PHONY: dev
dev: build console/node_modules/.stamp ## demo server and the console with hot reload beside it
	@ADDR=$(ADDR) scripts/dev.sh

##@ Prove it

.PHONY: test
test: need ## everything: installs what tests need, then runs all of it
#   STAGES="lint go"                 only these stages (scripts/stages.sh names them)
	@JOBS=$(JOBS) scripts/stages.sh $(if $(STAGES),$(STAGES),all)

.PHONY: check
check: need ## the quick half: format, lint, types, generated files, house rules
	@JOBS=$(JOBS) scripts/stages.sh check

.PHONY: faults
faults: need ## kill -9, power loss, failing fsync, full disk, with a ledger outside (long)
	@go test -count=1 -timeout 120m -v ./internal/faults -full

.PHONY: sim
sim: need ## simulated shifts with the promises checked after every append
#   SHIFTS=100                       how many, each with a new seed
#   SEED=12345                       replay one shift
	@go test -count=1 -timeout 60m -v ./internal/sim -run TestShift -seed=$(SEED) -shifts=$(if $(filter 0,$(SEED)),$(SHIFTS),1)

.PHONY: bench
bench: build ## the figures of the README, a JSON object a line
	@for figure in commands http stream streets recommend cover study replay start city callers demo screen; do bin/shuniu bench $$figure --json; done

.PHONY: bench-console
bench-console: build ## what a person waits for in front of the console, in Chromium: about 12 min
#   BENCH="page input"               only these: page input map memory
#   HOURS=8  BENCH_SPEED=60          simulated hours for the memory, and how fast they pass
	@HOURS=$(or $(HOURS),8) SPEED=$(or $(BENCH_SPEED),60) node console/bench/bench.mjs $(BENCH)

##@ Keep it

.PHONY: generate
generate: need console/node_modules/.stamp ## OpenAPI, TypeScript types and other generated files
	@$(STEP) generate "go generate" go generate ./...
	@$(STEP) types "TypeScript types from the OpenAPI" npm --prefix console run --silent generate

.PHONY: fmt
fmt: need bin/tools/gofumpt ## format the Go sources
	@bin/tools/gofumpt -l -w $$(git ls-files --cached --others --exclude-standard -- '*.go')

.PHONY: fresh
fresh: need ## the same as a newcomer: what is committed, in a new folder, with empty caches
#   GOAL=build                       what to make there
	@scripts/fresh.sh $(or $(GOAL),build)

.PHONY: clean
clean: ## remove what was built (var/ with its data stays)
	@rm -rf bin console/node_modules
	@find internal/console/dist -mindepth 1 -not -name .keep -delete

.PHONY: need
need:
	@scripts/need.sh go node npm git

# The parts. The Makefile knows what depends on what; scripts/ knows how it is said.

.PHONY: console
console: internal/console/dist/index.html

console/node_modules/.stamp: console/package.json console/package-lock.json
	@$(STEP) npm "fetch the console's packages" npm --prefix console ci --no-progress
	@touch $@

internal/console/dist/index.html: console/node_modules/.stamp $(CONSOLE_SOURCES)
	@$(STEP) console "build the console" npm --prefix console run --silent build
	@touch $@

bin/shuniu: internal/console/dist/index.html $(GO_SOURCES)
	@CGO_ENABLED=0 $(STEP) server "build bin/shuniu $(VERSION)" go build -trimpath -ldflags "$(LDFLAGS)" -o $@ ./cmd/shuniu

# The linters have a module file of their own, so that the product's stays small.
bin/tools/golangci-lint: tools/go.mod tools/go.sum
	@$(STEP) linter "build golangci-lint" go build -C tools -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bin/tools/gofumpt: tools/go.mod tools/go.sum
	@$(STEP) gofumpt-bin "build gofumpt" go build -C tools -o ../$@ mvdan.cc/gofumpt
