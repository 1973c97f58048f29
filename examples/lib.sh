# What the examples share; each of them says at the top what it takes from the environment.
samples=$(cd "$(dirname "${BASH_SOURCE[0]}")/../samples" && pwd)
WEFT=${WEFT:-$samples/../weft}
image=(${HUB:+--set "hub=$HUB"} ${TAG:+--set "tag=$TAG"})
started=$SECONDS

step() { printf '\n%3d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}
each() { seq "$N"; }
k() { kubectl --context "cluster$1" "${@:2}"; }
namespace() { k "$1" get namespace "$2" >/dev/null 2>&1 || k "$1" create namespace "$2"; }

# Waits until a check succeeds, for at most three minutes.
until_true() { # what, command...
  local what=$1 since=$SECONDS
  shift
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - since)) -lt 180 ] || fail "$what"
    sleep 1
  done
}

# Calls a URL from a pod a number of times; each response is followed by a line with its status.
call() { # cluster, namespace, deployment, URL, times
  k "$1" -n "$2" exec "deploy/$3" -c "$3" -- sh -c "for i in \$(seq $5); do curl -s -m 10 -w '\\n%{http_code}\\n' '$4'; done"
}
# How often each version answered, and how often none did: "v1 41 v2 9 failed 0".
count() {
  awk '/version: v1,/ { one++ } /version: v2,/ { two++ } /^[0-9][0-9][0-9]$/ { all++; if ($1 == 200) good++ }
       END { printf "v1 %d v2 %d failed %d\n", one, two, all - good }'
}
calls() { call "$@" | count; }
from_pod() { calls "$1" sample sleep helloworld.sample:5000/hello "$2"; }

# Where a Service is reached from outside of its cluster.
address() { k "$1" -n istio-system get service "$2" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'; }
has_address() { [ -n "$(address "$1" "$2")" ]; }
entrance() { address "$1" istio-ingressgateway; }
has_entrance() { has_address "$1" istio-ingressgateway; }
from_outside() { calls "$1" outside sleep "http://$(entrance "$1")/hello" "$2"; }

both_versions() { # from_pod or from_outside, cluster
  local seen
  seen=$("$1" "$2" 20)
  [[ $seen =~ v1\ ([0-9]+)\ v2\ ([0-9]+)\ failed\ 0 ]] && ((BASH_REMATCH[1] > 0 && BASH_REMATCH[2] > 0))
}

# The control plane of a cluster, and an ingress gateway.
install_primary() { # cluster, network, further words of weft install...
  "$WEFT" install -y --context "cluster$1" "${image[@]}" "${@:3}" -f - <<YAML
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  values:
    global:
      meshID: mesh1
      multiCluster:
        clusterName: cluster$1
      network: $2
YAML
}

# The gateway through which other clusters enter this one.
install_east_west() { # cluster, network
  "$WEFT" gateway generate --mesh mesh1 --cluster "cluster$1" --network "$2" |
    "$WEFT" install -y --context "cluster$1" "${image[@]}" -f -
}

# Lets the control plane of one cluster read another one.
let_look_into() { # the cluster that is looked into, the control plane's cluster
  local server=SERVER$1
  "$WEFT" create-remote-secret --context "cluster$1" --name "cluster$1" ${!server:+--server "${!server}"} |
    k "$2" apply --validate=false -f -
}

# Helloworld: version 1 in cluster1, version 2 in cluster2, the service and clients in every cluster.
install_helloworld() {
  local i name deployment
  for i in $(each); do
    for name in sample outside; do namespace "$i" $name; done
    k "$i" label --overwrite namespace sample istio-injection=enabled
    k "$i" apply -n sample -f "$samples/helloworld/helloworld.yaml" -l service=helloworld
    k "$i" apply -n sample -f "$samples/sleep/sleep.yaml"
    k "$i" apply -n outside -f "$samples/sleep/sleep.yaml"
  done
  k 1 apply -n sample -f "$samples/helloworld/helloworld.yaml" -l version=v1
  k 2 apply -n sample -f "$samples/helloworld/helloworld.yaml" -l version=v2
  for i in $(each); do
    for name in sample outside; do
      for deployment in $(k "$i" -n $name get deployments -o name); do k "$i" -n $name rollout status --timeout=180s "$deployment"; done
    done
  done
}

both_from_pods() {
  local i
  for i in $(each); do
    until_true "a pod of cluster$i does not reach both versions" both_versions from_pod "$i"
    echo "cluster$i: $(from_pod "$i" 50)"
  done
}
both_at_entrance() { # cluster
  until_true "the ingress gateway of cluster$1 has no address" has_entrance "$1"
  until_true "the entrance of cluster$1 does not reach both versions" both_versions from_outside "$1"
  echo "cluster$1: $(from_outside "$1" 50)"
}
