#!/usr/bin/env bash
# CPU time per request, in one run on a lab of its own:
#   one hop     wrk -> contender -> origin, in one cluster
#   three hops  wrk -> contender -> mutual TLS -> contender (bytes, by SNI) -> contender -> origin, across two clusters
# over HTTP/1.1, and over HTTP/2 from one end to the other with h2load (8 connections, 100 streams on each),
# for nginx and HAProxy, Envoy where the machine has an `envoy`, and Weft's proxy as users get it (redirected, injected).
# Every contender is a pod; CPU time is the operating system's, read before and after each load.
# Needs root, a built Weft, and wrk, h2load, nginx, haproxy, openssl and kubectl on the machine.
#   test/bench/system.sh [seconds per load, default 8] [rounds, default 3] [connections, default 16]
set -euo pipefail
seconds=${1:-8} rounds=${2:-3} connections=${3:-16}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=(wrk h2load nginx haproxy openssl kubectl)
# shellcheck source=test/bench/contenders/lab.bash
. "$here/contenders/lab.bash"

hops=(nginx haproxy) chains=(haproxy)
if command -v envoy >/dev/null; then hops+=(envoy) chains+=(envoy); fi
for kind in "${hops[@]}"; do
  deploy cluster1 "hop-$kind" false 8080 ClusterIP "${run[$kind]}" origin:8081 "$here/contenders/hop.$kind"
  if [ "$kind" != nginx ]; then
    deploy cluster1 "hop2-$kind" false 8080 ClusterIP "${run[$kind]}" origin:8082 <(http2 "$here/contenders/hop.$kind")
  fi
done
for kind in "${chains[@]}"; do
  chain "$kind" '' cat
  chain "$kind" 2 http2
done

calm() { # name, client, url -> latency and rate of a load far below what the contender could do
  kubectl --context cluster1 exec -i "deploy/$2" -c app -- sh -c 'cat >/tmp/calm.lua' <"$here/calm.lua"
  kubectl --context cluster1 exec "deploy/$2" -c app -- \
    wrk -t1 -c10 "-d${seconds}s" --latency -s /tmp/calm.lua "$3" >"$WEFT_HOME/wrk"
  awk -v n="$1" '$1 == "50%" { m = $2 } $1 == "99%" { p = $2 } /Requests\/sec/ { r = $2 }
    END { printf "%-24s %6.0f requests/s  median %s  p99 %s\n", n, r, m, p }' "$WEFT_HOME/wrk"
}
echo "about 1,000 requests a second, three hops"
for turn in warm-up measured; do
  for kind in "${chains[@]}"; do calm "$turn, $kind" client "http://client-$kind:8080/"; done
  calm "$turn, weft" meshed-client http://far-origin:8081/
done
echo "client's sidecar at that rate: $(memory "${sidecar[@]}")"
echo "server's sidecar at that rate: $(memory "${server[@]}")"

# The first seconds of a JVM are not its steady state.
load meshed-client http://origin:8081/ >/dev/null
load meshed-client http://far-origin:8081/ >/dev/null
load2 meshed-client http://origin:8082/ >/dev/null
load2 meshed-client http://far-origin:8082/ >/dev/null
for round in $(seq "$rounds"); do
  echo "round $round"
  for kind in "${hops[@]}"; do
    measure load "one hop, $kind" client "http://hop-$kind:8080/" cluster1 default "hop-$kind" app "$kind"
  done
  measure load "one hop, weft" meshed-client http://origin:8081/ "${sidecar[@]}"
  for kind in "${chains[@]}"; do
    measure load "three hops, $kind" client "http://client-$kind:8080/" cluster1 default "client-$kind" app "$kind" \
      cluster2 default "between-$kind" app "$kind" cluster2 default "server-$kind" app "$kind"
  done
  measure load "three hops, weft" meshed-client http://far-origin:8081/ "${sidecar[@]}" "${between[@]}" "${server[@]}"
  for kind in "${chains[@]}"; do
    measure load2 "HTTP/2, one hop, $kind" client "http://hop2-$kind:8080/" cluster1 default "hop2-$kind" app "$kind"
  done
  measure load2 "HTTP/2, one hop, weft" meshed-client http://origin:8082/ "${sidecar[@]}"
  for kind in "${chains[@]}"; do
    measure load2 "HTTP/2, three hops, $kind" client "http://client2-$kind:8080/" cluster1 default "client2-$kind" app "$kind" \
      cluster2 default "between2-$kind" app "$kind" cluster2 default "server2-$kind" app "$kind"
  done
  measure load2 "HTTP/2, three hops, weft" meshed-client http://far-origin:8082/ "${sidecar[@]}" "${between[@]}" "${server[@]}"
done
for kind in "${hops[@]}"; do echo "hop-$kind: $(memory cluster1 default "hop-$kind" app "$kind")"; done
echo "client's sidecar: $(memory "${sidecar[@]}")"
echo "server's sidecar: $(memory "${server[@]}")"
echo "a cross-cluster proxy: $(memory "${between[@]}")"
