package dev.weft.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API server with many pods, as a process of its own. Its pages are made as they are asked for;
 * the first watch of a list is refused as too old, so that everything is listed a second time.
 */
final class ManyPods {
  private static final int IN_WORKLOAD = 20;
  private static final Pattern LIMIT = Pattern.compile("limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("continue=(\\d+)");

  /**
   * As an API server writes it of a pod with a sidecar: seven kilobytes, half of it bookkeeping.
   */
  private static final String POD =
      """
      {"metadata":{"name":"$workload-$hash-$random","generateName":"$workload-$hash-",
      "namespace":"$namespace","uid":"6f1c2f0e-3c5b-4d7e-9a51-$index","resourceVersion":"$index",
      "generation":1,"creationTimestamp":"2026-05-04T08:15:30Z","labels":{"app":"$workload",
      "app.kubernetes.io/name":"$workload","pod-template-hash":"$hash",
      "security.istio.io/tlsMode":"istio","service.istio.io/canonical-name":"$workload",
      "service.istio.io/canonical-revision":"v1","topology.istio.io/network":"network-1",
      "version":"v1"},"annotations":{"istio.io/rev":"default",
      "kubectl.kubernetes.io/default-container":"$workload",
      "prometheus.io/path":"/stats/prometheus","prometheus.io/port":"15020",
      "prometheus.io/scrape":"true","sidecar.istio.io/status":"{\\"initContainers\\":
      [\\"istio-init\\"],\\"containers\\":[\\"istio-proxy\\"],\\"volumes\\":[\\"workload-socket\\",
      \\"credential-socket\\",\\"workload-certs\\",\\"istio-envoy\\",\\"istio-data\\",
      \\"istio-podinfo\\",\\"istio-token\\",\\"istiod-ca-cert\\"],\\"imagePullSecrets\\":null,
      \\"revision\\":\\"default\\"}"},"ownerReferences":[{"apiVersion":"apps/v1",
      "kind":"ReplicaSet","name":"$workload-$hash","uid":"0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0",
      "controller":true,"blockOwnerDeletion":true}],"managedFields":[$managed]},
      "spec":{"volumes":[{"name":"workload-socket","emptyDir":{}},{"name":"istio-envoy",
      "emptyDir":{"medium":"Memory"}},{"name":"istio-data","emptyDir":{}},{"name":"istio-token",
      "projected":{"sources":[{"serviceAccountToken":{"audience":"istio-ca",
      "expirationSeconds":43200,"path":"istio-token"}}],"defaultMode":420}},
      {"name":"kube-api-access-x7k2p","projected":{"sources":[{"serviceAccountToken":
      {"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt",
      "items":[{"key":"ca.crt","path":"ca.crt"}]}}],"defaultMode":420}}],
      "containers":[{"name":"$workload","image":"registry.example.com/$namespace/$workload:1.27.3",
      "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},{"name":"metrics",
      "containerPort":9090,"protocol":"TCP"}],"env":[$env],"resources":{"limits":{"cpu":"2",
      "memory":"1Gi"},"requests":{"cpu":"100m","memory":"256Mi"}},"volumeMounts":[{"name":
      "kube-api-access-x7k2p","readOnly":true,
      "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
      "livenessProbe":{"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"},
      "timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
      "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
      "imagePullPolicy":"IfNotPresent"},{"name":"istio-proxy",
      "image":"registry.example.com/weft/proxy:0.1.0","args":["proxy","sidecar"],
      "ports":[{"name":"http-envoy-prom","containerPort":15090,"protocol":"TCP"}],"env":[$env],
      "resources":{"requests":{"cpu":"100m","memory":"128Mi"}},"securityContext":{"runAsUser":1337,
      "runAsGroup":1337,"readOnlyRootFilesystem":true,"allowPrivilegeEscalation":false}}],
      "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
      "serviceAccountName":"$workload","serviceAccount":"$workload","nodeName":"node-$node",
      "securityContext":{},"schedulerName":"default-scheduler","tolerations":[{"key":
      "node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",
      "tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists",
      "effect":"NoExecute","tolerationSeconds":300}],"priority":0,"enableServiceLinks":true,
      "preemptionPolicy":"PreemptLowerPriority"},"status":{"phase":"Running","conditions":[$conditions],
      "hostIP":"172.16.0.$last","hostIPs":[{"ip":"172.16.0.$last"}],"podIP":"$ip",
      "podIPs":[{"ip":"$ip"}],"startTime":"2026-05-04T08:15:30Z","containerStatuses":[$statuses],
      "qosClass":"Burstable"}}
      """
          .replace(
              "$conditions",
              "{'type':'PodReadyToStartContainers',$since},{'type':'Initialized',$since},"
                  + "{'type':'Ready',$since},{'type':'ContainersReady',$since},"
                  + "{'type':'PodScheduled',$since}")
          .replace(
              "$since",
              "'status':'True','lastProbeTime':null,'lastTransitionTime':'2026-05-04T08:15:44Z'")
          .replace("$statuses", status("$workload") + "," + status("istio-proxy"))
          .replace(
              "$env",
              "{'name':'POD_NAME','valueFrom':{'fieldRef':{'apiVersion':'v1',"
                  + "'fieldPath':'metadata.name'}}},{'name':'JAVA_TOOL_OPTIONS',"
                  + "'value':'-XX:MaxRAMPercentage=70'},{'name':'DATABASE_URL',"
                  + "'value':'jdbc:postgresql://db.$namespace.svc:5432/$workload'}")
          .replace("$managed", managed("kube-controller-manager") + "," + managed("kubelet"))
          .replace('\'', '"')
          .replace("\n", "");

  private ManyPods() {}

  private static String status(String container) {
    return "{'name':'%s','state':{'running':{'startedAt':'2026-05-04T08:15:41Z'}},'lastState':{},"
            .formatted(container)
        + "'ready':true,'restartCount':0,'image':'registry.example.com/weft/proxy:0.1.0',"
        + "'imageID':'registry.example.com/weft/proxy@sha256:"
        + "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0','containerID':"
        + "'containerd://8f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',"
        + "'started':true}";
  }

  private static String managed(String manager) {
    StringBuilder fields = new StringBuilder();
    for (String field : new String[] {"image", "env", "ports", "resources", "volumeMounts"}) {
      fields.append(
          "'f:%s':{'.':{},'k:{\\\"name\\\":\\\"%s\\\"}':{'.':{},'f:name':{},'f:value':{}}},"
              .formatted(field, field));
    }
    return "{'manager':'%s','operation':'Update','apiVersion':'v1','time':'2026-05-04T08:15:44Z',"
            .formatted(manager)
        + "'fieldsType':'FieldsV1','fieldsV1':{'f:metadata':{'f:labels':{'.':{},'f:app':{},"
        + "'f:pod-template-hash':{}}},'f:spec':{'f:containers':{'k:{\\\"name\\\":\\\"app\\\"}':{"
        + fields
        + "'f:terminationMessagePath':{}}},'f:restartPolicy':{},'f:schedulerName':{}}}}";
  }

  /** Prints its port and serves until it is ended; the argument is the number of pods. */
  public static void main(String[] args) throws IOException {
    int pods = Integer.parseInt(args[0]);
    Set<String> refused = ConcurrentHashMap.newKeySet();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, pods, refused));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, int pods, Set<String> refused)
      throws IOException {
    String target = exchange.getRequestURI().toString();
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      if (target.contains("watch=true")) {
        watch(out, path.endsWith("/pods") && refused.add(path));
      } else {
        list(
            out,
            path.endsWith("/pods") ? pods : 0,
            number(LIMIT, target),
            number(CONTINUE, target));
      }
    }
  }

  private static int number(Pattern pattern, String target) {
    Matcher matcher = pattern.matcher(target);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static void watch(OutputStream out, boolean refused) throws IOException {
    if (refused) {
      write(out, "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n");
      return;
    }
    write(out, "\n");
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void list(OutputStream out, int pods, int limit, int from) throws IOException {
    int to = limit == 0 ? pods : Math.min(pods, from + limit);
    String next = to < pods ? ",\"continue\":\"" + to + "\"" : "";
    write(
        out,
        "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\""
            + next
            + "},\"items\":[");
    for (int i = from; i < to; i++) {
      write(out, (i == from ? "" : ",") + pod(i));
    }
    write(out, "]}\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The pods of a workload stand side by side, as those of an API server do. */
  static String pod(int index) {
    int workload = index / IN_WORKLOAD;
    return POD.replace("$workload", "workload-" + workload)
        .replace("$namespace", "team-" + workload / 25)
        .replace("$hash", "%010x".formatted(workload * 2_654_435_761L & 0xffffffffffL))
        .replace("$random", Integer.toString(index % 31 + 40_000 + index * 31, 36))
        .replace("$node", Integer.toString(index % 500))
        .replace("$last", Integer.toString(index % 250))
        .replace("$ip", "10.%d.%d.%d".formatted(index >> 16, index >> 8 & 255, index & 255))
        .replace("$index", "%012d".formatted(index + 1));
  }
}
