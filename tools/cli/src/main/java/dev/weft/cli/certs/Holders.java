package dev.weft.cli.certs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.ca.CaEntries;
import dev.weft.ca.Pem;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who in a cluster holds certificates, and who does not hold the new ones yet. */
final class Holders {
  private static final String BUNDLE = "istio-ca-root-cert";

  private final KubernetesClient client;

  Holders(KubernetesClient client) {
    this.client = client;
  }

  /** Who does not trust these roots yet: namespaces by their bundle, pods by their proxy. */
  List<String> withoutTrust(List<X509Certificate> roots) {
    List<String> late = new ArrayList<>();
    List<ConfigMap> bundles =
        client.configMaps().inAnyNamespace().withField("metadata.name", BUNDLE).list().getItems();
    if (bundles.isEmpty()) {
      late.add("a control plane (no namespace has the ConfigMap " + BUNDLE + ")");
    }
    for (ConfigMap bundle : bundles) {
      if (!trusts(bundle, roots)) {
        late.add("namespace " + bundle.getMetadata().getNamespace());
      }
    }
    Set<String> wanted = serials(roots);
    for (Pod pod : proxies()) {
      if (!held(pod, "ca_cert").containsAll(wanted)) {
        late.add(name(pod));
      }
    }
    return late;
  }

  /** Whose certificate another CA than this one has signed. */
  List<String> notSignedBy(X509Certificate ca) {
    Set<String> wanted = serials(List.of(ca));
    return proxies().stream()
        .filter(pod -> !held(pod, "cert_chain").containsAll(wanted))
        .map(Holders::name)
        .toList();
  }

  private static boolean trusts(ConfigMap bundle, List<X509Certificate> roots) {
    String pem = bundle.getData() == null ? "" : bundle.getData().getOrDefault(CaEntries.ROOT, "");
    return !pem.isBlank() && Pem.certificates("ConfigMap " + BUNDLE, pem).containsAll(roots);
  }

  private List<Pod> proxies() {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(ProxyAdmin::hasProxy)
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Serial numbers, in hexadecimal digits; none where the proxy does not answer. */
  private Set<String> held(Pod pod, String part) {
    Set<String> serials = new HashSet<>();
    try {
      for (JsonNode own : new ProxyAdmin(client).json(pod, "certs").path("certificates")) {
        own.path(part).forEach(c -> serials.add(c.path("serial_number").asText()));
      }
    } catch (CommandFailure e) {
      // Asked again with the next look; until then it counts as late.
      return Set.of();
    }
    return serials;
  }

  private static Set<String> serials(List<X509Certificate> certificates) {
    Set<String> serials = new HashSet<>();
    certificates.forEach(c -> serials.add(c.getSerialNumber().toString(16)));
    return serials;
  }

  private static String name(Pod pod) {
    return "pod " + pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}
