# Bare `make` lists the targets. Only Go and make are needed for demo and test.
.DEFAULT_GOAL := help
SHELL := /bin/sh

export GOTOOLCHAIN := local
export CGO_ENABLED ?= 0

COMMIT    := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS   := -s -w -buildid= -X main.commit=$(COMMIT)
GOBUILD   := go build -trimpath -buildvcs=false -ldflags "$(LDFLAGS)"
LINT      := bin/golangci-lint
CYPHER    := bin/cypher
PLATFORMS := linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64
CORE      := ./graph/... ./ingest/... ./algo/... ./resolve/... ./casefile/... ./atomicfile/... ./chart/...
PROFILE   := bin/cover.out
# Tests against a server take minutes and run once, in "make test"; these targets leave them to it.
SERVER    := -e /graph/neo4j$$ -e /graph/neo4j/neo4jtest -e /graph/neo4j/gds -e /graph/transfer
OFFLINE    = $$(go list $(CORE) | grep -v $(SERVER))
# Of the Neo4j store what goes on in several goroutines is raced all the same.
RACED     := TestReadingAgreesWithTheModel|TestFilesOf|TestStore/Readers|TestStore/Cancelled|TestStore/ASecondProcess|TestStore/Scans
# What a campaign measures is kept under the commit that last changed the kernels.
BENCH      = go build -ldflags "-X rummage/bench/campaign.Commit=$$(sh bench/commit.sh)" -o bin/bench/
# The golden and fuzz targets find their packages by what the tests declare.
GOLDEN     = $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n1 dirname | sort -u)

.PHONY: help demo test race lint fmt golden readers bench bench-neo4j bench-peers bench-scale bench-gds fuzz soak cover build image cross neo4j compose release vuln clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## a seeded trade world in, networks flagged and explained, the first one packed as bin/demo-case.zip; no set-up
	@mkdir -p bin && rm -f bin/demo-case.zip
	@go run ./cmd/rummage demo --case-file bin/demo-case.zip

# What takes longest is begun first, so that no processor is idle in the end: the order of packages, not which they are.
test: ## every test; needs only Go (those of the Neo4j store: Docker, or Java 17 and Maven)
	@mkdir -p bin
	go test -timeout 30m $(if $(COVER),-coverprofile=$(PROFILE)) ./graph/neo4j ./cmd/rummage ./graph/... ./algo/flag ./...
	go test -C tools/proxy ./...

# Races hang on schedules, not on graphs: with -short every test runs, and random ones draw a fifth. Which packages have threads is found in
# their code, so that no new goroutine is left out; "go vet" has looked at all of it before.
race: ## the tests of whatever has threads under the race detector; needs a C compiler
	list=$$(go run -C tools ./threads .. ./...) && \
	CGO_ENABLED=1 go test -race -short -vet=off -timeout 40m $$(echo "$$list" | grep -v $(SERVER))
	CGO_ENABLED=1 go test -race -short -vet=off -timeout 40m -run '$(RACED)' ./graph/neo4j

lint: $(LINT) $(CYPHER) ## style, layers, sizes and spelling, as .golangci.yml states them; no query built from data
	$(LINT) run ./...
	go vet -vettool=$(CURDIR)/$(CYPHER) ./graph/neo4j ./graph/neo4j/gds ./cmd/...
	go test -C tools ./cypher/... ./release/... ./threads/...

fmt: $(LINT) ## format the code in place
	$(LINT) fmt ./...

golden: ## rewrite the golden files; read the diff before committing it
	go test $(GOLDEN) -update

bench: ## the benchmarks, with their memory
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

bench-neo4j: ## rates of the Neo4j store beside bare loops of the same shape, in one run
	go test -run '^$$' -bench . -benchtime 1x -timeout 60m -v ./graph/neo4j

bench-peers: ## our kernels beside python-igraph, NetworKit and gonum (FLAGS=-quick: in minutes; -memory: memory alone; "-resume -write": go on, into docs)
	@mkdir -p bin/bench
	$(BENCH) ./bench/peers
	@sh tools/venv.sh bin/bench/venv bench/peers/requirements.txt igraph networkit >/dev/null || echo "bench-peers: comparing with gonum only" >&2
	bin/bench/peers $(FLAGS)

