#!/usr/bin/env bash
# Time and garbage of single decisions of the proxy (JMH): the head of a request, a route among 1,000 services, the pick of
# an endpoint; and of the control plane: a snapshot after one endpoint has changed, a stream that hears of it, and the way from the one
# to a hundred of the others (SnapshotBenchmark, StreamBenchmark, ChangeBenchmark). Not part of `verify`.
#   test/bench/micro.sh [regular expression of benchmarks, default: all]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/bin/find-jdk.sh"
cd "$root"
exec ./mvnw -q -pl test/bench -am test -Dtest=MicroBenchmarks -Dsurefire.failIfNoSpecifiedTests=false \
  -Dbench="${1:-dev\.weft\.bench\.}"
