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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Who in a cluster holds certificates, and who does not hold the new ones yet. */
record Holders(String context, KubernetesClient client) implements AutoCloseable {
  static final String BUNDLE = "istio-ca-root-cert";

  /** What a proxy shows under {@code /certs}: serial numbers, in hexadecimal digits. */
  private record Held(Set<String> roots, Set<String> chain) {}

  /**
   * Who does not trust these roots yet: namespaces by their bundle, API servers by the webhooks
   * that they call, pods by their proxy.
   *
   * @param before the roots of the mesh until now: webhooks that trust none of them are not the
   *     mesh's
   */
  List<String> withoutTrust(
      Collection<X509Certificate> wanted, Collection<X509Certificate> before) {
    List<String> late = new ArrayList<>();
    bundles().stream()
        .filter(bundle -> !trusts(bundle, wanted))
        .forEach(bundle -> late.add("namespace " + bundle.getMetadata().getNamespace()));
    late.addAll(CalledWebhooks.withoutTrust(client, wanted, before));
    Set<String> serials = serials(wanted);
    late.addAll(pods(held -> held.roots().containsAll(serials), false));
    return late;
  }

  /** What control planes say here of the mesh's roots, for each namespace. */
  List<ConfigMap> bundles() {
    return client
        .configMaps()
        .inAnyNamespace()
        .withField("metadata.name", BUNDLE)
        .list()
        .getItems();
  }

  /** Whose certificate none of these has signed; they are told to renew it. */
  List<String> notSignedBy(Collection<X509Certificate> authorities) {
    Set<String> wanted = serials(authorities);
    return pods(held -> held.chain().stream().anyMatch(wanted::contains), true);
  }

  /** Who still trusts one of these roots. */
  List<String> stillTrusting(Collection<X509Certificate> roots) {
    Set<String> old = serials(roots);
    return pods(held -> held.roots().stream().noneMatch(old::contains), false);
  }

  private static boolean trusts(ConfigMap bundle, Collection<X509Certificate> roots) {
    String pem = bundle.getData() == null ? "" : bundle.getData().getOrDefault(CaEntries.ROOT, "");
    return !pem.isBlank() && Pem.certificates("ConfigMap " + BUNDLE, pem).containsAll(roots);
  }

  /**
   * The pods whose proxy does not have what is wanted, or does not answer; asked again with the
   * next look.
   */
  private List<String> pods(Predicate<Held> has, boolean renew) {
    ProxyAdmin admin = new ProxyAdmin(client);
    List<String> late = new ArrayList<>();
    for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
      if (!ProxyAdmin.hasProxy(pod)
          || !"Running".equals(pod.getStatus().getPhase())
          || pod.getMetadata().getDeletionTimestamp() != null) {
        continue;
      }
      String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
      try {
        if (!has.test(held(admin, pod))) {
          late.add("pod " + name);
          if (renew) {
            admin.post(pod, "renew_certificate");
          }
        }
      } catch (CommandFailure e) {
        // One that does not answer, or a proxy that cannot be told and renews in its own time.
        if (!late.contains("pod " + name)) {
          late.add("pod " + name);
        }
      }
    }
    return late;
  }

  private static Held held(ProxyAdmin admin, Pod pod) {
    Held held = new Held(new HashSet<>(), new HashSet<>());
    for (JsonNode own : admin.json(pod, "certs").path("certificates")) {
      own.path("ca_cert").forEach(c -> held.roots().add(c.path("serial_number").asText()));
      own.path("cert_chain").forEach(c -> held.chain().add(c.path("serial_number").asText()));
    }
    if (held.roots().isEmpty()) {
      throw CommandFailure.failed("the proxy has no certificate yet");
    }
    return held;
  }

  private static Set<String> serials(Collection<X509Certificate> certificates) {
    Set<String> serials = new HashSet<>();
    certificates.forEach(c -> serials.add(c.getSerialNumber().toString(16)));
    return serials;
  }

  @Override
  public void close() {
    client.close();
  }
}
