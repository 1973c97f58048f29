package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Mirror;
import dev.weft.lab.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of a cluster (Kubernetes: DNS-Based Service Discovery 1.1.0), without a trailing dot
 * and in any case. Thread-safe.
 */
public final class ClusterNames {
  private static final String DOMAIN = ".cluster.local";
  private static final Pattern DASHED = Pattern.compile("\\d{1,3}(-\\d{1,3}){3}");

  private final Mirror services;
  private final Mirror slices;

  public ClusterNames(Mirror services, Mirror slices) {
    this.services = services;
    this.slices = slices;
  }

  /** Whether the cluster alone answers for the name. */
  public static boolean owns(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(DOMAIN);
  }

  /** IPv4 addresses of a name; none where it exists without any, empty where it does not exist. */
  public Optional<List<String>> addresses(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(DOMAIN)) {
      return Optional.empty();
    }
    String[] labels = lower.substring(0, lower.length() - DOMAIN.length()).split("\\.", -1);
    int n = labels.length;
    String kind = labels[n - 1];
    if (kind.equals("pod") && n == 3 && DASHED.matcher(labels[0]).matches()) {
      return Optional.of(List.of(labels[0].replace('-', '.')));
    }
    if (!kind.equals("svc") || n < 3 || n > 4) {
      return Optional.empty();
    }
    Optional<ObjectNode> service = services.get(new ObjectKey(labels[n - 2], labels[n - 3]));
    if (service.isEmpty()) {
      return Optional.empty();
    }
    return n == 3 ? service(service.get()) : endpoint(service.get(), labels[0]);
  }

  private Optional<List<String>> service(ObjectNode service) {
    if (alias(service)) {
      String other = service.path("spec").path("externalName").asText("");
      // one step only: two names that point at each other have no addresses
      return services.get(key(other)).filter(s -> !alias(s)).flatMap(this::service);
    }
    String address = service.path("spec").path("clusterIP").asText("");
    if (!address.isEmpty() && !address.equals("None")) {
      return Optional.of(List.of(address));
    }
    List<String> result = new ArrayList<>();
    for (JsonNode endpoint : endpoints(service)) {
      if (endpoint.path("conditions").path("ready").asBoolean(true)) {
        endpoint.path("addresses").forEach(a -> result.add(a.asText()));
      }
    }
    return Optional.of(result.stream().distinct().toList());
  }

  private static boolean alias(ObjectNode service) {
    return service.path("spec").path("type").asText().equals("ExternalName");
  }

  private static ObjectKey key(String name) {
    String[] labels = name.split("\\.", 3);
    return labels.length < 2 ? new ObjectKey("", name) : new ObjectKey(labels[1], labels[0]);
  }

  private Optional<List<String>> endpoint(ObjectNode service, String host) {
    List<String> result = new ArrayList<>();
    for (JsonNode endpoint : endpoints(service)) {
      for (JsonNode address : endpoint.path("addresses")) {
        boolean named = endpoint.path("hostname").asText("").equals(host);
        if (named || address.asText().replace('.', '-').equals(host)) {
          result.add(address.asText());
        }
      }
    }
    return result.isEmpty() ? Optional.empty() : Optional.of(result.stream().distinct().toList());
  }

  private List<JsonNode> endpoints(ObjectNode service) {
    List<JsonNode> result = new ArrayList<>();
    for (ObjectNode slice : slices.all()) {
      if (ServiceTable.belongs(slice, service)) {
        slice.path("endpoints").forEach(result::add);
      }
    }
    return result;
  }
}
