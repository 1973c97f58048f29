#!/usr/bin/env bash
# What Weft does on real Kubernetes: two clusters of any making (kind, k3s, a cloud's), named by their kubectl contexts.
#
#   ./run.sh [options] CONTEXT1 CONTEXT2 [scenario ...]      all scenarios in their order where none is named
#
#   --registry [http://]R   a registry HOST[:PORT] that this machine and the nodes reach: the image that image/build wrote (--image DIR, default
#                           target/image) is put there first; who must log in: REGISTRY_USER, REGISTRY_PASSWORD
#   --hub H --tag T         where the clusters find the image (built with image/build, see docs/install.md)
#   --server1 U --server2 U the API servers as the other cluster reaches them (what the kubeconfig says)
#   --config CONTEXT        the config API of the hosted model: any API server with nobody's mesh in it; without it that scenario is left out
#   --advertise A           where both clusters reach a process on this machine; goes with --config
#
# It changes the clusters: namespaces istio-system, sample, outside, checks, strict, first, second,
# second-system, others, bookinfo, and objects of the mesh for the whole cluster. They are empty afterwards.
# Prints one line for each thing that was shown, and ends with "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
samples=$root/samples
export WEFT=${WEFT:-$root/weft}
HELM=${HELM:-helm}
export HUB='' TAG=''
server1='' server2='' config='' advertise='' registry='' image=$root/target/image
while [[ ${1:-} == --* ]]; do
  case $1 in
    --registry) registry=$2 ;;
    --image) image=$2 ;;
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
if [ -n "$registry" ]; then HUB=${registry#*://}; fi
# What the charts have where nothing is said; the hosted model has no chart, and must be told.
: "${HUB:=weftmesh}" "${TAG:=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)}"
if [ -n "$registry" ]; then "$root/image/push" "$image" "$registry/weft:$TAG" || exit 1; fi
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

# A steady load of a pod of cluster1; its outcome counts when it is stopped.
load_start() { # its namespace, the URL, what an answer has in it as a pattern, seconds between calls
  load_from=${1:-sample}
  k 1 -n "$load_from" exec deploy/sleep -c sleep -- sh -c 'rm -f /tmp/stop; n=0 bad=0; while [ ! -e /tmp/stop ]; do
    n=$((n+1)); a=$(curl -s -m 10 -w " %{http_code}" "$1"); case "$a" in *$2*" 200") ;; *) bad=$((bad+1)); echo "${a##* } at $(date +%T)" ;; esac; sleep "$3"; done; echo "$n sent, $bad failed"' \
    load "${2:-helloworld.sample:5000/hello}" "${3:-Hello}" "${4:-0.02}" >"$work/load" 2>&1 &
  load=$!
}
load_stop() { # what happened meanwhile
  k 1 -n "$load_from" exec deploy/sleep -c sleep -- touch /tmp/stop
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

# Istio's documented Telemetry objects, traces and discoverySelectors, with the charts' own definitions on a real API server.
scenario_telemetry() {
  check "Telemetry of the mesh, of a namespace and of a workload is taken" k 1 apply -f "$here/telemetry.yaml"
  check "a label is added to the client's requests, another goes" soon labelled
  check "a metric that is switched off is not scraped" soon switched_off
  check "an expression that is not carried out is named" unsupported_expression
  k 1 delete -f "$here/telemetry.yaml" >/dev/null
  check "without the objects everything is as it was" soon as_before

  local settings
  settings=$(mesh_settings)
  k 1 -n sample apply -f "$samples/httpbin/httpbin.yaml" >/dev/null
  set_mesh_settings "$settings"$'\nextensionProviders: [{name: spans, opentelemetry: {service: httpbin.sample.svc.cluster.local, port: 8000, http: {path: /post}}}]\n'
  k 1 -n sample apply -f "$here/traces.yaml" >/dev/null
  check "spans of a call come to their collector" soon traced
  k 1 -n sample delete -f "$here/traces.yaml" -f "$samples/httpbin/httpbin.yaml" >/dev/null

  k 1 create namespace checks >/dev/null 2>&1
  k 1 label --overwrite namespace sample outside istio-system mesh=in >/dev/null
  set_mesh_settings "$settings"$'\ndiscoverySelectors: [{matchLabels: {mesh: in}}]\n'
  check "a namespace that discoverySelectors leave out gets no roots" soon left_out checks
  check "calls between selected namespaces go on" soon called
  k 1 label namespace checks mesh=in >/dev/null
  check "with its label it does" soon k 1 -n checks get configmap istio-ca-root-cert
  set_mesh_settings "$settings"
  k 1 label namespace sample outside istio-system checks mesh- >/dev/null
  k 1 delete namespace checks --wait=false >/dev/null
}
called() { k 1 -n sample exec deploy/sleep -c sleep -- curl -s -m 5 helloworld:5000/hello | grep Hello; }
scraped() { # of a workload of cluster1 in sample
  k 1 -n sample exec "deploy/$1" -c sleep -- curl -s -m 5 localhost:15020/stats/prometheus
}
labelled() {
  called && scraped sleep | grep '^istio_requests_total{' | grep 'gold="yes"' | grep -qv 'request_protocol='
}
switched_off() {
  local seen
  seen=$(scraped sleep) && grep -q '^istio_requests_total' <<<"$seen" && ! grep -q '^istio_request_bytes' <<<"$seen"
}
traced() { called && scraped sleep | grep '^weft_trace_spans_sent_total' | grep -qv ' 0$'; }
unsupported_expression() {
  local said
  said=$(k 1 apply -f - 2>&1 <<'Y'
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: sampled, namespace: sample}
spec:
  metrics:
  - overrides:
    - tagOverrides: {gold: {value: "request.host.size()"}}
Y
  )
  echo "$said"
  k 1 -n sample delete telemetry sampled >/dev/null
  grep -qi 'warning.*value' <<<"$said"
}
as_before() {
  local seen
  called && seen=$(scraped sleep) && grep -q '^istio_request_bytes' <<<"$seen" && ! grep '^istio_requests_total{' <<<"$seen" | grep -q 'gold='
}
mesh_settings() { k 1 -n istio-system get configmap istio -o 'jsonpath={.data.mesh}'; }
set_mesh_settings() { # YAML
  k 1 -n istio-system patch configmap istio --type merge -p "$(python3 -c 'import json,sys; print(json.dumps({"data": {"mesh": sys.argv[1]}}))' "$1")" >/dev/null
}
# The object was deleted and is not made again: what is made of another namespace meanwhile shows that the control plane looked.
left_out() { # namespace
  k 1 -n "$1" delete configmap istio-ca-root-cert --ignore-not-found && k 1 -n sample delete configmap istio-ca-root-cert &&
    soon k 1 -n sample get configmap istio-ca-root-cert && ! k 1 -n "$1" get configmap istio-ca-root-cert
}

