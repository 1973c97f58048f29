#!/usr/bin/env bash
# What a change costs the control plane, and how long it takes to reach the last of many proxies: API servers filled with
# services, the control plane as users start it, and proxies that are simulated (delta xDS; they take and confirm everything).
# CPU time is the operating system's for the control plane's process, from before the change until nothing moves any more.
# Logs stay in target/scale. Builds what is not built.
#   test/bench/scale.sh [options; --help names them]
#   test/bench/scale.sh --services 1000 --sidecars 100
#   test/bench/scale.sh --services 1000 --actions soak --edits 5000     random edits: does it keep its memory, does it live?
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/bin/find-jdk.sh"
cd "$root"
./mvnw -B -q -pl test/bench -am -DskipTests package
bin/train
rm -rf test/bench/target/scale
# Not in place of this shell, so that its own children are gone before the prompt is back. A thousand proxies in one process
# that collects garbage for as long as a keepalive waits would be measured as streams that end.
"$JAVA_HOME/bin/java" -Xmx4g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "test/bench/target/test-classes:tools/cli/target/weft/lib/*" dev.weft.bench.scale.Scale \
  "$root" "$root/test/bench/target/scale" "$@"
