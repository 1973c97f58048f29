#!/usr/bin/env bash
# One mesh over several Kubernetes clusters, with one control plane: cluster1 is the primary, the others are remote.
#
#   ./run.sh [N]    N clusters (default: 2), whose kubectl contexts are cluster1 ... clusterN
#
# It turns bare clusters into a mesh, step by step, with the commands that you would type, and ends with a service in two clusters that
# answers in all of them. It stops at the first step that fails.
#
#   WEFT      the weft command                                              (weft of this checkout)
#   FLAT      not empty where pods reach the pods of other clusters         (each cluster is a network of its own)
#   SERVER2, SERVER3 ...  how cluster1 reaches their API servers            (what your kubeconfig says)
#   DISCOVERY_ADDRESS     where the others reach the gateway of cluster1    (the address of its load balancer)
#   HUB, TAG  where the clusters find the image                             (as in the charts)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
N=${1:-2}
# shellcheck source=examples/lib.sh
. "$here/../lib.sh"
network() { if [ -n "${FLAT:-}" ]; then echo network1; else echo "network$1"; fi; }
remotes() { seq 2 "$N"; }

step "A control plane in cluster1"
install_primary 1 "$(network 1)" --set values.global.externalIstiod=true

step "A gateway through which the other clusters reach it, and what they may reach there"
install_east_west 1 "$(network 1)"
k 1 apply -n istio-system -f "$samples/multicluster/expose-istiod.yaml"
[ -n "${FLAT:-}" ] || k 1 apply -n istio-system -f "$samples/multicluster/expose-services.yaml"
until_true "the gateway of cluster1 has no address" has_address 1 istio-eastwestgateway
DISCOVERY_ADDRESS=${DISCOVERY_ADDRESS:-$(address 1 istio-eastwestgateway)}
if [[ $DISCOVERY_ADDRESS == *[!0-9.]* ]]; then
  # API servers call it by this name, so its certificate has to contain it.
  install_primary 1 "$(network 1)" --set values.global.externalIstiod=true --set "values.pilot.env.ISTIOD_CUSTOM_HOST=$DISCOVERY_ADDRESS"
fi

step "The other clusters name the control plane that serves them, and lead to it at $DISCOVERY_ADDRESS"
for i in $(remotes); do
  namespace "$i" istio-system
  k "$i" annotate --overwrite namespace istio-system topology.istio.io/controlPlaneClusters=cluster1
  k "$i" label --overwrite namespace istio-system "topology.istio.io/network=$(network "$i")"
  "$WEFT" install -y --context "cluster$i" "${image[@]}" -f - <<YAML
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: remote
  values:
    istiodRemote:
      injectionPath: /inject/cluster/cluster$i/net/$(network "$i")
    global:
      remotePilotAddress: $DISCOVERY_ADDRESS
YAML
done

step "The control plane may read them, and completes their webhooks"
for i in $(remotes); do let_look_into "$i" 1; done
for i in $(remotes); do
  until_true "the control plane has not been in cluster$i" "$WEFT" verify-install --context "cluster$i"
done
"$WEFT" remote-clusters --context cluster1

if [ -z "${FLAT:-}" ]; then
  step "A gateway into the network of each"
  for i in $(remotes); do install_east_west "$i" "$(network "$i")"; done
fi

step "An application: helloworld, version 1 in cluster1 and version 2 in cluster2, with clients in every cluster"
install_helloworld
k 1 apply -n sample -f "$samples/helloworld/helloworld-gateway.yaml"

step "Both versions answer, from inside every cluster ..."
both_from_pods
step "... and at the ingress gateway of cluster1"
both_at_entrance 1

step "All proxies are served by the one control plane"
"$WEFT" proxy-status --context cluster1
step "done"
