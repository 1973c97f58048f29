#!/usr/bin/env bash
# The console in front of a large mesh (3 clusters × 50 namespaces × 20 workloads, synthetic): how long the first picture takes in
# a headless Chromium, what a frame costs while the picture is dragged and zoomed, whether a second process lays it out the same,
# and how many queries a real Prometheus is asked for a picture of 1 and of 50 namespaces. Needs Debian's chromium, chromium-driver
# and prometheus. CPU time is the operating system's, of all processes of the browser. Pictures stay in test/bench/target/console.
#   test/bench/console.sh [--namespaces N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/bin/find-jdk.sh"
cd "$root"
./mvnw -B -q -pl test/bench -am -DskipTests package
exec python3 test/bench/console.py --java "$JAVA_HOME/bin/java" --out test/bench/target/console "$@"