bench-scale: ## cost of our kernels per edge, from 10^5 to 10^7 edges (FLAGS=-huge: to 10^8, 9 GB; FLAGS=-write: into docs)
	@mkdir -p bin/bench
	$(BENCH) ./bench/scale
	bin/bench/scale $(FLAGS)

bench-gds: ## our kernels beside Graph Data Science on a server that is started for it (Docker, or Java 17 and Maven)
	@mkdir -p bin/bench
	$(BENCH) ./bench/gds
	bin/bench/gds $(FLAGS)

readers: ## programs of others open a case file in every format and compare what they read; Python 3.11, and Graphviz where it is
	@python=$$(sh tools/venv.sh bin/readers casefile/format/formattest/readers/requirements.txt) && go run ./casefile/format/formattest/readers -python $$python

fuzz: ## every fuzz target for ten seconds (FUZZTIME=1m for longer)
	@sh tools/fuzz.sh $(or $(FUZZTIME),10s)

soak: ## a million rows of which one in a hundred is broken, bad files of twenty draws each, all random histories on Neo4j; takes minutes
	go test -v -timeout 60m -run TestOneRowInAHundredBroken ./ingest/hostile -rows 1000000
	go test -timeout 60m -run TestBadFiles ./ingest/hostile -draws 20
	go test -timeout 60m -run TestStore ./graph/neo4j -storetest.full

cover: ## statement coverage of the core; fails below 85 % (COVER=1: of the tests that "make test COVER=1" ran)
	@mkdir -p bin
	$(if $(COVER),,go test -coverprofile=$(PROFILE) $(OFFLINE))
	go run -C tools ./cover -min 85 -profile ../$(PROFILE) graph graph/sqlite ingest resolve algo casefile atomicfile chart

build: ## the reproducible static binary, bin/rummage
	$(GOBUILD) -o bin/rummage ./cmd/rummage

image: ## the container image "rummage": the static binary for Linux and nothing else; needs Docker
	@mkdir -p bin/image/data
	GOOS=linux CGO_ENABLED=0 $(GOBUILD) -o bin/image/rummage ./cmd/rummage
	docker build -t rummage .

neo4j: ## a Neo4j server to try, until Ctrl-C (FOLDER=DIR keeps its data, GDS=1 adds Graph Data Science)
	@go run ./graph/neo4j/neo4jtest/serve -folder "$(FOLDER)" -gds=$(if $(GDS),true,false)

compose: ## check docker-compose.yml; needs no engine
	@if docker compose version >/dev/null 2>&1; then docker compose --profile command config --quiet; \
	else docker-compose --profile command config --quiet; fi

# A test of the house holds that no file of ours is for one processor alone, so that vet sees the same on both.
cross: ## build for Linux, Windows and macOS, on amd64 and arm64, and vet for Windows and macOS; "make lint" vets for this one
	@for p in $(PLATFORMS); do \
		echo "cross $$p"; \
		GOOS=$${p%/*} GOARCH=$${p#*/} CGO_ENABLED=0 go build ./... || exit 1; \
		case $$p in linux/*|*/arm64) continue;; esac; \
		GOOS=$${p%/*} GOARCH=$${p#*/} CGO_ENABLED=0 go vet ./... || exit 1; \
	done

release: ## reproducible binaries for six platforms in bin/release, built twice and compared, with their sums and what they are made of (CycloneDX)
	sh tools/release.sh "$(PLATFORMS)"

vuln: ## known vulnerabilities; asks the Go vulnerability database, so it needs the network
	go build -C tools -o ../bin/govulncheck golang.org/x/vuln/cmd/govulncheck
	bin/govulncheck ./...

clean: ## remove what the other targets built
	rm -rf bin

$(LINT): tools/go.mod tools/go.sum
	@mkdir -p bin
	go build -C tools -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(CYPHER): tools/go.mod tools/go.sum $(wildcard tools/cypher/*.go tools/cypher/constant/*.go)
	@mkdir -p bin
	go build -C tools -o ../bin/cypher ./cypher
