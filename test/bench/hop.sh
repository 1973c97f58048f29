#!/usr/bin/env bash
# What it costs that clients name the pods behind a gateway: CPU time per request and connections, with 8 and with 100 pods,
# beside the form in which the gateway chooses. All proxies run in one process, each with an event loop of its own, whose
# CPU time is the operating system's; the two forms take turns.
#   test/bench/hop.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
./mvnw -B -q -pl test/traffic -am test -Dtest=HopCostTest -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dtest.jvm.args=-Dweft.bench=true -Xmx512m -XX:+UseSerialGC"