scenario_filters() {
  check "an EnvoyFilter adds a limit of rates without a complaint" quietly k 1 -n sample apply -f "$here/limited.yaml"
  check "calls beyond it are refused with 429" soon limited
  check "what is not carried out is named, and the rest is taken" lua_is_named
  k 1 -n sample delete -f "$here/limited.yaml" >/dev/null
  check "without the object calls go on" soon called
}
quietly() { # command... that warns of nothing
  local said
  said=$("$@" 2>&1) || { echo "$said"; return 1; }
  echo "$said"
  ! grep -qi warning <<<"$said"
}
limited() {
  k 1 -n sample exec deploy/sleep -c sleep -- curl -si -m 5 helloworld:5000/hello | tr -d '\r' >"$work/limited"
  grep -q ' 429' "$work/limited" && grep -q 'x-local-rate-limit: true' "$work/limited"
}
lua_is_named() {
  local said
  said=$(k 1 apply -f - 2>&1 <<'Y'
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: sample}
spec:
  configPatches:
  - applyTo: HTTP_FILTER
    match: {context: SIDECAR_OUTBOUND}
    patch:
      operation: INSERT_BEFORE
      value:
        name: envoy.filters.http.lua
        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}
Y
  )
  echo "$said"
  k 1 -n sample delete envoyfilter lua >/dev/null
  grep -qi 'warning.*lua' <<<"$said"
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
debug_page() { # pod, page: /debug is answered to the pod itself, which a port-forward comes from
  local at forward
  coproc forward { exec kubectl --context cluster1 -n istio-system port-forward "pod/$1" :15014 2>/dev/null; }
  read -r at <&"${forward[0]}" && curl -s "http://127.0.0.1:$(sed -n 's/.*127.0.0.1:\([0-9]*\) .*/\1/p' <<<"$at")/debug/$2"
  kill "$forward_PID" 2>/dev/null
}
same_digest() {
  local pod digests=''
  for pod in $(k 1 -n istio-system get pods -l app=istiod --field-selector=status.phase=Running -o name); do
    digests+="$(debug_page "${pod#pod/}" digest | sed -n 's/.*"digest" *: *"\([0-9a-f]*\)".*/\1/p') "
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
  check "helm and 'weft manifest generate' give the same objects, gateways too" same_objects "${values[@]}"
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

# Applications in a namespace that admits no capability, redirected by their node.
scenario_cni() {
  check "install with the redirect of nodes" install 1 --set profile=minimal --set components.cni.enabled=true
  check "it stands" "$WEFT" verify-install --context cluster1
  k 1 create namespace strict >/dev/null 2>&1
  k 1 label --overwrite namespace strict istio-injection=enabled pod-security.kubernetes.io/enforce=baseline >/dev/null
  for sample in sleep httpbin; do k 1 -n strict apply -f "$samples/httpbin/$sample.yaml" >/dev/null; done
  check "pods with sidecars start in a namespace that enforces 'baseline'" rolled_out sleep httpbin
  check "no container of theirs adds a capability" no_capabilities
  check "a call goes through both proxies" soon through_both_proxies
  check "with mutual TLS, which nobody gets past" soon nobody_gets_past_them
  check "a restricted pod starts in a namespace that enforces 'restricted'" soon restricted_pod
  k 1 label --overwrite namespace strict pod-security.kubernetes.io/enforce=baseline >/dev/null
  local pod
  pod=$(k 1 -n istio-system get pods -l k8s-app=istio-cni-node -o name)
  k 1 -n istio-system patch daemonset istio-cni-node --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":{"nowhere":"yes"}}}}}' >/dev/null
  k 1 -n istio-system wait --for=delete "$pod" --timeout=60s >/dev/null 2>&1
  k 1 -n strict rollout restart deployment/httpbin >/dev/null
  check "without it a new pod waits, and the old one goes on" soon waits_for_its_redirect
  check "the call still goes through" through_both_proxies
  check "installed again" install 1 --set profile=minimal --set components.cni.enabled=true
  check "the pod that waited starts" rolled_out httpbin
  k 1 delete namespace strict >/dev/null
  check "uninstall takes it along" "$WEFT" uninstall -y --purge --context cluster1
  check "nothing of the mesh is left" soon gone 1
  uninstall
}
rolled_out() { # deployment...
  local each
  for each in "$@"; do
    k 1 -n strict rollout status --timeout=120s "deployment/$each" || { k 1 -n strict describe pods; return 1; }
  done
}
no_capabilities() {
  local added
  added=$(k 1 -n strict get pods -o 'jsonpath={range .items[*]}{.spec.initContainers[*].securityContext.capabilities.add}{.spec.containers[*].securityContext.capabilities.add}{end}')
  echo "added: '$added'"
  [ -z "$added" ] && k 1 -n strict get pods -o 'jsonpath={.items[*].spec.initContainers[*].name}' | grep -q istio-validation
}
through_both_proxies() { # which the server's proxy insists on
  k 1 -n strict exec deploy/sleep -c sleep -- curl -s -m 5 httpbin:8000/status/418 | grep -q teapot
}
nobody_gets_past_them() {
  k 1 -n strict apply -f - <<'Y' && through_both_proxies || return 1
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict}
spec: {mtls: {mode: STRICT}}
Y
  k 1 -n strict delete pod bare --ignore-not-found >/dev/null
  k 1 -n strict run bare --image=curlimages/curl --labels=sidecar.istio.io/inject=false --restart=Never --command -- sleep 600 &&
    k 1 -n strict wait --for=condition=Ready pod/bare --timeout=60s || return 1
  local status
  status=$(k 1 -n strict exec bare -- sh -c "curl -s -o /dev/null -m 5 httpbin:8000/status/418; echo \$?" | tail -n 1)
  echo "without a proxy, curl ended with '$status'"
  [ "$status" = 56 ] || [ "$status" = 52 ]
}
restricted_pod() {
  k 1 label --overwrite namespace strict pod-security.kubernetes.io/enforce=restricted >/dev/null
  k 1 -n strict delete pod small --ignore-not-found >/dev/null
  k 1 -n strict apply -f - <<'Y' && k 1 -n strict wait --for=condition=Ready pod/small --timeout=60s
apiVersion: v1
kind: Pod
metadata: {name: small}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: main
      image: curlimages/curl
      command: [sleep, "600"]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
Y
}
waits_for_its_redirect() {
  local state
  state=$(k 1 -n strict get pods -l app=httpbin -o 'jsonpath={range .items[*]}{.status.initContainerStatuses[?(@.name=="istio-validation")].state.running.startedAt}{end}')
  echo "waits since: $state"
  [ -n "$state" ] && [ "$(k 1 -n strict get deployment httpbin -o 'jsonpath={.status.readyReplicas}')" = 1 ]
}

# A member whose account may only read, with a control plane and a gateway of its own: nothing is written there, and nothing is missing.
scenario_reader() {
  check "both control planes, with readers of the other cluster" reading_members
  k 1 patch membercluster cluster2 --type merge -p '{"spec":{"crossClusterProxy":{"enabled":true}}}' >/dev/null
  check "the member is read, and its gateway found" soon member_is_read
  check "a call crosses by the gateways that were installed by hand" soon crosses
  k 1 -n sample scale deployment/sleep --replicas=2 >/dev/null
  k 2 -n sample rollout restart deployment/helloworld-v2 >/dev/null
  k 2 -n sample rollout status --timeout=120s deployment/helloworld-v2 >/dev/null
  check "and discovery follows what happens there" soon crosses
  applications
  uninstall
}
reading_members() {
  local i
  control_planes --set profile=minimal || return 1
  for i in 1 2; do
    k $i create namespace sample
    k $i label namespace sample istio-injection=enabled
    k $i -n sample apply -f "$samples/helloworld/helloworld.yaml" -l service=helloworld || return 1
  done
  k 2 -n sample apply -f "$samples/helloworld/helloworld.yaml" -l version=v2 && k 1 -n sample apply -f "$samples/sleep/sleep.yaml" &&
    k 2 -n sample rollout status --timeout=120s deployment/helloworld-v2 && k 1 -n sample rollout status --timeout=120s deployment/sleep
}
# In both clusters a control plane and a gateway towards the other one; each may look into the other.
control_planes() { # more options of the installation
  local i other server
  for i in 1 2; do
    k $i create namespace istio-system >/dev/null 2>&1
    k $i label --overwrite namespace istio-system "topology.istio.io/network=network$i" >/dev/null
  done
  for i in 1 2; do
    plugged_in $i istio-system || return 1
    install $i "$@" || return 1
    "$WEFT" gateway generate --mesh mesh1 --cluster "cluster$i" --network "network$i" |
      "$WEFT" install -y --context "cluster$i" ${HUB:+--set "hub=$HUB"} ${TAG:+--set "tag=$TAG"} -f - || return 1
    k $i apply -n istio-system -f "$samples/multicluster/expose-services.yaml" || return 1
  done
  for i in 1 2; do
    other=$((3 - i)) server=server$i
    "$WEFT" create-remote-secret --context "cluster$i" --name "cluster$i" ${!server:+--server "${!server}"} | k $other apply -f - || return 1
  done
}
# An authority under the root that all share here.
plugged_in() { # cluster, namespace of the control plane
  local name=cluster$1-$2
  [ -e "$work/roots/root-cert.pem" ] || "$WEFT" certs root-ca --out "$work/roots" || return 1
  "$WEFT" certs intermediate --out "$work/roots" --cluster "$name" || return 1
  k "$1" create namespace "$2" --dry-run=client -o yaml | k "$1" apply -f - || return 1
  k "$1" -n "$2" create secret generic cacerts --from-file="$work/roots/$name/ca-cert.pem" --from-file="$work/roots/$name/ca-key.pem" \
    --from-file="$work/roots/$name/root-cert.pem" --from-file="$work/roots/$name/cert-chain.pem"
}
member_is_read() {
  local status
  status=$(k 1 get membercluster cluster2 -o 'jsonpath={.status.phase} {.status.conditions[?(@.type=="Provisioned")].reason} {.status.crossClusterProxy.addresses[0]}')
  echo "$status"
  [[ $status =~ ^Synced\ AsWanted\ .+:15443$ ]]
}
crosses() { k 1 -n sample exec deploy/sleep -c sleep -- curl -s -m 5 helloworld:5000/hello | grep 'version: v2'; }

# What 'helm template' makes of the charts, and 'weft manifest generate' of the same wishes, field by field.
same_objects() { # values...
  {
    "$HELM" template weft-base "$root/install/charts/base" -n istio-system
    "$HELM" template istiod "$root/install/charts/control" -n istio-system "$@" --set pilot.cni.enabled=true
    "$HELM" template istio-cni "$root/install/charts/cni" -n istio-system ${HUB:+--set "global.hub=$HUB"} ${TAG:+--set "global.tag=$TAG"}
    "$HELM" template istio-ingressgateway "$root/install/charts/gateway" -n istio-system --set replicaCount=2
    "$HELM" template edge "$root/install/charts/gateway" -n edge --set labels.istio=edge,service.type=NodePort
  } >"$work/of-helm" || return 1
  "$WEFT" manifest generate ${HUB:+--set "hub=$HUB"} ${TAG:+--set "tag=$TAG"} --set values.global.multiCluster.clusterName=cluster1 \
    --set values.global.network=network1 --set components.cni.enabled=true -f - >"$work/of-weft" <<'Y' || return 1
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  components:
    ingressGateways:
      - name: istio-ingressgateway
        k8s: {replicaCount: 2}
      - name: edge
        namespace: edge
        enabled: true
        label: {istio: edge}
        k8s: {service: {type: NodePort}}
Y
  local each
  for each in of-helm of-weft; do
    k 1 create --dry-run=client --validate=false -o json -f "$work/$each" >"$work/$each.json" || return 1
  done
  python3 - "$work/of-helm.json" "$work/of-weft.json" <<'P'
import json, sys
def objects(file):
    text, at, found = open(file).read(), 0, {}
    decoder = json.JSONDecoder()
    while text[at:].strip():
        while text[at].isspace(): at += 1
        value, at = decoder.raw_decode(text, at)
        for each in value.get("items", [value]):
            found[each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]] = each
    return found
helm, weft = map(objects, sys.argv[1:])
different = [k for k in sorted(helm.keys() | weft.keys()) if helm.get(k) != weft.get(k)]
print(len(helm), "objects of helm,", len(weft), "of weft; different:", different)
for k in different[:2]: print(json.dumps(helm.get(k), sort_keys=True), json.dumps(weft.get(k), sort_keys=True), sep="\n")
sys.exit(bool(different))
P
}

