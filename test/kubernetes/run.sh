#!/usr/bin/env bash
# What Weft does on real Kubernetes: two clusters of any making (kind, k3s, a cloud's), named by their kubectl contexts.
#
#   ./run.sh [options] CONTEXT1 CONTEXT2 [scenario ...]      all scenarios in their order where none is named
#
#   --hub H --tag T         where the clusters find the image (built with image/build, see docs/install.md)
#   --server1 U --server2 U the API servers as the other cluster reaches them (what the kubeconfig says)
#   --config CONTEXT        the config API of the hosted model: any API server with nobody's mesh in it; without it that scenario is left out
#   --advertise A           where both clusters reach a process on this machine; goes with --config
#
# It changes the clusters: namespaces istio-system, sample, outside, checks, and objects of the mesh for the whole cluster. They are empty afterwards.
# Prints one line for each thing that was shown, and ends with "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
samples=$root/samples
export WEFT=${WEFT:-$root/weft}
HELM=${HELM:-helm}
export HUB='' TAG=''
server1='' server2='' config='' advertise=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --hub) HUB=$2 ;;
    --tag) TAG=$2 ;;
    --server1) server1=$2 ;;
    --server2) server2=$2 ;;
    --config) config=$2 ;;
    --advertise) advertise=$2 ;;
    *) sed -n '2,/^set /p' "$0" | grep '^#' >&2; exit 2 ;;
  esac
  shift 2
done
[ $# -ge 2 ] || { sed -n '2,/^set /p' "$0" | grep '^#' >&2; exit 2; }
work=$(mktemp -d)
# What the charts have where nothing is said; the hosted model has no chart, and must be told.
: "${HUB:=weftmesh}" "${TAG:=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)}"
started=$SECONDS passed=0 failed=0

# The clusters under the names that everything here uses, whatever theirs are.
taken=$work/kubeconfig
context() { # context, name
  kubectl config view --flatten --minify --context "$1" -o json |
    python3 -c 'import json,sys
v = json.load(sys.stdin); n = sys.argv[1]
for kind in ("clusters", "users", "contexts"): v[kind][0]["name"] = n
v["contexts"][0]["context"].update(cluster=n, user=n); v["current-context"] = n
json.dump(v, sys.stdout)' "$2" >"$work/$2.json"
}
context "$1" cluster1
context "$2" cluster2
files=$work/cluster1.json:$work/cluster2.json
[ -z "$config" ] || { context "$config" mesh; files=$files:$work/mesh.json; }
KUBECONFIG=$files kubectl config view --flatten --raw >"$taken"
export KUBECONFIG=$taken
shift 2

say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
ok() { passed=$((passed + 1)); say "ok      $*"; }
bad() { failed=$((failed + 1)); say "FAILED  $*"; }
check() { # what, command...
  local what=$1
  shift
  if "$@" >"$work/last" 2>&1; then ok "$what"; else bad "$what"; sed 's/^/          /' "$work/last" | tail -n 20; fi
}
k() { kubectl --context "cluster$1" "${@:2}"; }
# Whether a command succeeds within two minutes.
soon() {
  local since=$SECONDS
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - since)) -lt 120 ] || { "$@"; return 1; }
    sleep 1
  done
}
install() { # cluster, more options: the control plane of the cluster
  "$WEFT" install -y --context "cluster$1" ${HUB:+--set "hub=$HUB"} ${TAG:+--set "tag=$TAG"} --set "values.global.multiCluster.clusterName=cluster$1" \
    --set "values.global.network=network$1" --set values.global.meshID=mesh1 "${@:2}"
}

# A steady load from sleep to helloworld in cluster1; its outcome counts when it is stopped.
load_start() {
  k 1 -n sample exec deploy/sleep -c sleep -- sh -c 'rm -f /tmp/stop; n=0 bad=0; while [ ! -e /tmp/stop ]; do
    n=$((n+1)); c=$(curl -s -m 10 -o /dev/null -w "%{http_code}" helloworld.sample:5000/hello); [ "$c" = 200 ] || { bad=$((bad+1)); echo "$c at $(date +%T)"; }; sleep 0.02; done; echo "$n sent, $bad failed"' >"$work/load" 2>&1 &
  load=$!
}
load_stop() { # what happened meanwhile
  k 1 -n sample exec deploy/sleep -c sleep -- touch /tmp/stop
  wait $load
  local outcome
  outcome=$(tail -n 1 "$work/load")
  if [[ $outcome =~ ^([0-9]+)\ sent,\ 0\ failed$ ]] && ((BASH_REMATCH[1] >= 20)); then ok "$1: $outcome"; else bad "$1: $outcome: $(head -n 5 "$work/load" | tr '\n' ';')"; fi
}

