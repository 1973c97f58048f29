# Sourced by what measures the proxy beside its peers: a lab of its own, pods of the contenders in it, and CPU time by request.
# Needs $here, the directory of the script, and $seconds and $connections of a load.
export WEFT_LAB=bench WEFT_HOME="$here/target/home"
weft="$here/../../bin/weft"
for tool in "${tools[@]}"; do
  command -v "$tool" >/dev/null || { echo "$(basename "$0"): $tool is missing" >&2; exit 2; }
done
trap '"$weft" lab reset >/dev/null' EXIT
"$weft" lab reset >/dev/null
"$here/../../bin/train"
"$weft" lab up | tail -n 1 >/dev/null
KUBECONFIG=$("$weft" lab kubeconfig)
export KUBECONFIG

# One CA, and one certificate for both ends of the contenders that bring no mesh.
pki=$here/target/pki
mkdir -p "$pki"
p256=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${p256[@]}" -days 2 -subj /CN=bench -keyout "$pki/ca.key" -out "$pki/ca" 2>/dev/null
openssl req "${p256[@]}" -subj /CN=far.example -keyout "$pki/key" -out "$pki/csr" 2>/dev/null
openssl x509 -req -days 2 -in "$pki/csr" -CA "$pki/ca" -CAkey "$pki/ca.key" -CAcreateserial \
  -extfile <(echo subjectAltName=DNS:far.example) -out "$pki/crt" 2>/dev/null
cat "$pki/crt" "$pki/key" >"$pki/pem"

