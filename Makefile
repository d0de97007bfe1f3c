# Yike · 一刻 — `make` lists what there is.

PORT ?= 8080
DATA ?= var/demo
export PORT

GOLANGCI_LINT := v2.15.0
WEB_SOURCES := $(shell find web/src web/public web/index.html web/package.json web/package-lock.json web/vite.config.ts web/svelte.config.js web/tsconfig.json -type f 2>/dev/null)
# A checkout that belongs to somebody else has no readable history; that is no reason not to build.
BUILD_VCS := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false)

.DEFAULT_GOAL := help
.PHONY: help run stop test bench lint fmt build web deps deps-test clean

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: deps build $(if $(filter var/demo,$(DATA)),var/demo/manifest.yaml) ## Install what is missing, build, start the database, load DATA and serve the map on PORT
	@# The demo district is nobody's, so nobody's rules would hold there: it borrows Xixian's.
	@$(if $(filter var/demo,$(DATA)),export YIKE_REGIONS=$${YIKE_REGIONS-xixian};) exec bin/yike serve --data $(DATA)

stop: ## Stop the private database and the server that uses it; data stay
	@if [ -x bin/yike ]; then bin/yike stop; for d in var/test "$${TMPDIR:-/tmp}/yike-test-$$(id -u)"; do [ ! -d "$$d" ] || bin/yike stop --dir "$$d" >/dev/null; done; else echo "Nothing was built, so nothing runs. 尚未构建，没有在运行的数据库。"; fi

test: deps-test build bin/golangci-lint ## Everything CI runs: lint, Go tests with the race detector, front end, browser
	@scripts/test.sh

bench: build ## Benchmarks, each beside its peer in the same run
	go test -run '^$$' -bench . -benchmem ./coverage ./coverage/walknet ./coverage/siting ./coverage/access ./tiles/... ./internal/rowio ./internal/xlsx ./internal/rowout ./internal/audit ./internal/jobs \
		./internal/pdf ./internal/mapprint ./internal/attachments ./internal/blob ./geo/crsguess ./facilities/likeness ./facilities/placing \
		./facilities/facilitydb ./facilities/importjob ./facilities/estates ./placenames/... ./cmd/yike

lint: bin/golangci-lint ## Lint the Go code
	bin/golangci-lint run --allow-parallel-runners ./...

fmt: bin/golangci-lint ## Format the Go code
	bin/golangci-lint fmt ./...

build: web ## Build bin/yike with the front end inside
	@go build -trimpath -buildvcs=$(BUILD_VCS) -o bin/yike ./cmd/yike

web: web/dist/index.html ## Build the front end when its sources changed

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "Building the front end 构建前端 …"
	@npm --prefix web run --silent build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	@echo "Fetching the front end's libraries 获取前端依赖 …"
	@npm --prefix web ci --silent --no-audit --no-fund
	@touch $@

# Made again when the generator changed; the load then replaces what differs.
var/demo/manifest.yaml: $(filter-out %_test.go,$(wildcard cmd/yike/demogen/*.go)) | build
	@echo "Making the synthetic demo district of 20,000 people 生成合成演示区 …"
	@bin/yike demo generate --people 20000 --seed 1 var/demo
	@touch $@

bin/golangci-lint: Makefile
	@echo "Building golangci-lint $(GOLANGCI_LINT), once (some minutes) …"
	@if ! $@ version 2>/dev/null | grep -q "$(GOLANGCI_LINT:v%=%)"; then GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT); fi
	@touch $@

deps: ## Check Go, Node and the Debian packages that running needs; install what is missing
	@scripts/deps.sh run

deps-test: ## The same for testing
	@scripts/deps.sh test

clean: ## Remove what was built; data in var/ stay (rm -rf var removes them, after make stop)
	rm -rf bin web/node_modules
	find web/dist -mindepth 1 ! -name .gitkeep -delete
