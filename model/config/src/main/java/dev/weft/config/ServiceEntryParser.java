package dev.weft.config;

import dev.weft.config.ServiceEntry.Location;
import dev.weft.config.ServiceEntry.Port;
import dev.weft.config.ServiceEntry.Resolution;
import dev.weft.types.AppProtocol;
import dev.weft.types.Cidr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code networking.istio.io ServiceEntry}. Rules: Istio, pkg/config/validation/validation.go,
 * {@code ValidateServiceEntry}.
 */
final class ServiceEntryParser {
  private static final String AUTO_ALLOCATE = "networking.istio.io/enable-autoallocate-ip";

  /** Of hosts that no namespace sees. */
  private static final List<String> NOBODY = List.of("~");

  private ServiceEntryParser() {}

  static ServiceEntry read(ObjectMeta meta, TreeReader spec) {
    spec.required("hosts");
    List<String> hosts = hosts(spec);
    List<Port> ports = spec.objects("ports", ServiceEntryParser::port);
    apart(spec, ports);
    Location location = spec.constant("location", Location.class);
    Resolution resolution = resolution(spec);
    List<WorkloadSpec> endpoints = spec.objects("endpoints", r -> endpoint(r, ports, resolution));
    Map<String, String> selector = selector(spec);
    if (!selector.isEmpty() && !endpoints.isEmpty()) {
      spec.error("workloadSelector", "cannot stand beside endpoints: keep one of both");
    }
    resolved(spec, hosts, resolution, endpoints, selector);
    List<String> addresses = addresses(spec, resolution);
    boolean apart = ports.stream().allMatch(p -> named(p.protocol()));
    if (hosts.size() > 1 && !apart) {
      spec.error(
          "hosts",
          "connections to a port that is neither HTTP nor TLS say no host, so several cannot be told"
              + " apart: write a ServiceEntry for each");
    }
    return new ServiceEntry(
        meta,
        hosts,
        addresses,
        ports,
        location == null ? Location.MESH_EXTERNAL : location,
        resolution,
        endpoints,
        selector,
        exportTo(spec, meta.namespace()),
        spec.strings("subjectAltNames"),
        !meta.labels().getOrDefault(AUTO_ALLOCATE, "").equals("false"));
  }

  private static List<String> exportTo(TreeReader spec, String namespace) {
    List<String> written = spec.strings("exportTo");
    return written.equals(NOBODY) ? NOBODY : NameChecks.exportTo(spec, namespace, false);
  }

  private static List<String> hosts(TreeReader spec) {
    List<String> hosts = spec.strings("hosts").stream().distinct().toList();
    if (hosts.isEmpty()) {
      spec.error("hosts", "at least one host is needed");
    }
    for (String host : hosts) {
      if (host.equals("*")) {
        spec.error(
            "hosts", "'*' is every host: name one, or those of a domain, as in *.example.com");
      } else {
        NameChecks.domain(spec, "hosts", host);
      }
    }
    return hosts;
  }

  private static Port port(TreeReader r) {
    r.required("number", "name");
    String name = r.string("name");
    if (!r.has("number")) {
      r.error("number", "a port number is needed");
    }
    NameChecks.portName(r, "name", name);
    String written = r.string("protocol");
    AppProtocol protocol = AppProtocol.named(written).orElse(AppProtocol.AUTO);
    if (!written.isEmpty() && protocol == AppProtocol.AUTO) {
      r.error(
          "protocol",
          "'"
              + written
              + "' is none of HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TCP, TLS, MONGO, MYSQL, REDIS, UDP:"
              + " leave it out where it is to be found out");
    }
    int number = r.integer("number", 1, 1, 65535);
    int target = r.integer("targetPort", 0, 0, 65535);
    return new Port(number, name, protocol, target == 0 ? number : target);
  }

  private static void apart(TreeReader spec, List<Port> ports) {
    Set<Object> seen = new HashSet<>();
    for (Port port : ports) {
      if (!seen.add(port.name())) {
        spec.error("ports", "two ports have the name '" + port.name() + "'; rename one");
      }
      if (!seen.add(port.number())) {
        spec.error("ports", "port " + port.number() + " is there twice; take one away");
      }
    }
  }