# Nothing of a mesh is left that could hinder a pod.
gone() { # cluster
  local left
  left=$(k "$1" get mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings -o name) || return 1
  left=$(grep -E 'istio|weft' <<<"$left")
  [ -z "$left" ] || { echo "left: $left"; return 1; }
}
a_pod_is_admitted() { # cluster
  k "$1" create namespace checks --dry-run=client -o yaml | k "$1" apply -f - &&
    k "$1" label --overwrite namespace checks istio-injection=enabled &&
    k "$1" -n checks delete pod plain --ignore-not-found --wait=true &&
    k "$1" -n checks run plain --image=curlimages/curl --restart=Never --command -- sleep 60 &&
    k "$1" -n checks delete pod plain --wait=false
}

applications() {
  for i in 1 2; do
    for namespace in sample outside; do k $i delete namespace $namespace --ignore-not-found --wait=false; done
    k $i delete namespace checks --ignore-not-found --wait=false
  done >/dev/null 2>&1
  for i in 1 2; do for namespace in sample outside checks; do k $i wait --for=delete "namespace/$namespace" --timeout=120s; done; done >/dev/null 2>&1
}
uninstall() {
  for i in 1 2; do
    "$WEFT" uninstall -y --purge --context "cluster$i" >/dev/null 2>&1
    k $i delete namespace istio-system --ignore-not-found --timeout=120s >/dev/null 2>&1
  done
}

scenario_models() {
  mkdir -p "$work/certificates"
  if KEEP=$work/certificates SERVER1=$server1 SERVER2=$server2 "$root/examples/multi-primary/run.sh" 2 2>&1 | tee "$work/models" | sed 's/^/          /'; [ "${PIPESTATUS[0]}" = 0 ]; then
    ok "multi-primary: both versions, both entrances, 80 to 20, the loss of a region"
  else
    bad "multi-primary"
  fi
}

