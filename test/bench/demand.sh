#!/usr/bin/env bash
# What the size of the mesh costs a sidecar whose pod calls three services: its memory in a mesh of ten services and of thousands, and
# the first and a later call of each, for a sidecar that is told everything and for one that asks on demand (ADR 39). In a lab of its
# own, with pods made anew at each size; services beyond the three have no pods.
# Needs root, a built Weft, and kubectl and python3 on the machine.
#   test/bench/demand.sh [services, default 5000] [rounds, default 3]
set -euo pipefail
services=${1:-5000} rounds=${2:-3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for tool in kubectl python3; do
  command -v "$tool" >/dev/null || { echo "demand.sh: $tool is missing" >&2; exit 2; }
done
export WEFT_LAB=demand WEFT_HOME="$here/target/demand"
weft="$here/../../bin/weft"
trap '"$weft" lab reset >/dev/null' EXIT
"$weft" lab reset >/dev/null
"$here/../../bin/train"
"$weft" lab up --clusters 1 | tail -n 1 >/dev/null
KUBECONFIG=$("$weft" lab kubeconfig)
export KUBECONFIG
k() { kubectl --context cluster1 "$@"; }

called=(one two three)
k apply -f - >/dev/null <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: app, image: kennethreitz/httpbin}]}
YAML
for name in "${called[@]}"; do
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Service
metadata: {name: $name}
spec: {selector: {app: server}, ports: [{name: http, port: 8000, targetPort: 80}]}
YAML
done
client() { # name, value of ISTIO_META_ON_DEMAND
  k apply -f - >/dev/null <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1}
spec:
  selector: {matchLabels: {app: $1}}
  template:
    metadata:
      labels: {app: $1, sidecar.istio.io/inject: "true"}
      annotations: {proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_ON_DEMAND": "$2"}}'}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: app, image: curlimages/curl, command: [sleep, infinity]}]
YAML
}
client told false
client asking true
k rollout status deploy/server --timeout=120s >/dev/null

fill() { # from, to: services that nobody calls
  python3 - "$1" "$2" <<'PY' | k create -f - >/dev/null
import json, sys
print(json.dumps({"apiVersion": "v1", "kind": "List", "items": [
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"unused-{i}", "namespace": "default"},
     "spec": {"selector": {"app": f"unused-{i}"}, "ports": [{"name": "http", "port": 8000}]}}
    for i in range(int(sys.argv[1]), int(sys.argv[2]))]}))
PY
}
call() { # client, service -> ms, status
  k exec "deploy/$1" -c app -- curl -s -o /dev/null -w '%{time_total} %{http_code}' "http://$2:8000/status/200" |
    awk '{ printf "%.1f ms (%s)", $1 * 1000, $2 }'
}
memory() { # client -> resident kB of its proxy
  k exec "deploy/$1" -c istio-proxy -- sh -c 'cat /proc/[0-9]*/status' 2>/dev/null |
    awk '/^VmRSS:/ { if ($2 > most) most = $2 } END { print most }'
}
measure() { # how many services
  local who round name
  for round in $(seq "$rounds"); do
    k rollout restart deploy/told deploy/asking >/dev/null
    for who in told asking; do k rollout status "deploy/$who" --timeout=120s >/dev/null; done
    sleep 10
    for who in told asking; do
      for name in "${called[@]}"; do
        printf '%5d services  %-6s  %-5s  first %s, then %s\n' "$1" "$who" "$name" "$(call "$who" "$name")" "$(call "$who" "$name")"
      done
    done
    sleep 20
    for who in told asking; do
      printf '%5d services  %-6s  %s kB resident\n' "$1" "$who" "$(memory "$who")"
    done
  done
}
fill 0 7
measure 10
fill 7 $((services - 3))
sleep 30
measure "$services"
"$weft" proxy-status | cut -c1-200