  private static Resolution resolution(TreeReader spec) {
    if (spec.string("resolution").equals("DYNAMIC_DNS")) {
      spec.error(
          "resolution",
          "DYNAMIC_DNS is not supported: use NONE, by which proxies dial the address that the client"
              + " has looked up");
      return Resolution.NONE;
    }
    Resolution resolution = spec.constant("resolution", Resolution.class);
    return resolution == null ? Resolution.NONE : resolution;
  }

  private static WorkloadSpec endpoint(TreeReader r, List<Port> ports, Resolution resolution) {
    WorkloadSpec endpoint = WorkloadSpecParser.workload(r);
    Set<String> names = ports.stream().map(Port::name).collect(Collectors.toSet());
    for (String name : endpoint.ports().keySet()) {
      if (!names.contains(name)) {
        r.error("ports." + name, "the ServiceEntry has no port of that name, only " + names);
      }
    }
    if (resolution == Resolution.STATIC
        && !endpoint.address().isEmpty()
        && !Cidr.isAddress(endpoint.address())) {
      r.error(
          "address",
          "'" + endpoint.address() + "' is no IP address: host names need resolution DNS");
    }
    return endpoint;
  }

  private static Map<String, String> selector(TreeReader spec) {
    Map<String, String> selector = new LinkedHashMap<>();
    spec.object(
        "workloadSelector",
        s -> {
          selector.putAll(NameChecks.selector(s, "labels"));
          if (selector.isEmpty()) {
            s.warning("unsupported-field", "labels", "without labels nothing is selected");
          }
          return null;
        });
    return selector;
  }

  private static void resolved(
      TreeReader spec,
      List<String> hosts,
      Resolution resolution,
      List<WorkloadSpec> endpoints,
      Map<String, String> selector) {
    switch (resolution) {
      case NONE -> {
        if (!endpoints.isEmpty()) {
          spec.error(
              "endpoints",
              "with resolution NONE proxies dial what their clients dial: use STATIC or DNS, or take"
                  + " the endpoints away");
        }
      }
      case STATIC -> {}
      case DNS, DNS_ROUND_ROBIN -> {
        String wild = hosts.stream().filter(h -> h.startsWith("*")).findFirst().orElse("");
        if (endpoints.isEmpty() && selector.isEmpty() && !wild.isEmpty()) {
          spec.error(
              "hosts",
              "'"
                  + wild
                  + "' is nothing that DNS could resolve: name endpoints, or use resolution NONE");
        }
        if (resolution == Resolution.DNS_ROUND_ROBIN && endpoints.size() > 1) {
          spec.error(
              "endpoints", "DNS_ROUND_ROBIN resolves one name: use DNS for several endpoints");
        }
      }
    }
  }

  private static List<String> addresses(TreeReader spec, Resolution resolution) {
    List<String> addresses = new ArrayList<>();
    for (String written : spec.strings("addresses")) {
      @Nullable Cidr range = Cidr.parse(written).orElse(null);
      if (!Cidr.isAddress(written) && range == null) {
        spec.error(
            "addresses", "'" + written + "' is no IP address and no range such as 10.1.0.0/16");
      } else if (range == null || range.prefix() == range.bits()) {
        addresses.add(range == null ? written : written.substring(0, written.indexOf('/')));
      } else {
        addresses.add(written);
        if (resolution != Resolution.NONE && resolution != Resolution.STATIC) {
          spec.error(
              "addresses", "a range such as " + written + " needs resolution NONE or STATIC");
        }
      }
    }
    return addresses;
  }

  /** Whether requests, or the first bytes of TLS, say which host they are for. */
  private static boolean named(AppProtocol protocol) {
    return switch (protocol) {
      case HTTP, HTTP2, GRPC, GRPC_WEB, HTTPS, TLS -> true;
      case TCP, MONGO, MYSQL, REDIS, UDP, HBONE, AUTO -> false;
    };
  }
}
