# What one can do here. "make" alone lists it.

# $(call packages,DIR...) is the packages below those folders; one that is not there
# yet is passed over.
packages = $(foreach dir,$(1),$(if $(wildcard $(dir)),./$(dir)/...))

# Where goroutines meet: make test runs these once more with the race detector.
RACE := $(call packages,access internal/cluster internal/audit internal/realtime)

# Of the policy the tests of rivals, and of policies that are read while others change them. The others take minutes more and
# find the same, as with sessions and the desk; make soak runs them all.
RACE_POLICY := Rivals|OfTwo|TwoAdministrators|APlace|Followed|TooFarBehind|IsSeen

# Of sessions those whose names say that many act at once, or that something goes on beside requests.
RACE_SESSION := AtOnce|OfMany|ManyTries|ManyRefreshes|Crowd|Flood|InFlight|Live|Keyring|AnOldKey|OfTwo|Once|NodesThat|Meanwhile|Remember

# Of the desk those of two who reach for the same, and those of what live connections hear.
RACE_DESK := OfTwoTakes|NoticesMayCome|AllComeAgain|ASlowPeer|InPieces|TypingIs

# Without a server. Others: make test-quick PKG=./internal/policy/...
PKG ?= $(call packages,access trail internal/fault internal/seal)

.PHONY: help run build test test-quick soak bench bench-web bench-desk bench-admin bench-requests generate web fmt lint tidy-check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve a demonstration on http://127.0.0.1:8080 (needs nothing but Go)
	go run ./cmd/usher serve --demo

build: ## build bin/usher
	CGO_ENABLED=0 go build -trimpath -o bin/usher ./cmd/usher

test: ## all checks and all tests, beside real PostgreSQL and Redis servers (minutes)
	@RACE="$(RACE)" RACE_POLICY="$(RACE_POLICY)" RACE_SESSION="$(RACE_SESSION)" RACE_DESK="$(RACE_DESK)" scripts/test

test-quick: ## the tests that need no server, or those of PKG=... (seconds)
	go test $(PKG)

soak: ## what takes long: many more property checks, the race detector everywhere, fuzzing
	scripts/soak

bench: ## run all benchmarks; docs/benchmarks.md keeps the figures
	go test -run '^$$' -bench . -benchmem ./...

bench-web: ## measure the pages in a browser: the first one over 3G, the workbench with much to scroll (minutes: docs/benchmarks.md)
	go build -o "$${TMPDIR:-/tmp}/usher-bench" ./cmd/usher
	cd web && USHER_DEMO="{\"binary\":\"$${TMPDIR:-/tmp}/usher-bench\"}" node --test --test-reporter=spec bench/pages.mjs

SIZE ?= 100000
bench-desk: ## measure a desk of SIZE=100000 conversations, twenty messages each, on PostgreSQL (minutes and gigabytes: docs/benchmarks.md)
	USHER_DESK_SIZE=$(SIZE) scripts/with-postgres --install --durable sh -c "\
		go test -run '^$$' -bench Pages -benchtime 100x -timeout 3h -v ./internal/desk && \
		go test -run '^$$' -bench Assign -benchtime 3x -v ./internal/desk"

bench-admin: ## measure the administration of a tenant of SIZE=100000 users, and 2,000 tenants, on both databases (minutes: docs/benchmarks.md)
	USHER_ADMIN_SIZE=$(SIZE) scripts/with-postgres --install --durable \
		go test -run '^$$' -bench 'Administration|Tenants' -benchtime 50x -timeout 3h -v ./internal/server
	go test -run '^$$' -bench With -benchtime 50x ./access

bench-requests: ## measure small recorded requests on SQLite against a bare handler of net/http (a minute: docs/benchmarks.md)
	USHER_TEST_DURABLE=yes go test -run '^$$' -bench Recorded -benchtime 5x -count 2 ./internal/server

# Through a second file: a program that fails must not leave an empty document.
generate: ## let the program write docs/openapi.json and docs/errors.md
	go run ./cmd/usher openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json
	go run ./cmd/usher errors > docs/errors.md.new && mv docs/errors.md.new docs/errors.md

web: web/node_modules/.package-lock.json ## build the pages from web/ into internal/console/dist (needs Node 20.19 or newer)
	cd web && npm run --silent generate && npm run --silent check && npm run --silent build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-progress

fmt: ## format all Go files
	gofmt -w .

lint: ## go vet and staticcheck
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...

tidy-check: ## show what go mod tidy would change; fails when that is anything
	go mod tidy -diff
	go -C tools mod tidy -diff
