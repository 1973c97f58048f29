package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All destination rules, merged by namespace and host. */
public record DestinationRules(
    String rootNamespace, Map<String, List<MergedDestinationRule>> byNamespace) {
  public DestinationRules {
    byNamespace = Copies.map(byNamespace);
  }

  public static DestinationRules none(String rootNamespace) {
    return new DestinationRules(rootNamespace, Map.of());
  }

  /**
   * The rule that a client sees for a service: of the client's namespace, else the service's, else
   * the root namespace; the first that has one wins entirely, within it the most specific host.
   * Istio: pilot/pkg/model/push_context.go destinationRule.
   */
  public Optional<MergedDestinationRule> find(
      String clientNamespace,
      Map<String, String> clientLabels,
      ServiceId service,
      String hostname) {
    // Gateways live in the root namespace; rules there must not shadow those of the services,
    // unless
    // they are meant for that namespace alone.
    boolean clientIsRoot = clientNamespace.equals(rootNamespace);
    Optional<MergedDestinationRule> own =
        in(clientNamespace, clientNamespace, clientLabels, hostname)
            .filter(r -> !clientIsRoot || r.exportTo().equals(List.of(".")));
    if (own.isPresent()) {
      return own;
    }
    Optional<MergedDestinationRule> byService =
        in(service.namespace(), clientNamespace, clientLabels, hostname);
    return byService.isPresent()
        ? byService
        : in(rootNamespace, clientNamespace, clientLabels, hostname);
  }

  private Optional<MergedDestinationRule> in(
      String namespace, String clientNamespace, Map<String, String> clientLabels, String hostname) {
    // The list is ordered: exact hosts, then longer patterns, then rules with a selector first.
    return byNamespace.getOrDefault(namespace, List.of()).stream()
        .filter(r -> matches(r.host(), hostname))
        .filter(r -> Visibility.visible(r.exportTo(), namespace, clientNamespace))
        .filter(r -> clientLabels.entrySet().containsAll(r.workloadSelector().entrySet()))
        .findFirst();
  }

  static boolean matches(String pattern, String hostname) {
    return pattern.startsWith("*")
        ? hostname.endsWith(pattern.substring(1)) && hostname.length() >= pattern.length()
        : pattern.equals(hostname);
  }
}
