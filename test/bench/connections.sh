#!/usr/bin/env bash
# What new connections with mutual TLS and what bytes cost beside HAProxy, in one run on a lab of its own:
#   handshakes  each request opens a connection of its own, client's side -> mutual TLS -> bytes by SNI -> server's side, across two clusters;
#               HAProxy with full handshakes, and with sessions that it resumes
#   bytes       answers of 16 MiB over four connections: HTTP in one cluster, and the same three hops; HAProxy as it is, and where it splices what is
#               not encrypted
# CPU time is that of all processes of the contender on the way.
# Needs root, a built Weft, and wrk, nginx, haproxy, openssl and kubectl on the machine.
#   test/bench/connections.sh [seconds per load, default 8] [rounds, default 3]
set -euo pipefail
seconds=${1:-8} rounds=${2:-3} connections=16
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=(wrk nginx haproxy openssl kubectl)
# shellcheck source=test/bench/contenders/lab.bash
. "$here/contenders/lab.bash"

spliced() { sed 's/^defaults$/&\n  option splice-request\n  option splice-response/' "$1"; }
resumed() { sed 's/^  http-reuse always$/  http-reuse never\n  option http-server-close/' "$1"; }
full() { resumed "$1" | sed -E 's/^( *server .* ssl) /\1 no-ssl-reuse /'; }
deploy cluster1 hop-copied-haproxy false 8080 ClusterIP "${run[haproxy]}" origin:8081 "$here/contenders/hop.haproxy"
deploy cluster1 hop-spliced-haproxy false 8080 ClusterIP "${run[haproxy]}" origin:8081 <(spliced "$here/contenders/hop.haproxy")
chain haproxy -full full
chain haproxy -resumed resumed
chain haproxy -copied cat
chain haproxy -spliced spliced

bytes() { # client, url -> megabytes that were read
  kubectl --context cluster1 exec "deploy/$1" -c app -- wrk -t1 -c4 -d"${seconds}s" --timeout 60s "$2" >"$WEFT_HOME/wrk"
  awk '/requests in/ { n = $5; u = n; sub(/[A-Z]+$/, "", n); sub(/^[0-9.]+/, "", u); print int(n * (u == "GB" ? 1024 : u == "MB" ? 1 : 0)) }' "$WEFT_HOME/wrk"
}
three() { # suffix of the names -> the parts of HAProxy's chain
  parts=(cluster1 default "client$1-haproxy" app haproxy cluster2 default "between$1-haproxy" app haproxy
    cluster2 default "server$1-haproxy" app haproxy)
}
fresh() { # whether each request is to have a connection of its own through the mesh
  kubectl --context mesh "$1" -f - >/dev/null <<'YAML'
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: far-origin}
spec:
  host: far-origin.default.svc.cluster.local
  trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 1}}}
YAML
}

weft_parts=("${sidecar[@]}" "${between[@]}" "${server[@]}")
# The first seconds of a JVM are not its steady state.
fresh apply
load meshed-client http://far-origin:8081/ >/dev/null
load meshed-client http://far-origin:8081/ >/dev/null
for round in $(seq "$rounds"); do
  echo "round $round"
  unit=handshake
  for kind in full resumed; do
    three "-$kind"
    measure load "$kind, haproxy" client "http://client-$kind-haproxy:8080/" "${parts[@]}"
  done
  fresh apply
  measure load "as they come, weft" meshed-client http://far-origin:8081/ "${weft_parts[@]}"
  fresh delete
  unit=MB
  for kind in copied spliced; do
    measure bytes "one hop, $kind, haproxy" client "http://hop-$kind-haproxy:8080/big" cluster1 default "hop-$kind-haproxy" app haproxy
  done
  measure bytes "one hop, weft" meshed-client http://origin:8081/big "${sidecar[@]}"
  for kind in copied spliced; do
    three "-$kind"
    measure bytes "three hops, $kind, haproxy" client "http://client-$kind-haproxy:8080/big" "${parts[@]}"
  done
  measure bytes "three hops, weft" meshed-client http://far-origin:8081/big "${weft_parts[@]}"
done