# Beside other meshes of the same clusters: nothing of theirs is written or deleted, whatever is done with one.
scenario_beside() {
  local i
  for i in 1 2; do others_mesh $i >/dev/null || bad "the other's mesh in cluster$i"; done
  local before1 before2
  before1=$(others_state 1) before2=$(others_state 2)
  check "a revision that somebody else's injector answers for is refused" refused install 1 --set profile=minimal --revision stable
  check "meshes of one cluster get one root" eval 'plugged_in 1 istio-system && plugged_in 1 second-system'
  check "a mesh is installed beside the other's" install 1 --set profile=minimal --set "values.global.remotePilotAddress=$(host_of 1)"
  check "and a second one of ours, in another namespace" second_mesh
  check "its pods get its proxies" pod_of second two
  check "pods of the first get those of the first" pod_of first default
  check "a cluster without a control plane joins" remote_cluster
  check "its injector stands beside the other's" soon injectors_of_both 2
  check "the other's objects are untouched in cluster1" unchanged 1 "$before1"
  check "and in cluster2" unchanged 2 "$before2"
  check "the first is uninstalled" "$WEFT" uninstall -y --purge --context cluster1
  check "the second still puts its proxies into pods" pod_of second two
  check "and stands" "$WEFT" verify-install --context cluster1 -i second-system
  check "the second is uninstalled" "$WEFT" uninstall -y --purge --context cluster1 -i second-system
  check "the cluster that joined is left" "$WEFT" uninstall -y --purge --context cluster2
  check "the other's objects are untouched in cluster1 after all that" unchanged 1 "$before1"
  check "and in cluster2 after all that" unchanged 2 "$before2"
  for i in 1 2; do
    k $i delete mutatingwebhookconfiguration istio-sidecar-injector >/dev/null
    k $i delete crd virtualservices.networking.istio.io >/dev/null
    k $i delete namespace others second second-system first --ignore-not-found >/dev/null
    check "nothing of ours is left in cluster$i" soon gone $i
  done
  uninstall
}
# As an older Istio leaves them, but for their labels with nobody's tool behind them.
others_mesh() { # cluster
  k "$1" create namespace others
  k "$1" apply -f - <<'Y'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: virtualservices.networking.istio.io
  labels: {app: istio-pilot, release: istio}
  annotations: {helm.sh/resource-policy: keep}
spec:
  group: networking.istio.io
  scope: Namespaced
  names: {kind: VirtualService, listKind: VirtualServiceList, plural: virtualservices, singular: virtualservice, shortNames: [vs]}
  versions:
    - {name: v1, served: true, storage: true, schema: &any {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
    - {name: v1beta1, served: true, storage: false, schema: *any}
    - {name: v1alpha3, served: true, storage: false, schema: *any}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector
  labels: {app: sidecar-injector, istio.io/rev: stable, release: istio}
webhooks:
  - name: rev.namespace.sidecar-injector.istio.io
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig: {service: {name: istiod, namespace: others, path: /inject}}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
    namespaceSelector: {matchLabels: {istio.io/rev: stable}}
---
apiVersion: v1
kind: Service
metadata: {name: istiod, namespace: others, labels: {app: istiod, istio.io/rev: stable}}
spec: {ports: [{name: https-webhook, port: 443, targetPort: 15017}], selector: {app: istiod}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: others, labels: {istio.io/rev: stable, release: istio}}
data: {mesh: "trustDomain: others.example"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: others, labels: {app: istiod, istio.io/rev: stable, release: istio}}
spec:
  selector: {matchLabels: {app: istiod}}
  template:
    metadata: {labels: {app: istiod, istio.io/rev: stable}}
    spec: {containers: [{name: discovery, image: curlimages/curl, command: [sleep, "3600"]}]}
Y
  k "$1" -n others rollout status --timeout=60s deployment/istiod
  k "$1" -n others apply -f - <<'Y'
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: theirs}
spec: {hosts: [theirs.example], http: [{route: [{destination: {host: theirs.example}}]}]}
Y
}
others_state() { # cluster
  local template='{.kind} {.metadata.name} {.metadata.uid} {.metadata.generation} {.metadata.labels}{"\n"}'
  k "$1" get crd/virtualservices.networking.istio.io mutatingwebhookconfiguration/istio-sidecar-injector -o "jsonpath={range .items[*]}$template{end}" &&
    k "$1" -n others get deployment/istiod service/istiod virtualservices/theirs -o "jsonpath={range .items[*]}$template{end}" &&
    k "$1" -n others get configmaps -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{"\n"}{end}' | grep -v istio-ca-root-cert
}
unchanged() { # cluster, state
  local now
  now=$(others_state "$1")
  diff <(echo "$2") <(echo "$now")
}
refused() { # command...
  if "$@" >"$work/refusal" 2>&1; then cat "$work/refusal"; return 1; fi
  cat "$work/refusal"
  grep -q 'Nothing was changed' "$work/refusal"
}
# Stands for an address of the control plane; nobody calls it here.
host_of() { kubectl config view --minify --context "cluster$1" -o 'jsonpath={.clusters[0].cluster.server}' | sed 's|.*//||; s|:[0-9]*$||'; }
second_mesh() { install 1 --set profile=minimal --set namespace=second-system --revision two --set values.global.meshID=mesh2; }
pod_of() { # namespace, revision
  k 1 create namespace "$1" --dry-run=client -o yaml | k 1 apply -f - && k 1 label --overwrite namespace "$1" "istio.io/rev=$2" &&
    k 1 -n "$1" delete pod plain --ignore-not-found --wait=true && k 1 -n "$1" run plain --image=curlimages/curl --restart=Never --command -- sleep 600 &&
    k 1 -n "$1" wait --for=condition=Ready pod/plain --timeout=90s && [ "$(k 1 -n "$1" get pod plain -o 'jsonpath={.metadata.annotations.istio\.io/rev}')" = "$2" ]
}
remote_cluster() {
  k 1 -n istio-system get configmap istio -o name &&
    "$WEFT" install -y --context cluster2 --set profile=remote --set values.global.network=network2 &&
    k 2 annotate namespace istio-system topology.istio.io/controlPlaneClusters=cluster1 &&
    "$WEFT" create-remote-secret --context cluster2 --name cluster2 ${server2:+--server "$server2"} | k 1 apply -f -
}
injectors_of_both() { # cluster
  local names
  names=$(k "$1" get mutatingwebhookconfigurations -o name)
  echo "$names"
  [ "$(grep -c sidecar-injector <<<"$names")" = 2 ]
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

# shellcheck source=test/kubernetes/bookinfo.sh
. "$here/bookinfo.sh"

[ $# -gt 0 ] || set -- hosted models security telemetry filters replicas upgrade uninstall chart cni reader beside bookinfo
for scenario in "$@"; do
  say "-- $scenario"
  "scenario_$scenario"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
