package dev.weft.proxy.xds;

import dev.weft.demand.Demands;
import dev.weft.xds.ClusterName;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who asks for names.
 *
 * @param demands what traffic asks for
 * @param dns whether there is a DNS proxy
 * @param domain DNS domain of the proxy's namespace, as in {@code default.svc.cluster.local}
 */
public record Asker(Demands demands, boolean dns, String domain) {
  private static final int MOST_PORT_DIGITS = 5;

  /**
   * The clusters that requests are probably routed to whose virtual hosts are on their way: those
   * of the services that the hosts name. Asking for both at once saves a round trip; where a route
   * leads elsewhere, nothing needs the cluster any more when the virtual host is there.
   */
  Set<String> likelyClusters() {
    return demands.unanswered(XdsType.VIRTUAL_HOST).stream()
        .flatMap(name -> VirtualHostName.parse(name).stream())
        .flatMap(host -> likelyCluster(host).stream())
        .collect(Collectors.toSet());
  }

  private Optional<String> likelyCluster(VirtualHostName host) {
    String port = host.table();
    if (port.length() > MOST_PORT_DIGITS || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return ClusterName.parse("outbound|" + port + "||" + qualified(host.domain()))
        .map(ClusterName::format);
  }

  /** The host of the service that a pod means by a name, as its resolver would complete it. */
  private String qualified(String name) {
    int dot = domain.indexOf('.');
    String services = dot < 0 ? "" : domain.substring(dot);
    String cluster = services.startsWith(".svc.") ? services.substring(".svc".length()) : "";
    if (cluster.isEmpty()) {
      return name;
    }
    if (name.indexOf('.') < 0) {
      return name + "." + domain;
    }
    if (name.endsWith(".svc")) {
      return name + cluster;
    }
    // With more labels it is qualified already, or of another domain.
    return name.indexOf('.') == name.lastIndexOf('.') ? name + services : name;
  }
}
