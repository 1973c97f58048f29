package dev.weft.config;

import dev.weft.types.Cidr;
import dev.weft.types.Locality;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A workload as it is written, and the kinds that consist of one. Rules: Istio,
 * pkg/config/validation/validation.go.
 */
final class WorkloadSpecParser {
  private static final String UNIX = "unix://";
  private static final String NO_REGISTRATION =
      "no workload registers itself with this mesh: write a WorkloadEntry for each of them";

  private WorkloadSpecParser() {}

  static WorkloadEntry entry(ObjectMeta meta, TreeReader spec) {
    WorkloadSpec written = workload(spec);
    Map<String, String> labels = new LinkedHashMap<>(written.labels());
    labels.putAll(meta.labels());
    return new WorkloadEntry(
        meta,
        new WorkloadSpec(
            written.address(),
            written.ports(),
            labels,
            written.network(),
            written.locality(),
            written.weight(),
            written.serviceAccount()));
  }

  static WorkloadGroup group(ObjectMeta meta, TreeReader spec) {
    spec.required("template");
    if (!spec.has("template")) {
      spec.error("template", "a template is needed");
    }
    Object unused = spec.object("template", WorkloadSpecParser::parts);
    unused =
        spec.object(
            "metadata",
            m -> {
              Object names = NameChecks.labels(m, "labels");
              names = m.stringMap("annotations");
              return names;
            });
    for (String part : new String[] {"template", "metadata"}) {
      if (spec.has(part)) {
        spec.warning("unsupported-field", part, NO_REGISTRATION);
      }
    }
    spec.unsupported("probe", "nothing checks the health of workloads that are no pods");
    return new WorkloadGroup(meta);
  }

  /** One with an address, or a network that knows it. */
  static WorkloadSpec workload(TreeReader r) {
    WorkloadSpec spec = parts(r);
    String address = spec.address();
    if (address.isEmpty() && !spec.network().isNamed()) {
      r.error("address", "an address is needed, or a network whose gateways know the workload");
    } else if (address.startsWith(UNIX)) {
      r.error("address", "proxies dial no Unix sockets: let the workload listen on an IP address");
    } else if (!address.isEmpty() && !Cidr.isAddress(address)) {
      NameChecks.fqdn(r, "address", address);
    }
    return spec;
  }

  private static WorkloadSpec parts(TreeReader r) {
    Map<String, Integer> ports = r.integerMap("ports");
    ports.forEach(
        (name, port) -> {
          NameChecks.portName(r, "ports." + name, name);
          if (port < 1 || port > 65535) {
            r.error("ports." + name, "a port from 1 to 65535 is needed, not " + port);
          }
        });
    String network = r.string("network");
    if (!network.isEmpty() && !Names.isLabel(network)) {
      r.error("network", "'" + network + "' is no name of a network: lower case, digits and '-'");
    }
    Integer weight = r.optionalInteger("weight", 0, Integer.MAX_VALUE);
    return new WorkloadSpec(
        r.string("address"),
        ports,
        NameChecks.labels(r, "labels"),
        new NetworkId(network),
        locality(r),
        weight == null ? 1 : Math.max(1, weight),
        r.string("serviceAccount"));
  }

  private static Locality locality(TreeReader r) {
    String written = r.string("locality");
    if (written.indexOf('*') >= 0 || written.split("/", -1).length > 3) {
      r.error(
          "locality",
          "'" + written + "' is no place: write region, region/zone or region/zone/subzone");
    }
    return Locality.parse(written);
  }
}
