#!/usr/bin/env bash
# CPU time per request through nginx, HAProxy, one sidecar, and sidecar -> cross-cluster proxy -> sidecar, in one run on a lab
# of its own. Every contender is a pod; CPU time is the operating system's, read before and after each load.
# Needs root, a built Weft, and wrk, nginx and haproxy on the machine.
#   test/bench/system.sh [seconds per load, default 8] [rounds, default 3] [connections, default 16]
set -euo pipefail
seconds=${1:-8} rounds=${2:-3} connections=${3:-16}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in wrk nginx haproxy kubectl; do
  command -v "$tool" >/dev/null || { echo "system.sh: $tool is missing" >&2; exit 2; }
done
export WEFT_LAB=bench WEFT_HOME="$root/test/bench/target/home"
weft="$root/bin/weft"
trap '"$weft" lab reset >/dev/null' EXIT
"$weft" lab reset >/dev/null
"$weft" lab up | tail -n 1 >/dev/null
KUBECONFIG=$("$weft" lab kubeconfig)
export KUBECONFIG

manifest() { # name, inject, extra pod spec lines, command...
  local name=$1 inject=$2 config=$3
  shift 3
  cat <<YAML
apiVersion: v1
kind: ServiceAccount
metadata: {name: $name}
---
apiVersion: v1
kind: Service
metadata: {name: $name}
spec: {selector: {app: $name}, ports: [{name: http, port: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: $name}
data:
  config: |
$(sed 's/^/    /' <<<"$config")
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: $name}
spec:
  selector: {matchLabels: {app: $name}}
  template:
    metadata: {labels: {app: $name, sidecar.istio.io/inject: "$inject"}}
    spec:
      serviceAccountName: $name
      terminationGracePeriodSeconds: 0
      volumes: [{name: config, configMap: {name: $name}}]
      containers:
      - name: app
        image: busybox
        command: [$(printf '"%s",' "$@" | sed 's/,$//')]
        volumeMounts: [{name: config, mountPath: /etc/bench}]
YAML
}

body=$(printf 'x%.0s' $(seq 128))
server="worker_processes 1; error_log /dev/null; pid /tmp/nginx.pid; events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; server { listen 8080 reuseport; location / { return 200 '$body'; } } }"
relay="worker_processes 1; error_log /dev/null; pid /tmp/nginx.pid; events { worker_connections 4096; }
http { access_log /tmp/access.log combined buffer=64k; keepalive_requests 1000000000;
upstream u { server backend:8080; keepalive 64; keepalive_requests 1000000000; }
server { listen 8080; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ''; } } }"
balance="global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend f
  bind :8080
  default_backend b
backend b
  server s backend:8080"

nginx=(nginx -c /etc/bench/config -g "daemon off;")
apply() { kubectl --context "$1" apply -f - >/dev/null; }
manifest backend false "$server" "${nginx[@]}" | apply cluster1
manifest relay-nginx false "$relay" "${nginx[@]}" | apply cluster1
manifest relay-haproxy false "$balance" haproxy -db -f /etc/bench/config | apply cluster1
manifest client false "" sleep infinity | apply cluster1
manifest meshed-client true "" sleep infinity | apply cluster1
manifest far-backend true "$server" "${nginx[@]}" | apply cluster2
for deployment in backend relay-nginx relay-haproxy client meshed-client; do
  kubectl --context cluster1 rollout status "deploy/$deployment" --timeout=90s >/dev/null
done
kubectl --context cluster2 rollout status deploy/far-backend --timeout=90s >/dev/null

ticks() { # context, namespace, workload, container, process name -> clock ticks of all its processes
  local pod total=0
  for pod in $(kubectl --context "$1" -n "$2" get pod -l "app=$3" -o jsonpath='{.items[*].metadata.name}'); do
    total=$((total + $(kubectl --context "$1" -n "$2" exec "$pod" -c "$4" -- \
      sh -c 'cat /proc/[0-9]*/stat' 2>/dev/null | awk -v n="($5)" '$2 == n { t += $14 + $15 } END { print t + 0 }')))
  done
  echo "$total"
}
memory() { # context, namespace, workload -> MB of the proxy
  kubectl --context "$1" -n "$2" exec "deploy/$3" -c istio-proxy -- sh -c 'cat /proc/[0-9]*/status' |
    awk '/^Name:/ { java = ($2 == "java") } /^VmRSS:/ && java { print int($2 / 1024) }' | head -n 1
}
load() { # client, url -> requests, non-2xx
  kubectl --context cluster1 exec "deploy/$1" -c app -- wrk -t1 -c"$connections" -d"${seconds}s" --latency "$2" >"$WEFT_HOME/wrk"
  if grep -qE 'Non-2xx|Socket errors' "$WEFT_HOME/wrk"; then cat "$WEFT_HOME/wrk" >&2; fi
  awk '/requests in/ { print $1 }' "$WEFT_HOME/wrk"
}
hz=$(getconf CLK_TCK)
measure() { # name, client, url, then groups of: context namespace workload container process
  local name=$1 client=$2 url=$3 before=0 after=0 requests
  shift 3
  local parts=("$@") i
  for ((i = 0; i < ${#parts[@]}; i += 5)); do before=$((before + $(ticks "${parts[@]:i:5}"))); done
  requests=$(load "$client" "$url")
  for ((i = 0; i < ${#parts[@]}; i += 5)); do after=$((after + $(ticks "${parts[@]:i:5}"))); done
  awk -v n="$name" -v t=$((after - before)) -v hz="$hz" -v r="$requests" -v p99="$(awk '$1 == "99%" { print $2 }' "$WEFT_HOME/wrk")" \
    'BEGIN { printf "%-34s %9d requests  %7.1f us CPU/request  p99 %s\n", n, r, t * 1e6 / hz / r, p99 }'
}

one_sidecar=(cluster1 default meshed-client istio-proxy java)
far=("${one_sidecar[@]}" cluster2 istio-system istio-asm-cross-network-cluster2 istio-proxy java cluster2 default far-backend istio-proxy java)
# The first seconds of a JVM are not its steady state.
load meshed-client http://backend:8080/ >/dev/null
load meshed-client http://far-backend:8080/ >/dev/null
for round in $(seq "$rounds"); do
  echo "round $round"
  measure "nginx" client http://relay-nginx:8080/ cluster1 default relay-nginx app nginx
  measure "HAProxy" client http://relay-haproxy:8080/ cluster1 default relay-haproxy app haproxy
  measure "one sidecar" meshed-client http://backend:8080/ "${one_sidecar[@]}"
  measure "sidecar, proxy, sidecar, mTLS" meshed-client http://far-backend:8080/ "${far[@]}"
done
echo "RSS of the client's sidecar: $(memory cluster1 default meshed-client) MB"
echo "RSS of the server's sidecar: $(memory cluster2 default far-backend) MB"
echo "RSS of a cross-cluster proxy: $(memory cluster2 istio-system istio-asm-cross-network-cluster2) MB"
