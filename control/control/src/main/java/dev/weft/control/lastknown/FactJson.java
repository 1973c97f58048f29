package dev.weft.control.lastknown;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** Facts as JSON and back, with the names of the records. */
final class FactJson {
  private FactJson() {}

  private static <T> ArrayNode list(Collection<T> values, Function<T, ObjectNode> write) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    values.forEach(v -> list.add(write.apply(v)));
    return list;
  }

  static ObjectNode of(KubeService s) {
    ObjectNode json =
        object()
            .put("namespace", s.id().namespace())
            .put("name", s.id().name())
            .put("created", s.created().toString())
            .put("type", s.type().name())
            .put("headless", s.headless())
            .put("externalName", s.externalName())
            .put("publishNotReadyAddresses", s.publishNotReadyAddresses())
            .put("nodeLocal", s.nodeLocal());
    json.set("labels", texts(s.labels()));
    json.set("annotations", texts(s.annotations()));
    json.set("clusterIps", texts(s.clusterIps()));
    json.set("externalIps", texts(s.externalIps()));
    json.set("loadBalancerAddresses", texts(s.loadBalancerAddresses()));
    json.set("selector", texts(s.selector()));
    json.set(
        "ports",
        list(
            s.ports(),
            p ->
                port(p.name(), p.port(), p.protocol())
                    .put("appProtocol", p.appProtocol())
                    .put("targetPort", p.targetPort())
                    .put("nodePort", p.nodePort())));
    return json;
  }

  static KubeService service(Fields json) {
    return new KubeService(
        new ServiceId(json.text("namespace"), json.text("name")),
        json.textMap("labels"),
        json.textMap("annotations"),
        json.time("created"),
        json.constant("type", KubeService.Type.class),
        json.texts("clusterIps"),
        json.flag("headless"),
        json.text("externalName"),
        json.texts("externalIps"),
        json.texts("loadBalancerAddresses"),
        json.textMap("selector"),
        json.list(
            "ports",
            p ->
                new KubeService.Port(
                    p.text("name"),
                    p.number("port"),
                    p.text("protocol"),
                    p.text("appProtocol"),
                    p.text("targetPort"),
                    p.number("nodePort"))),
        json.flag("publishNotReadyAddresses"),
        json.flag("nodeLocal"));
  }

  static ObjectNode of(KubeEndpointSlice s) {
    ObjectNode json =
        object().put("namespace", s.namespace()).put("name", s.name()).put("service", s.service());
    json.set("ports", list(s.ports(), p -> port(p.name(), p.port(), p.protocol())));
    json.set("endpoints", list(s.endpoints(), FactJson::endpoint));
    return json;
  }

  private static ObjectNode endpoint(KubeEndpointSlice.Endpoint e) {
    ObjectNode json =
        object()
            .put("ready", e.ready())
            .put("serving", e.serving())
            .put("terminating", e.terminating())
            .put("pod", e.pod())
            .put("node", e.node())
            .put("zone", e.zone())
            .put("hostname", e.hostname());
    json.set("addresses", texts(e.addresses()));
    return json;
  }

  static KubeEndpointSlice slice(Fields json) {
    return new KubeEndpointSlice(
        json.text("namespace"),
        json.text("name"),
        json.text("service"),
        json.list(
            "ports",
            p -> new KubeEndpointSlice.Port(p.text("name"), p.number("port"), p.text("protocol"))),
        json.list(
            "endpoints",
            e ->
                new KubeEndpointSlice.Endpoint(
                    e.texts("addresses"),
                    e.flag("ready"),
                    e.flag("serving"),
                    e.flag("terminating"),
                    e.text("pod"),
                    e.text("node"),
                    e.text("zone"),
                    e.text("hostname"))));
  }

  static ObjectNode of(KubePod p) {
    ObjectNode json =
        object()
            .put("namespace", p.namespace())
            .put("name", p.name())
            .put("serviceAccount", p.serviceAccount())
            .put("node", p.node())
            .put("ownerKind", p.ownerKind())
            .put("ownerName", p.ownerName())
            .put("hostname", p.hostname())
            .put("subdomain", p.subdomain())
            .put("hostNetwork", p.hostNetwork())
            .put("ready", p.ready())
            .put("terminating", p.terminating());
    json.set("labels", texts(p.labels()));
    json.set("annotations", texts(p.annotations()));
    json.set("ips", texts(p.ips()));
    json.set("ports", list(p.ports(), c -> port(c.name(), c.port(), c.protocol())));
    return json;
  }

  static KubePod pod(Fields json) {
    return new KubePod(
        json.text("namespace"),
        json.text("name"),
        json.textMap("labels"),
        json.textMap("annotations"),
        json.texts("ips"),
        json.text("serviceAccount"),
        json.text("node"),
        json.text("ownerKind"),
        json.text("ownerName"),
        json.text("hostname"),
        json.text("subdomain"),
        json.list(
            "ports",
            c -> new KubePod.ContainerPort(c.text("name"), c.number("port"), c.text("protocol"))),
        json.flag("hostNetwork"),
        json.flag("ready"),
        json.flag("terminating"));
  }

  static ObjectNode of(KubeNode n) {
    ObjectNode json =
        object()
            .put("name", n.name())
            .put("region", n.locality().region())
            .put("zone", n.locality().zone())
            .put("subzone", n.locality().subzone());
    json.set("labels", texts(n.labels()));
    json.set("addresses", texts(n.addresses()));
    return json;
  }

  static KubeNode node(Fields json) {
    return new KubeNode(
        json.text("name"),
        json.textMap("labels"),
        json.texts("addresses"),
        new Locality(json.text("region"), json.text("zone"), json.text("subzone")));
  }

  static ObjectNode of(KubeNamespace n) {
    ObjectNode json =
        object().put("name", n.name()).put("uid", n.uid()).put("terminating", n.terminating());
    json.set("labels", texts(n.labels()));
    json.set("annotations", texts(n.annotations()));
    return json;
  }

  static KubeNamespace namespace(Fields json) {
    return new KubeNamespace(
        json.text("name"),
        json.text("uid"),
        json.textMap("labels"),
        json.textMap("annotations"),
        json.flag("terminating"));
  }

  private static ObjectNode port(String name, int port, String protocol) {
    return object().put("name", name).put("port", port).put("protocol", protocol);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ArrayNode texts(Collection<String> texts) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    ObjectNode json = object();
    texts.forEach(json::put);
    return json;
  }
}