files() { # key file...
  while [ $# -gt 0 ]; do
    printf '  %s: |\n%s\n' "$1" "$(sed 's/^/    /' "$2")"
    shift 2
  done
}
# The same contender with HTTP/2 towards both of its sides.
http2() { # config
  case "$1" in
    */between.*) cat "$1" ;;
    *.haproxy)
      sed -E 's/^( *bind :8080.*)/\1 proto h2/; s/^( *bind .* ssl .*)/\1 alpn h2/; s/^( *server .* ssl .*)/\1 alpn h2/; t; s/^( *server s .*)/\1 proto h2/; s/:8081/:8082/' "$1" ;;
    *.envoy)
      sed -E 's/port_value: 8081/port_value: 8082/; s/^( *)tls_certificates:$/\1alpn_protocols: [h2]\n&/
        s/^( *)type: STRICT_DNS$/&\n\1typed_extension_protocol_options:\n\1  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:\n\1    "@type": type.googleapis.com\/envoy.extensions.upstreams.http.v3.HttpProtocolOptions\n\1    explicit_http_config: {http2_protocol_options: {}}/' "$1" ;;
  esac
}
deploy() { # context, name, inject, service port and type, shell command, upstream, config
  local context=$1 name=$2 inject=$3 port=$4 type=$5 command=$6 upstream=$7 config=$8
  sed "s/@UPSTREAM@/$upstream/; s/@HOST@/${upstream%:*}/; s/@PORT@/${upstream#*:}/" "$config" >"$pki/$name"
  kubectl --context "$context" apply -f - >/dev/null <<YAML
apiVersion: v1
kind: ServiceAccount
metadata: {name: $name}
---
apiVersion: v1
kind: Service
metadata: {name: $name}
spec: {type: $type, selector: {app: $name}, ports: [{name: http, port: $port}, {name: http2, port: $((port + 1))}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: $name}
data:
$(files config "$pki/$name" pem "$pki/pem" ca "$pki/ca" origin "$here/contenders/origin.nginx")
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
        command: [sh, -c, '$command']
        volumeMounts: [{name: config, mountPath: /etc/bench}]
YAML
  kubectl --context "$context" rollout status "deploy/$name" --timeout=90s >/dev/null
}

origin='cp "$(command -v nginx)" /tmp/origin; head -c 16777216 /dev/zero >/tmp/big; exec /tmp/origin -c /etc/bench/origin -g "daemon off;"'
beside=${origin/exec \/tmp\/origin/\/tmp\/origin}
declare -A run=(
  [nginx]='exec nginx -c /etc/bench/config -g "daemon off;"'
  [haproxy]='exec haproxy -db -f /etc/bench/config'
  [envoy]='exec envoy --config-yaml "$(cat /etc/bench/config)" --concurrency 2 -l error'
)
nothing=$here/contenders/origin.nginx
deploy cluster1 origin false 8081 ClusterIP "$origin" : "$nothing"
deploy cluster2 far-origin true 8081 ClusterIP "$origin" : "$nothing"
deploy cluster1 client false 80 ClusterIP 'sleep infinity' : "$nothing"
deploy cluster1 meshed-client true 80 ClusterIP 'sleep infinity' : "$nothing"
chain() { # kind, suffix of the names, what a config becomes
  local kind=$1 two=$2 become=$3 address
  deploy cluster2 "server$two-$kind" false 8443 ClusterIP "$beside & ${run[$kind]}" : <($become "$here/contenders/server.$kind")
  deploy cluster2 "between$two-$kind" false 15443 LoadBalancer "${run[$kind]}" "server$two-$kind:8443" <($become "$here/contenders/between.$kind")
  address=$(kubectl --context cluster2 get service "between$two-$kind" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')
  deploy cluster1 "client$two-$kind" false 8080 ClusterIP "${run[$kind]}" "$address:15443" <($become "$here/contenders/client.$kind")
}
ticks() { # context, namespace, workload, container, process name -> clock ticks of all its processes
  local pod total=0
  for pod in $(kubectl --context "$1" -n "$2" get pod -l "app=$3" -o jsonpath='{.items[*].metadata.name}'); do
    total=$((total + $(kubectl --context "$1" -n "$2" exec "$pod" -c "$4" -- \
      sh -c 'cat /proc/[0-9]*/stat' 2>/dev/null | awk -v n="($5)" '$2 == n { t += $14 + $15 } END { print t + 0 }')))
  done
  echo "$total"
}
memory() { # context, namespace, workload, container, process name -> resident MB, then MB that are its own
  kubectl --context "$1" -n "$2" exec "deploy/$3" -c "$4" -- \
    sh -c 'for p in /proc/[0-9]*; do echo "Name: $(cat $p/comm)"; cat $p/smaps_rollup; done' 2>/dev/null |
    awk -v n="$5" '/^Name:/ { its = ($2 == n) } its && /^Rss:/ { r += $2 } its && /^Private_/ { p += $2 }
      END { printf "%d MB resident, %d MB of them its own\n", r / 1024, p / 1024 }'
}
load() { # client, url -> requests
  kubectl --context cluster1 exec "deploy/$1" -c app -- wrk -t1 -c"$connections" -d"${seconds}s" --latency "$2" >"$WEFT_HOME/wrk"
  if grep -qE 'Non-2xx|Socket errors' "$WEFT_HOME/wrk"; then cat "$WEFT_HOME/wrk" >&2; fi
  awk '/requests in/ { print $1 }' "$WEFT_HOME/wrk"
}
load2() { # client, url -> requests over HTTP/2
  kubectl --context cluster1 exec "deploy/$1" -c app -- h2load -t1 -c8 -m100 -D "$seconds" "$2" >"$WEFT_HOME/h2load"
  if ! grep -q ' 0 failed, 0 errored' "$WEFT_HOME/h2load"; then grep ^requests: "$WEFT_HOME/h2load" >&2; fi
  awk '/^requests:/ { print $8 }' "$WEFT_HOME/h2load"
}
hz=$(getconf CLK_TCK)
# $unit says what the loader counts, where that is not requests.
measure() { # loader, name, client, url, then groups of: context namespace workload container process
  local loader=$1 name=$2 client=$3 url=$4 before=0 after=0 requests p99=''
  shift 4
  local parts=("$@") i
  for ((i = 0; i < ${#parts[@]}; i += 5)); do before=$((before + $(ticks "${parts[@]:i:5}"))); done
  requests=$("$loader" "$client" "$url")
  for ((i = 0; i < ${#parts[@]}; i += 5)); do after=$((after + $(ticks "${parts[@]:i:5}"))); done
  if [ "$loader" = load ] && [ "${unit:-request}" = request ]; then p99=$(awk '$1 == "99%" { print "  p99 " $2 }' "$WEFT_HOME/wrk"); fi
  awk -v n="$name" -v t=$((after - before)) -v hz="$hz" -v r="$requests" -v p99="$p99" -v u="${unit:-request}" \
    'BEGIN { printf "%-28s %9d %ss  %7.1f us CPU/%s%s\n", n, r, u, t * 1e6 / hz / r, u, p99 }'
}

sidecar=(cluster1 default meshed-client istio-proxy java)
between=(cluster2 istio-system istio-asm-cross-network-cluster2 istio-proxy java)
server=(cluster2 default far-origin istio-proxy java)
