#!/usr/bin/env bash
# One mesh over several Kubernetes clusters, with a control plane in each of them.
#
#   ./run.sh [N]    N clusters (default: 2), whose kubectl contexts are cluster1 ... clusterN
#
# It turns bare clusters into a mesh, step by step, with the commands that you would type, and then shows what the mesh does: a service in two
# clusters, an ingress gateway in each, traffic by locality, and the loss of a region. It stops at the first step that fails.
#
#   WEFT      the weft command                                              (weft of this checkout)
#   SERVER1, SERVER2 ...  how the other clusters reach its API server        (what your kubeconfig says, or the cluster itself)
#   HUB, TAG  where the clusters find the image                             (as in the charts)
#   KEEP      a folder for the certificates                                 (a new one; it contains the root's key: keep it safe)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
N=${1:-2}
KEEP=${KEEP:-$(mktemp -d)}
# shellcheck source=examples/lib.sh
. "$here/../lib.sh"

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
  namespace "$i" istio-system
  k "$i" label --overwrite namespace istio-system "topology.istio.io/network=network$i"
  k "$i" label --overwrite node --all "topology.kubernetes.io/region=region$i" "topology.kubernetes.io/zone=zone$i"
  k "$i" -n istio-system delete secret cacerts --ignore-not-found
  k "$i" -n istio-system create secret generic cacerts --from-file="$KEEP/cluster$i/ca-cert.pem" --from-file="$KEEP/cluster$i/ca-key.pem" \
    --from-file="$KEEP/cluster$i/root-cert.pem" --from-file="$KEEP/cluster$i/cert-chain.pem"
done

step "A control plane in every cluster, and a gateway for the other clusters"
for i in $(each); do
  install_primary "$i" "network$i"
  install_east_west "$i" "network$i"
done

step "Services are exposed to the other clusters, only to clients with a certificate of this mesh"
for i in $(each); do k "$i" apply -n istio-system -f "$samples/multicluster/expose-services.yaml"; done

step "Each control plane may read the other clusters"
for i in $(each); do
  for j in $(each); do
    [ "$i" = "$j" ] || let_look_into "$i" "$j"
  done
done
for i in $(each); do "$WEFT" remote-clusters --context "cluster$i"; done

step "An application: helloworld, version 1 in cluster1 and version 2 in cluster2, with clients in every cluster"
install_helloworld
for i in $(each); do k "$i" apply -n sample -f "$samples/helloworld/helloworld-gateway.yaml"; done

step "Both versions answer, from inside every cluster ..."
both_from_pods
step "... and at the ingress gateway of every cluster"
for i in $(each); do both_at_entrance "$i"; done

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
  # Shares are counted over many calls, once the rule is in force.
  "$WEFT" explain helloworld.sample --from deploy/istio-ingressgateway.istio-system --context "cluster$i" || true
  until_true "cluster$i does not get 80 to 20" mostly "$i" "$i"
  tail -n 1 "$KEEP/shares"
done

step "A region is lost: version 1 stops answering while a client keeps calling"
for i in $(each); do k "$i" apply -f "$here/locality-lb-failover.yaml"; done
until_true "cluster1 does not keep to its own region" only v1 from_outside 1
call 1 outside sleep "http://$(entrance 1)/hello" 2000 >"$KEEP/meanwhile" &
meanwhile=$!
until_true "nobody calls" test -s "$KEEP/meanwhile"
lost=$SECONDS
k 1 -n sample exec deploy/helloworld-v1 -c istio-proxy -- pilot-agent request POST drain_listeners >/dev/null
until_true "cluster1 does not fail over" only v2 from_outside 1
echo "every answer is version 2, $((SECONDS - lost)) s later"
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
