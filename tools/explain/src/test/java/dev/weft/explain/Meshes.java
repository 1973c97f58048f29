package dev.weft.explain;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Volume;
import dev.weft.translate.MeshFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An application in two clusters: productpage calls reviews, which calls ratings. */
final class Meshes {
  /** Local first, and out of the way where it fails. */
  static final String FAILOVER =
      rule("reviews", "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}");

  private static final String BOOKINFO =
      """
      mesh: {accessLogFile: /dev/stdout}
      clusters:
        cluster1:
          network: NET1
          locality: r1/z1
          services: &services
            - {name: productpage.demo, vip: 10.96.0.1, ports: [{name: http, port: 9080}]}
            - {name: reviews.demo, vip: 10.96.0.2, ports: [{name: http, port: 9080}]}
            - {name: ratings.demo, vip: 10.96.0.3, ports: [{name: http, port: 9080}]}
          pods:
            - {name: productpage-1.demo, app: productpage, ip: 10.1.0.1}
            - {name: reviews-1.demo, app: reviews, ip: 10.1.0.2, labels: {cluster: cluster1}}
            - {name: reviews-2.demo, app: reviews, ip: 10.1.0.3, labels: {cluster: cluster1}}
            - {name: ratings-1.demo, app: ratings, ip: 10.1.0.4}
            - {name: ingress-1.demo, app: ingress, ip: 10.1.0.9, injected: false, labels: {istio: ingress, mesh.weft.dev/hop: "1"}}
            - {name: plain-1.demo, app: plain, ip: 10.1.0.10, injected: false}
        cluster2:
          network: NET2
          crossClusterProxy: true
          locality: r1/z2
          services:
            - {name: productpage.demo, vip: 10.97.0.1, ports: [{name: http, port: 9080}]}
            - {name: reviews.demo, vip: 10.97.0.2, ports: [{name: http, port: 9080}]}
            - {name: istio-asm-cross-network-cluster2.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [203.0.113.7]}
          pods:
            - {name: productpage-1.demo, app: productpage, ip: 10.2.0.1}
            - {name: reviews-1.demo, app: reviews, ip: 10.2.0.2, labels: {cluster: cluster2}}
            - {name: istio-asm-cross-network-cluster2-1.istio-system, app: istio-asm-cross-network-cluster2, ip: 10.2.0.9, injected: false, labels: {mesh.weft.dev/hop: "1"}}
      """;

  private Meshes() {}

  /** Both clusters in one network. */
  static MeshSnapshot flat(String... objects) {
    return of(BOOKINFO.replace("NET1", "net").replace("NET2", "net"), objects);
  }

  /** Each cluster in its own network; a gateway leads into that of cluster2 alone. */
  static MeshSnapshot apart(String... objects) {
    return of(BOOKINFO.replace("NET1", "network1").replace("NET2", "network2"), objects);
  }

  static MeshSnapshot of(String mesh, String... objects) {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    try {
      Map<String, Object> tree =
          new LinkedHashMap<>(yaml.readValue(mesh, new TypeReference<Map<String, Object>>() {}));
      tree.put(
          "objects",
          yaml.readValue(
              objects.length == 0 ? "[]" : String.join("", objects),
              new TypeReference<List<Object>>() {}));
      return MeshFile.of(tree).snapshot();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String routes(String host, String http) {
    return "- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: "
        + host
        + ", namespace: demo}, spec: {hosts: ["
        + host
        + "], http: ["
        + http
        + "]}}\n";
  }

  static String rule(String host, String spec) {
    return "- {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: "
        + host
        + ", namespace: demo}, spec: {host: "
        + host
        + ", "
        + spec
        + "}}\n";
  }

  /** So many requests as their source counted them. */
  static Map<Flow, Volume> requests(
      String from, String to, String service, long count, Map<Flow, Volume> others) {
    Map<Flow, Volume> flows = new LinkedHashMap<>(others);
    flows.put(
        new Flow(
            Flow.Reporter.SOURCE,
            place(from),
            place(to),
            service + ".demo.svc.cluster.local",
            Flow.Protocol.HTTP,
            200,
            "-",
            "",
            true),
        new Volume(count, 0, 0, 0));
    return flows;
  }

  private static Place place(String text) {
    String[] parts = text.split("/", -1);
    return new Place(parts[0], parts[1], parts[2]);
  }
}