scenario_security() {
  check "pods of the system namespace pass Pod Security 'restricted'" no_warning 1 istio-system restricted
  check "a gateway on the wan takes nobody without a certificate of the mesh" refused_on_the_wan
}
no_warning() { # cluster, namespace, level
  local out
  out=$(k "$1" label --dry-run=server --overwrite namespace "$2" "pod-security.kubernetes.io/enforce=$3" 2>&1) || { echo "$out"; return 1; }
  echo "$out"
  ! grep -qi warning <<<"$out"
}
refused_on_the_wan() {
  local address
  address=$(k 2 -n istio-system get service istio-eastwestgateway -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')
  [ -n "$address" ] || { echo "the gateway has no address"; return 1; }
  # The port answers, and the handshake is what fails (curl: 35, or 56 where the end comes after it).
  local status
  k 1 -n outside exec deploy/sleep -c sleep -- sh -c \
    "curl -sk -m 5 --connect-to ::$address:15443 https://outbound_.5000_._.helloworld.sample.svc.cluster.local/hello; echo status \$?" >"$work/refused"
  status=$(sed -n 's/.*status //p' "$work/refused")
  echo "curl ended with '$status'"
  [ "$status" = 35 ] || [ "$status" = 56 ]
}

scenario_replicas() {
  check "a second replica of the control plane" install 1 --set values.pilot.replicaCount=2
  soon replicas_ready
  check "replicas agree on what they serve" soon same_digest
  load_start
  sleep 2
  k 1 -n istio-system delete --wait=true --grace-period=0 --force "$(k 1 -n istio-system get pods -l app=istiod -o name | head -n 1)" >/dev/null 2>&1
  k 1 -n sample rollout restart deployment/helloworld-v1 >/dev/null
  k 1 -n sample rollout status --timeout=120s deployment/helloworld-v1 >/dev/null
  soon replicas_ready
  load_stop "a replica of the control plane killed, and the application rolled, under load"
}
replicas_ready() { [ "$(k 1 -n istio-system get deployment istiod -o 'jsonpath={.status.readyReplicas}')" = 2 ]; }
same_digest() {
  local pod digests=''
  for pod in $(k 1 -n istio-system get pods -l app=istiod --field-selector=status.phase=Running -o name); do
    digests+="$(k 1 get --raw "/api/v1/namespaces/istio-system/pods/${pod#pod/}:15014/proxy/debug/digest" | sed -n 's/.*"digest" *: *"\([0-9a-f]*\)".*/\1/p') "
  done
  echo "$digests"
  read -r -a each <<<"$digests"
  ((${#each[@]} >= 2)) && [ "$(tr ' ' '\n' <<<"${each[*]}" | sort -u | wc -l)" = 1 ]
}

scenario_upgrade() {
  check "a second revision beside the first" install 1 --revision canary --set profile=minimal
  load_start
  k 1 label --overwrite namespace sample istio-injection- istio.io/rev=canary >/dev/null
  k 1 -n sample rollout restart deployment/helloworld-v1 >/dev/null
  k 1 -n sample rollout status --timeout=120s deployment/helloworld-v1 >/dev/null
  load_stop "the application moved to another revision, under load"
  check "the new pod belongs to the new revision" soon of_revision canary
  load_start
  k 1 label --overwrite namespace sample istio.io/rev- istio-injection=enabled >/dev/null
  k 1 -n sample rollout restart deployment/helloworld-v1 >/dev/null
  k 1 -n sample rollout status --timeout=120s deployment/helloworld-v1 >/dev/null
  load_stop "and back"
  check "the revision can be uninstalled alone" "$WEFT" uninstall -y --context cluster1 --revision canary
  check "a pod is admitted after that" soon a_pod_is_admitted 1
}
of_revision() {
  [ "$(k 1 -n sample get pods -l app=helloworld -o 'jsonpath={.items[*].metadata.annotations.istio\.io/rev}' | tr ' ' '\n' | sort -u)" = "$1" ]
}

scenario_uninstall() {
  applications
  for i in 1 2; do
    check "uninstall from cluster$i" "$WEFT" uninstall -y --purge --context "cluster$i"
    check "nothing of the mesh is left in cluster$i" soon gone $i
    check "a pod is admitted in a namespace that is labelled for injection" soon a_pod_is_admitted $i
  done
  applications
  uninstall
}

scenario_chart() {
  if ! command -v "$HELM" >/dev/null; then say "left out: no helm here (HELM names it)"; return; fi
  local values=(--set "global.multiCluster.clusterName=cluster1" --set global.network=network1 ${HUB:+--set "global.hub=$HUB"} ${TAG:+--set "global.tag=$TAG"})
  k 1 create namespace istio-system >/dev/null 2>&1
  check "helm installs base" "$HELM" --kube-context cluster1 -n istio-system install weft-base "$root/install/charts/base"
  check "helm installs control" "$HELM" --kube-context cluster1 -n istio-system install istiod "$root/install/charts/control" "${values[@]}" --wait --timeout 3m
  check "helm installs a gateway" "$HELM" --kube-context cluster1 -n istio-system install istio-ingressgateway "$root/install/charts/gateway" --wait --timeout 3m
  check "helm upgrades" "$HELM" --kube-context cluster1 -n istio-system upgrade istiod "$root/install/charts/control" "${values[@]}" --set pilot.replicaCount=2 --wait --timeout 3m
  check "helm rolls back" "$HELM" --kube-context cluster1 -n istio-system rollback istiod 1 --wait --timeout 3m
  check "a pod is admitted" soon a_pod_is_admitted 1
  for release in istio-ingressgateway istiod weft-base; do
    check "helm uninstalls $release" "$HELM" --kube-context cluster1 -n istio-system uninstall "$release"
  done
  check "nothing of the mesh is left" soon gone 1
  check "a pod is admitted after that" soon a_pod_is_admitted 1
  applications
  uninstall
}

scenario_hosted() {
  if [ -z "$config" ] || [ -z "$advertise" ]; then say "left out: the hosted model needs --config and --advertise"; return; fi
  kubectl --context mesh create namespace istio-system >/dev/null 2>&1
  for i in 1 2; do
    local server=server$i
    k $i create namespace istio-system >/dev/null 2>&1
    k $i apply -f "$root/docs/roles/hosted-member.yaml" >/dev/null
    k $i -n istio-system create serviceaccount weft-member >/dev/null 2>&1
    k $i create clusterrolebinding weft-member --clusterrole=weft-hosted-member --serviceaccount=istio-system:weft-member >/dev/null 2>&1
    k $i -n istio-system create rolebinding weft-member --role=weft-hosted-member --serviceaccount=istio-system:weft-member >/dev/null 2>&1
    "$WEFT" create-remote-secret --context "cluster$i" --name "cluster$i" --service-account weft-member ${!server:+--server "${!server}"} 2>"$work/last" |
      kubectl --context mesh apply -f - >/dev/null || bad "a remote secret for cluster$i: $(cat "$work/last")"
  done
  kubectl config view --flatten --minify --raw --context mesh >"$work/config-api"
  # What the chart's values say in a cluster stands in a ConfigMap of the config API here.
  kubectl --context mesh -n istio-system create configmap istio-sidecar-injector --from-literal=values="{\"global\":{\"hub\":\"$HUB\",\"tag\":\"$TAG\"}}" --dry-run=client -o yaml | kubectl --context mesh apply -f - >/dev/null
  "$root/bin/weft" control --kubeconfig "$work/config-api" --advertise "$advertise" --data-dir "$work/control" >"$work/control.log" 2>&1 &
  local control=$!
  check "both clusters join" soon joined
  for i in 1 2; do kubectl --context mesh patch membercluster "cluster$i" --type merge -p "{\"spec\":{\"network\":\"network$i\",\"crossClusterProxy\":{\"enabled\":true}}}" >/dev/null; done
  check "each has its cross-cluster proxy, with an address" soon proxies_ready
  k 1 label --overwrite namespace default istio-injection=enabled >/dev/null
  k 2 label --overwrite namespace default istio-injection=enabled >/dev/null
  k 1 apply -f "$samples/httpbin/sleep.yaml" >/dev/null
  k 2 apply -f "$samples/httpbin/httpbin.yaml" >/dev/null
  check "a call crosses to a service that only the other cluster has" soon teapot
  k 1 delete -f "$samples/httpbin/sleep.yaml" >/dev/null
  k 2 delete -f "$samples/httpbin/httpbin.yaml" >/dev/null
  for i in 1 2; do
    k $i label namespace default istio-injection- >/dev/null
    k $i delete clusterrole weft-hosted-member >/dev/null
    k $i delete clusterrolebinding weft-member >/dev/null
  done
  kill "$control"
  wait "$control" 2>/dev/null
  kubectl --context mesh delete memberclusters --all >/dev/null
  kubectl --context mesh delete namespace istio-system >/dev/null
  uninstall
}
joined() { [ "$(kubectl --context mesh get memberclusters -o 'jsonpath={.items[*].status.phase}')" = "Synced Synced" ]; }
proxies_ready() {
  local addresses i
  for i in 1 2; do
    k $i get mutatingwebhookconfiguration istio-sidecar-injector-istio-system -o name || return 1
    k $i -n istio-system rollout status --timeout=10s "deployment/istio-asm-cross-network-cluster$i" || return 1
  done
  addresses=$(kubectl --context mesh get memberclusters -o 'jsonpath={range .items[*]}{.status.crossClusterProxy.readyReplicas}={.status.crossClusterProxy.addresses[0]} {end}')
  echo "$addresses"
  [[ $addresses =~ ^[1-9][0-9]*=[^\ ]+\ [1-9][0-9]*=[^\ ]+\ $ ]]
}
teapot() { k 1 exec deploy/sleep -c sleep -- curl -s -m 5 httpbin:8000/status/418 | grep -q teapot; }

[ $# -gt 0 ] || set -- hosted models security replicas upgrade uninstall chart
for scenario in "$@"; do
  say "-- $scenario"
  "scenario_$scenario"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
