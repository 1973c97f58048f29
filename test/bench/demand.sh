#!/usr/bin/env bash
# What the size of the mesh costs a sidecar whose pod calls three services: its memory, and how long the first call of each takes, for one
# that is told everything and for one that asks on demand (ADR 39). The proxy is the program that pods have, with the JVM options that it
# ships, in a network namespace of its own in which connections to services are redirected to it; discovery server and authority are the
# control plane's. Memory is the operating system's (VmRSS), 15 s after the last of 206 calls; the proxy is started anew for each line.
# Needs root, nft and ip. Builds what is not built.
#   test/bench/demand.sh [rounds, default 3] [services of a mesh, more than three; default 10 1000 5000]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/bin/find-jdk.sh"
cd "$root"
rounds=${1:-3}
shift || true
[ $# -gt 0 ] || set -- 10 1000 5000
./mvnw -B -q -pl test/bench -am -DskipTests package
WEFT_TRAIN=proxy bin/train
work=$root/test/bench/target/demand
rm -rf "$work"
# The server's address is a pod's; those of services lead to the proxy.
setup='set -e
ip link set lo up
ip address add 10.244.0.8/32 dev lo
ip address add 10.244.0.9/32 dev lo
ip route add local 10.96.0.0/12 dev lo
nft "add table ip demand; add chain ip demand out { type nat hook output priority -100; }; add rule ip demand out ip daddr 10.96.0.0/12 tcp dport != 15001 redirect to :15001"
exec "$@"'
exec unshare --net bash -c "$setup" demand "$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -cp "test/bench/target/test-classes:tools/cli/target/weft/lib/*" \
  dev.weft.bench.demand.SidecarMemory "$root/bin/weft" "$work" "$rounds" "$@"
