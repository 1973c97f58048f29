#!/usr/bin/env bash
# One mesh over several Kubernetes clusters, with a control plane in each of them.
#
#   ./run.sh [N]    N clusters (2 where nothing is said), whose kubectl contexts are cluster1 ... clusterN
#
# It takes bare clusters to a mesh, step by step, with the commands that you would type, and then shows what the mesh does: a service of two
# clusters, an entrance in each, traffic by locality, and the loss of a region. It stops at the first step that does not do what it should.
#
#   WEFT      the weft command                                              (weft of this checkout)
#   SERVER1, SERVER2 ...  how the other clusters reach its API server        (what your kubeconfig says, or the cluster itself)
#   HUB, TAG  where the clusters find the image                             (as in the charts)
#   KEEP      a folder for the certificates                                 (a new one; the root's key is in it: keep it well)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$here/../../samples
WEFT=${WEFT:-$here/../../weft}
N=${1:-2}
KEEP=${KEEP:-$(mktemp -d)}
image=(${HUB:+--set "hub=$HUB"} ${TAG:+--set "tag=$TAG"})
started=$SECONDS

step() { printf '\n%3d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}
each() { seq "$N"; }
k() { kubectl --context "cluster$1" "${@:2}"; }

# Waits until a check succeeds; it gives up when nothing has come of it for three minutes.
until_true() { # what, command...
  local what=$1 since=$SECONDS
  shift
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - since)) -lt 180 ] || fail "$what"
    sleep 1
  done
}

# Calls a URL from a pod so many times; each answer is followed by a line with its status.
call() { # cluster, namespace, deployment, URL, times
  k "$1" -n "$2" exec "deploy/$3" -c "$3" -- sh -c "for i in \$(seq $5); do curl -s -m 10 -w '\\n%{http_code}\\n' '$4'; done"
}
# How often which version answered, and how often none did: "v1 41 v2 9 failed 0".
count() {
  awk '/version: v1,/ { one++ } /version: v2,/ { two++ } /^[0-9][0-9][0-9]$/ { all++; if ($1 == 200) good++ }
       END { printf "v1 %d v2 %d failed %d\n", one, two, all - good }'
}
calls() { call "$@" | count; }
from_pod() { calls "$1" sample sleep helloworld.sample:5000/hello "$2"; }
entrance() { k "$1" -n istio-system get service istio-ingressgateway -o 'jsonpath={.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'; }
has_entrance() { [ -n "$(entrance "$1")" ]; }
from_outside() { calls "$1" outside sleep "http://$(entrance "$1")/hello" "$2"; }

both_versions() { # from_pod or from_outside, cluster
  local seen
  seen=$("$1" "$2" 20)
  [[ $seen =~ v1\ ([0-9]+)\ v2\ ([0-9]+)\ failed\ 0 ]] && ((BASH_REMATCH[1] > 0 && BASH_REMATCH[2] > 0))
}
only() { # version, from_pod or from_outside, cluster
  local seen
  seen=$("$2" "$3" 20)
  case $1 in
    v1) [[ $seen =~ ^v1\ 20\ v2\ 0\ failed\ 0$ ]] ;;
    v2) [[ $seen =~ ^v1\ 0\ v2\ 20\ failed\ 0$ ]] ;;
  esac
}

step "A root of trust that all clusters share, and under it a CA for each"
"$WEFT" certs root-ca --out "$KEEP"
for i in $(each); do
  "$WEFT" certs intermediate --cluster "cluster$i" --out "$KEEP"
  k "$i" get namespace istio-system >/dev/null 2>&1 || k "$i" create namespace istio-system
  k "$i" label --overwrite namespace istio-system "topology.istio.io/network=network$i"
  k "$i" label --overwrite node --all "topology.kubernetes.io/region=region$i" "topology.kubernetes.io/zone=zone$i"
  k "$i" -n istio-system delete secret cacerts --ignore-not-found
  k "$i" -n istio-system create secret generic cacerts --from-file="$KEEP/cluster$i/ca-cert.pem" --from-file="$KEEP/cluster$i/ca-key.pem" \
    --from-file="$KEEP/cluster$i/root-cert.pem" --from-file="$KEEP/cluster$i/cert-chain.pem"
done

step "A control plane in every cluster, and a gateway towards the other clusters"
for i in $(each); do
  "$WEFT" install -y --context "cluster$i" "${image[@]}" -f - <<YAML
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  values:
    global:
      meshID: mesh1
      multiCluster:
        clusterName: cluster$i
      network: network$i
