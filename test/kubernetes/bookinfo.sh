# shellcheck shell=bash
# The scenario `bookinfo` of run.sh: a shop of three services in both clusters behind one entrance, with a Prometheus in each cluster and the console
# as onlookers, while the reviews of one cluster die; and gateways that the mesh places and scales by itself.

scenario_bookinfo() {
  local i
  check "a Prometheus in each cluster, with an address" prometheus_in_both
  check "both control planes, told of both" control_planes --set profile=minimal "${told[@]}"
  check "an entrance that is an IstioGateway of cluster1" entrance_in_cluster1
  check "a shop in both clusters" shop_in_both
  check "the page answers through the entrance" soon whole_page
  load_start outside "http://$(entrance)/productpage" "Book Details*Book Reviews" 0.1
  for i in 1 2; do check "every proxy of cluster$i is a target that is up" soon all_scraped $i; done
  check "calls inside of a cluster are counted by both ends" soon counted_by_both_ends cluster1/productpage-v1 cluster1/reviews-v1
  check "and calls across, with the names of both clusters" soon counted_by_both_ends cluster1/istio-ingressgateway cluster2/productpage-v1
  check "the doctor finds nothing wrong with both Prometheus servers" soon doctor_is_content
  check "services call their own cluster, says the command" soon reviews_by_command cluster1
  load_stop "pages, while nothing happens"

  local console='' base='' viewer='' editor=''
  check "the console of the cluster opens" console_opens
  check "who may look gets the graph" soon reviews_by_console cluster1
  check "which is made of what Prometheus knows" made_of_prometheus
  check "who may look is refused a write" answered 403 "$viewer" PUT "config?dryRun=true"
  check "which is taken from an admin" answered 200 "$editor" PUT "config?dryRun=true"
  check "who has no role gets nothing" answered 403 "$(k 1 -n bookinfo create token default)" GET topology
  check "nor does who has no token" answered 401 nobodys GET topology

  load_start outside "http://$(entrance)/productpage" "Book Details*Book Reviews" 0.1
  k 1 -n bookinfo scale deployment/reviews-v1 --replicas=0 >/dev/null
  check "reviews of cluster1 die, and the command shows that they come from cluster2" soon reviews_by_command cluster2
  check "the console shows it, and what is gone" soon reviews_by_console cluster2 lost
  check "the calls across are counted by both ends" soon counted_by_both_ends cluster1/productpage-v1 cluster2/reviews-v1
  k 1 -n bookinfo scale deployment/reviews-v1 --replicas=1 >/dev/null
  check "they are back, and so are the calls" soon reviews_by_command cluster1
  check "for the console too" soon reviews_by_console cluster1
  load_stop "pages, while reviews died in cluster1 and came back"
  [ -z "$console" ] || { kill "$console"; wait "$console" 2>/dev/null; }

  check "a gateway that names no cluster runs in that of its control plane" serverless
  check "the page answers through it" soon whole_page "$(gateway_address wherever):8080"
  check "its autoscaler is taken, and followed" scaled
  check "and goes with the gateway" gone_with_it
  uninstall_bookinfo
}

uninstall_bookinfo() {
  local i
  k 1 -n istio-system delete istiogateways --all >/dev/null 2>&1
  k 1 delete clusterrolebinding bookinfo-editor >/dev/null 2>&1
  for i in 1 2; do
    k $i delete namespace bookinfo --ignore-not-found --timeout=120s >/dev/null 2>&1
    k $i delete -f "$samples/addons/prometheus.yaml" --ignore-not-found >/dev/null 2>&1
    check "uninstall from cluster$i takes all of it" "$WEFT" uninstall -y --purge --context "cluster$i"
    check "nothing of the mesh is left in cluster$i" soon gone $i
  done
  applications
  uninstall
}

