#!/usr/bin/env bash
# Everything CI runs, step by step, each with its time. The throw-away database cluster
# is stopped at the end whatever happens.
set -uo pipefail
cd "$(dirname "$0")/.."

export YIKE_TEST_CLUSTER_DIR=${YIKE_TEST_CLUSTER_DIR:-$PWD/var/test}
passed=0 failed=0 broken=""
waiting=""
trap '[ -n "$waiting" ] && kill "$waiting" 2>/dev/null; bin/yike stop --dir "$YIKE_TEST_CLUSTER_DIR" >/dev/null 2>&1' EXIT
trap 'exit 130' INT TERM # a step that swallows the signal must not lead to the next one

# What a person keeps in the environment for make run is not for tests: they would write
# into that database, or look at that server.
unset DATABASE_URL DATA PORT YIKE_ADDR YIKE_PUBLIC_URL YIKE_STATE_DIR YIKE_LOG YIKE_URL WMTS_URL WMTS_KEY WMTS_REVIEW_NUMBER WMTS_MAX_ZOOM
# Ubuntu and others have the browser elsewhere.
CHROMIUM=${CHROMIUM:-$(command -v chromium chromium-browser google-chrome | head -n 1)}
[ -z "$CHROMIUM" ] && unset CHROMIUM || export CHROMIUM

step() {
  local name=$1 began=$SECONDS; shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1)); printf -- '-- %s: ok, %s s\n' "$name" $((SECONDS - began))
  else
    failed=$((failed + 1)); broken="$broken [$name]"; printf -- '-- %s: FAILED, %s s\n' "$name" $((SECONDS - began))
  fi
}

# Tests that take longest and share nothing between goroutines are not raced. A name that is no
# longer right here costs time and hides nothing. Those that kill processes look at what is on
# disk afterwards.
plain='^(TestTampering|TestDamagedFile|TestDamagedFileNamesBlock|TestEveryByte|TestRefreshIsALoad|TestAreasHoldWhatPostGISSays|TestPagesHoldTogether|TestTrialIsAsTaking|TestTrialCoversEveryOutcome|TestEveryFormatGivesTheSameRecords|TestLargeFileIsMeasured|TestTakingGoesOnWhereItBrokeOff|TestPairDecidedToBeTwoIsNotAskedAgain|TestUndoIsTheWayBack|TestIndexFindsWhatComparingAllFinds|TestClusterKeepsWhatItAcknowledged|TestWalksOnTheDatabase)$'
# The race detector makes work several times as long and finds nothing where nothing runs at
# once. It is for the packages that start goroutines; where only tests do so, for the files of
# those tests.
starts='^\s*go (func|[A-Za-z.]+\()|\.Go\('
starting() { grep -rlE "$starts" --include="$1" "${@:2}" --exclude-dir=node_modules --exclude-dir=var --exclude-dir=bin .; }
mapfile -t concurrent < <(starting '*.go' --exclude='*_test.go' | xargs -n 1 dirname | sort -u | grep -vx './cmd/yike')
mapfile -t racing < <(comm -13 <(printf '%s\n' ./cmd/yike "${concurrent[@]}" | sort) <(starting '*_test.go' | xargs -n 1 dirname | sort -u))
mapfile -t files < <(starting '*_test.go' | while read -r file; do [[ " ${racing[*]} " != *" $(dirname "$file") "* ]] || echo "$file"; done)
racers="^($(grep -ohE '^func Test[A-Za-z0-9_]+' "${files[@]}" | sed 's/func //' | grep -vE "$plain" | paste -sd '|'))\$"
mapfile -t sequential < <(comm -23 <(go list -f '{{.Dir}}' ./... | sed "s#^$PWD#.#" | sort) <(printf '%s\n' ./cmd/yike "${concurrent[@]}" "${racing[@]}" | sort))

step "lint" bin/golangci-lint run --allow-parallel-runners ./...
# Of the program's own tests those in which many ask one server, or load beside it.
crowded='^(TestServe(Follows|Stops|Tells|Gives|TLS).*|TestLoadsAtTheSameTime|TestLoadIsAJob|TestInterruptedLoadIsCancelled|TestManyWritersAtOnce|TestSameQuestionSameBytes|TestASavedFacilityCountsAtOnce|TestCertificateIsReadAgain|TestLayersWaitForAPlace|TestTilesOfAPlan|TestWhatIfOfADistrict|TestCompareScenarios|TestAccessOfADistrict|TestFollow|TestReadyz.*|TestStop.*)$'
# The linter has vetted everything.
unit() { go test -vet=off -shuffle=on -timeout 15m "$@"; }
raced() { # all, whatever the first says
  unit -race -skip "$plain" "${concurrent[@]}"; local code=$?
  unit -race -run "$racers" -skip "$plain" "${racing[@]}" || code=1
  unit -race -run "$crowded" ./cmd/yike && return $code
}
beside=$(mktemp)
{ unit -run "$plain" "${concurrent[@]}" | grep -v 'no tests to run'; code=${PIPESTATUS[0]}
  unit -skip "$crowded" ./cmd/yike && exit "$code"; } >"$beside" 2>&1 & # it waits for processes more than it works
waiting=$!
ended() { local code; wait "$waiting"; code=$?; waiting=""; cat "$beside"; rm -f "$beside"; return $code; }
step "go test, race detector" raced
others() { # what was raced needs no second run
  unit "${sequential[@]}"; local code=$?
  unit -skip "$racers" "${racing[@]}" && return $code
}
step "go test" others
step "go test, without the race detector" ended
step "front end: types" npm --prefix web run --silent check
step "front end: units" npm --prefix web run --silent --if-present test:unit
step "front end: browser" npm --prefix web run --silent test:e2e

printf '\n%s s in all.%s\n' "$SECONDS" "${broken:+ Failed:$broken}"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
