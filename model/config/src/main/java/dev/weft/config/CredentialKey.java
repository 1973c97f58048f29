package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.Comparator;

/**
 * A Secret by which gateways show who they are, or know who their clients are: the {@code
 * credentialName} of a Gateway, in the namespace and cluster of the gateway's pods.
 */
public record CredentialKey(ClusterId cluster, String namespace, String name)
    implements Comparable<CredentialKey> {
  private static final Comparator<CredentialKey> ORDER =
      Comparator.comparing(CredentialKey::cluster)
          .thenComparing(CredentialKey::namespace)
          .thenComparing(CredentialKey::name);

  private static final String ROOTS = "-cacert";

  /**
   * The name under which the roots of client certificates go. Istio:
   * pilot/pkg/model/credentials/resource.go.
   */
  public static String roots(String credentialName) {
    return credentialName.endsWith(ROOTS) ? credentialName : credentialName + ROOTS;
  }

  /** Whether the roots are meant, which may be in a Secret of their own or beside the key. */
  public boolean ofRoots() {
    return name.endsWith(ROOTS);
  }

  /** The credential itself, where the roots are beside it. */
  public CredentialKey whole() {
    return ofRoots()
        ? new CredentialKey(cluster, namespace, name.substring(0, name.length() - ROOTS.length()))
        : this;
  }

  @Override
  public int compareTo(CredentialKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "Secret %s/%s of cluster %s".formatted(namespace, name, cluster);
  }
}
