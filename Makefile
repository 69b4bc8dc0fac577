FUZZTIME ?= 1m
SOAKTIME ?= 5m

# Commands that the tests need, each with the Debian package it comes from.
TEST_TOOLS = gcc=build-essential espeak-ng=espeak-ng aplay=alsa-utils chromium=chromium \
	/usr/sbin/haproxy=haproxy caddy=caddy systemd-analyze=systemd

# The same for what the line is measured beside.
BENCH_TOOLS = taskset=util-linux node=nodejs npm=npm gunicorn=gunicorn \
	/usr/lib/python3/dist-packages/flask=python3-flask \
	/usr/lib/python3/dist-packages/twilio=python3-twilio

help: ## This list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' Makefile

test: ## All tests, under the race detector; installs what they need.
	@.ci/packages $(TEST_TOOLS)
	@.ci/postgres >/dev/null
	go -C deploy test -count=1 ./...
	CGO_ENABLED=1 go test -race -count=1 ./...

lint: ## Form, vet, staticcheck and known vulnerabilities.
	@unformatted=$$(gofmt -l .) && test -z "$$unformatted" || \
		{ echo "not gofmt-ed: $$unformatted"; exit 1; }
	go vet ./... && go -C deploy vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go -C deploy run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	@.ci/vulncheck

bench: ## Measures the line beside what people would otherwise run; writes README.md, docs/bench.svg.
	@.ci/packages $(BENCH_TOOLS)
	go run ./bench -write

fuzz: ## Every fuzz target, FUZZTIME each.
	@.ci/fuzz $(FUZZTIME)

soak: ## Whole calls for SOAKTIME, under the race detector.
	CGO_ENABLED=1 go test -race -count=1 -timeout 0 -run '^TestSoak$$' -v ./cmd/premiumline -soak $(SOAKTIME)

image: ## Builds the container image and proves that it works.
	@.ci/image

licences: ## The licence of every module that the program is built from.
	@go -C deploy run ./licences

sbom: ## The program's bill of materials, premiumline.cdx.json (CycloneDX).
	go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 app -json -std \
		-main cmd/premiumline -output premiumline.cdx.json .

.PHONY: help test lint bench fuzz soak image licences sbom