# Their addresses are those of a load balancer, since pods of one cluster do not reach those of the other.
prometheus_in_both() {
  local i
  for i in 1 2; do
    k $i create namespace istio-system --dry-run=client -o yaml | k $i apply -f - && k $i apply -f "$samples/addons/prometheus.yaml" &&
      k $i -n istio-system patch service prometheus -p '{"spec":{"type":"LoadBalancer"}}' || return 1
  done
  told=()
  for i in 1 2; do
    k $i -n istio-system rollout status --timeout=180s deployment/prometheus && soon has_address $i prometheus || return 1
    told+=(--set "values.console.prometheus[$((i - 1))].name=cluster$i" --set "values.console.prometheus[$((i - 1))].url=http://$(address $i prometheus):9090")
  done
}
address() { k "$1" -n istio-system get service "$2" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'; }
has_address() { [ -n "$(address "$@")" ]; }

entrance_in_cluster1() {
  k 1 apply -f "$samples/bookinfo/ingressgateway.yaml" && gateway_is_ready ingressgateway
}
gateway_is_ready() { # name
  k 1 -n istio-system wait --for=condition=Ready --timeout=180s "istiogateway/$1" || { k 1 -n istio-system get istiogateway "$1" -o yaml; return 1; }
}
gateway_address() { k 1 -n istio-system get istiogateway "$1" -o 'jsonpath={.status.GatewayAddress[0]}'; }
entrance() { gateway_address ingressgateway; }

shop_in_both() {
  local i part
  for i in 1 2; do
    k $i label --overwrite node --all "topology.kubernetes.io/region=region$i" "topology.kubernetes.io/zone=zone$i" && k $i create namespace bookinfo &&
      k $i label namespace bookinfo istio-injection=enabled && k $i -n bookinfo apply -f "$here/bookinfo-rules.yaml" || return 1
    for part in 'app in (productpage, details)' 'account in (productpage, details, reviews)' service=reviews app=reviews,version=v1; do
      k $i -n bookinfo apply -f "$samples/bookinfo/bookinfo.yaml" -l "$part" || return 1
    done
  done
  k 1 create namespace outside && k 1 -n outside apply -f "$samples/sleep/sleep.yaml" && k 1 -n outside rollout status --timeout=120s deployment/sleep || return 1
  for i in 1 2; do
    for part in details reviews productpage; do k $i -n bookinfo rollout status --timeout=300s "deployment/$part-v1" || return 1; done
  done
}
whole_page() { # a gateway's address, where it is not the entrance
  local page
  page=$(k 1 -n outside exec deploy/sleep -c sleep -- curl -s -m 10 "http://${1:-$(entrance)}/productpage")
  [[ $page == *"Book Details"*"Book Reviews"* ]]
}

# What a Prometheus says: at its address, as the control planes ask it.
prometheus() { # cluster, path, parameter
  k 1 -n outside exec deploy/sleep -c sleep -- curl -sf -m 10 -G --data-urlencode "$3" "http://$(address "$1" prometheus):9090/api/v1/$2"
}
# The pods that want to be scraped are those that are.
all_scraped() { # cluster
  k "$1" get pods -A --field-selector=status.phase=Running -o json >"$work/pods" && prometheus "$1" targets state=active >"$work/targets" &&
    python3 - "$work/pods" "$work/targets" <<'P'
import json, sys
pods, targets = (json.load(open(f)) for f in sys.argv[1:])
wanted = {p["metadata"]["name"] for p in pods["items"] if p["metadata"].get("annotations", {}).get("prometheus.io/scrape") == "true"}
up = {t["labels"]["pod"] for t in targets["data"]["activeTargets"] if t["health"] == "up"}
print(len(wanted), "want to be scraped,", len(up), "are; different:", wanted ^ up, [t["lastError"] for t in targets["data"]["activeTargets"] if t["lastError"]])
# Those of the shop, the control plane and the gateway towards the other cluster.
sys.exit(wanted != up or len(up) < 5)
P
}
# The source's end is counted in its cluster, the destination's in its own, which knows that the call was encrypted.
counted_by_both_ends() { # source, destination: cluster/workload
  local from=${1%/*} to=${2%/*} ends
  ends="source_cluster=\"$from\",source_workload=\"${1#*/}\",destination_cluster=\"$to\",destination_workload=\"${2#*/}\",response_code=\"200\""
  counted "${from#cluster}" "reporter=\"source\",$ends" && counted "${to#cluster}" "reporter=\"destination\",connection_security_policy=\"mutual_tls\",$ends"
}
counted() { # cluster, labels
  local answer
  answer=$(prometheus "$1" query "query=increase(istio_requests_total{$2}[1m]) > 0")
  echo "$2: $answer"
  [[ $answer == *'"metric"'* ]]
}

doctor_is_content() {
  "$WEFT" topology --context cluster1 --doctor >"$work/doctor" && grep -q '^cluster1 ' "$work/doctor" && grep -q '^cluster2 ' "$work/doctor" && return
  cat "$work/doctor"
  return 1
}

# Whether the reviews in the pages of cluster1 come from one cluster alone.
reviews_by_command() { # cluster
  "$WEFT" topology --context cluster1 -n bookinfo -o json | python3 -c 'import json, sys
seen = {e["destination"]["cluster"] for e in json.load(sys.stdin)["edges"]
        if (e["source"]["cluster"], e["source"]["workload"], e["destination"]["workload"]) == ("cluster1", "productpage-v1", "reviews-v1") and e["requests"]}
print("reviews come from", seen); sys.exit(seen != {sys.argv[1]})' "$1"
}
reviews_by_console() { # cluster, lost: whether those of cluster1 are shown as gone
  answered 200 "$viewer" GET "topology?clusters=cluster1,cluster2&namespaces=bookinfo,istio-system" && python3 - "$work/answer" "$@" <<'P'
import json, sys
picture, cluster, lost = json.load(open(sys.argv[1])), sys.argv[2], len(sys.argv) > 3
seen = {e["target"] for e in picture["edges"] if e["source"] == "cluster1/bookinfo/productpage-v1" and "/reviews-" in e["target"] and not e["ghost"] and e["rate"] > 0}
ghosts = {n["id"] for n in picture["nodes"] if n["ghost"]}
said = {s["code"] for s in picture["sentences"]}
print("reviews come from", seen, "gone are", ghosts, "said is", said)
sys.exit(seen != {cluster + "/bookinfo/reviews-v1"} or ("cluster1/bookinfo/reviews-v1" in ghosts) != lost)
P
}

made_of_prometheus() {
  answered 200 "$viewer" GET session && grep -q '"kind" *: *"prometheus"' "$work/answer"
}

console_opens() {
  k 1 -n bookinfo create serviceaccount editor &&
    k 1 create clusterrolebinding bookinfo-editor --clusterrole=weft-console-admin-istio-system --serviceaccount=bookinfo:editor &&
    editor=$(k 1 -n bookinfo create token editor) || return 1
  "$WEFT" console --context cluster1 --no-open --port 0 >"$work/console" 2>&1 &
  console=$!
  soon grep -q '#token=' "$work/console" || { cat "$work/console"; return 1; }
  base=$(sed -n 's|/#token=.*||p' "$work/console") viewer=$(sed -n 's|.*#token=||p' "$work/console")
  curl -sf -m 10 "$base/" | grep -q '<html'
}
# What the console's API answers to somebody; a PUT is of a rule that does no harm.
answered() { # status, token, method, path
  local status body=()
  [ "$3" = GET ] || body=(--data-binary '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: harmless, namespace: bookinfo}, spec: {host: details}}')
  status=$(curl -s -m 30 -o "$work/answer" -w '%{http_code}' -X "$3" -H "Authorization: Bearer $2" "${body[@]}" "$base/api/v1/$4")
  echo "$status: $(head -c 400 "$work/answer")"
  [ "$status" = "$1" ]
}

serverless() {
  k 1 apply -f - <<'Y' && gateway_is_ready wherever || return 1
apiVersion: istio.alibabacloud.com/v1beta1
kind: IstioGateway
metadata:
  name: wherever
  namespace: istio-system
  annotations: {asm.alibabacloud.com/managed-by-asm: 'true'}
spec: {gatewayType: ingress, serviceType: LoadBalancer, ports: [{name: http, port: 8080, targetPort: 8080}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: wherever, namespace: bookinfo}
spec:
  selector: {istio: wherever}
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: wherever, namespace: bookinfo}
spec: {hosts: ["*"], gateways: [wherever], http: [{route: [{destination: {host: productpage}}]}]}
Y
  local here there
  here=$(k 1 -n istio-system get pods -l istio=wherever -o name) there=$(k 2 -n istio-system get pods -l istio=wherever -o name)
  echo "cluster1: $here; cluster2: $there"
  [ -n "$here" ] && [ -z "$there" ]
}
scaled() {
  k 1 -n istio-system patch istiogateway wherever --type merge \
    -p '{"spec":{"autoscaleEnabled":true,"minReplicas":2,"maxReplicas":3,"cpu":{"targetAverageUtilization":70}}}' && soon scaled_as_wanted
}
# Nobody measures load here; what Kubernetes does without is to keep the bounds.
scaled_as_wanted() {
  local said
  said=$(k 1 -n istio-system get horizontalpodautoscaler istio-wherever -o 'jsonpath={.spec.scaleTargetRef.name} {.spec.minReplicas} {.spec.maxReplicas} ')
  said+=$(k 1 -n istio-system get horizontalpodautoscaler istio-wherever \
    -o 'jsonpath={.spec.metrics[*].resource.target.averageUtilization} {.status.conditions[?(@.type=="AbleToScale")].status} ')
  said+=$(k 1 -n istio-system get deployment istio-wherever -o 'jsonpath={.status.readyReplicas}')
  echo "$said"
  [ "$said" = "istio-wherever 2 3 70 True 2" ]
}
gone_with_it() {
  k 1 -n istio-system delete istiogateway wherever && soon nothing_of_it
}
nothing_of_it() {
  local left
  left=$(k 1 -n istio-system get horizontalpodautoscalers,deployments,services -l istio=wherever -o name) || return 1
  left+=$(k 1 -n istio-system get horizontalpodautoscaler/istio-wherever deployment/istio-wherever service/istio-wherever --ignore-not-found -o name)
  [ -z "$left" ] || { echo "left: $left"; return 1; }
}