YAML
  "$WEFT" gateway generate --mesh mesh1 --cluster "cluster$i" --network "network$i" |
    "$WEFT" install -y --context "cluster$i" "${image[@]}" -f -
done

step "Services are exposed to the other clusters: to those alone who have a certificate of this mesh"
for i in $(each); do k "$i" apply -n istio-system -f "$here/expose-services.yaml"; done

step "Each control plane may look into the other clusters"
for i in $(each); do
  for j in $(each); do
    [ "$i" = "$j" ] && continue
    server=SERVER$i
    "$WEFT" create-remote-secret --context "cluster$i" --name "cluster$i" ${!server:+--server "${!server}"} |
      k "$j" apply --validate=false -f -
  done
done
for i in $(each); do "$WEFT" remote-clusters --context "cluster$i"; done

step "An application: helloworld, version 1 in cluster1 and version 2 in cluster2, with clients in every cluster"
for i in $(each); do
  for namespace in sample outside; do
    k "$i" get namespace $namespace >/dev/null 2>&1 || k "$i" create namespace $namespace
  done
  k "$i" label --overwrite namespace sample istio-injection=enabled
  k "$i" apply -n sample -f "$samples/helloworld/helloworld.yaml" -l service=helloworld
  k "$i" apply -n sample -f "$samples/sleep/sleep.yaml"
  k "$i" apply -n outside -f "$samples/sleep/sleep.yaml"
  k "$i" apply -n sample -f "$here/helloworld-gateway.yaml"
done
k 1 apply -n sample -f "$samples/helloworld/helloworld.yaml" -l version=v1
k 2 apply -n sample -f "$samples/helloworld/helloworld.yaml" -l version=v2
for i in $(each); do
  for namespace in sample outside; do
    for deployment in $(k "$i" -n $namespace get deployments -o name); do k "$i" -n $namespace rollout status --timeout=180s "$deployment"; done
  done
done

step "Both versions answer, from inside every cluster ..."
for i in $(each); do
  until_true "a pod of cluster$i does not reach both versions" both_versions from_pod "$i"
  echo "cluster$i: $(from_pod "$i" 50)"
done
step "... and at the entrance of every cluster"
for i in $(each); do
  until_true "the ingress gateway of cluster$i has no address" has_entrance "$i"
  until_true "the entrance of cluster$i does not reach both versions" both_versions from_outside "$i"
  echo "cluster$i: $(from_outside "$i" 50)"
done

step "By locality: 80 of 100 stay in the region, 20 go to the other one"
for i in $(each); do k "$i" apply -f "$here/locality-lb-weight.yaml"; done
mostly() { # version 1 or 2, cluster
  local seen
  seen=$(from_outside "$2" 500)
  echo "cluster$2: $seen" >>"$KEEP/shares"
  [[ $seen =~ v1\ ([0-9]+)\ v2\ ([0-9]+)\ failed\ 0 ]] || return 1
  local share=$((BASH_REMATCH[$1] / 5))
  ((share >= 75 && share <= 85))
}
for i in 1 2; do
  # A balance of many calls: it counts from when the rule is in force.
  "$WEFT" explain helloworld.sample --from deploy/istio-ingressgateway.istio-system --context "cluster$i" || true
  until_true "cluster$i does not get 80 to 20" mostly "$i" "$i"
  tail -n 1 "$KEEP/shares"
done

step "A region is lost: version 1 stops to answer, while somebody goes on calling"
for i in $(each); do k "$i" apply -f "$here/locality-lb-failover.yaml"; done
until_true "cluster1 does not keep to its own region" only v1 from_outside 1
call 1 outside sleep "http://$(entrance 1)/hello" 2000 >"$KEEP/meanwhile" &
meanwhile=$!
until_true "nobody calls" test -s "$KEEP/meanwhile"
lost=$SECONDS
k 1 -n sample exec deploy/helloworld-v1 -c istio-proxy -- pilot-agent request POST drain_listeners >/dev/null
until_true "cluster1 does not fail over" only v2 from_outside 1
echo "every answer is version 2, $((SECONDS - lost)) s after"
((SECONDS - lost <= 10)) || fail "that took longer than 10 s"
wait $meanwhile
outcome=$(count <"$KEEP/meanwhile")
echo "meanwhile: $outcome"
[[ $outcome == *"failed 0" ]] || fail "calls were lost"

step "It comes back"
k 1 -n sample rollout restart deploy/helloworld-v1
k 1 -n sample rollout status --timeout=180s deploy/helloworld-v1
until_true "cluster1 does not return to its own region" only v1 from_outside 1
echo "cluster1: $(from_outside 1 50)"
step "done"
